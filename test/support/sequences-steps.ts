import fc from 'fast-check';
import type { CaseDeed } from '../../src/access/shapes.js';
import { cast, type Part } from './sequences-cast.js';

/** One step of somebody. `along`: the deed that comes next, by whoever's it is; else any deed, by anybody. */
export type Step =
  | { do: 'along'; pick: number }
  | { do: 'deed'; by: Part; deed: CaseDeed }
  | { do: 'assign' | 'withdraw' | 'witness' | 'recuse' | 'lift'; by: Part; whom: Part }
  | { do: 'finding'; by: Part; stage: 'RECOMMENDED' | 'FINAL' }
  | { do: 'break'; by: Part }
  | { do: 'end'; by: Part }
  | { do: 'move'; to: 'station' | 'station2' };

const anybody = fc.constantFrom(...cast);
const leaders = fc.constantFrom<Part>('supervisor', 'supervisor-of-s2', 'head', 'head-in-command');
const investigators = fc.constantFrom<Part>('investigator', 'investigator-2', 'investigator-of-s1');
const some = fc.oneof({ weight: 3, arbitrary: leaders }, { weight: 1, arbitrary: anybody });

/** What leads on from each state, and whose step it is. */
export const ways: Readonly<
  Record<string, readonly (readonly [CaseDeed | 'assign' | 'finding', Part, Part?])[]>
> = {
  REGISTERED: [
    ['accept', 'supervisor'],
    ['accept', 'supervisor-of-s2'],
    ['accept', 'supervisor'],
    ['decline', 'supervisor'],
  ],
  TRIAGED_ACCEPTED: [
    ['assign', 'supervisor', 'investigator'],
    ['assign', 'supervisor', 'investigator-of-s1'],
    ['assign', 'supervisor-of-s2', 'investigator-2'],
    ['start-preliminary', 'supervisor'],
    ['start-preliminary', 'supervisor'],
  ],
  PRELIMINARY: [
    ['file', 'head'],
    ['file', 'head-in-command'],
    ['legal-opinion', 'legal'],
    ['close-without-case', 'supervisor'],
  ],
  FILED: [
    ['start-investigation', 'investigator'],
    ['start-investigation', 'investigator-2'],
  ],
  INVESTIGATING: [
    ['finding', 'investigator'],
    ['report', 'investigator'],
    ['report', 'investigator-2'],
    ['suspend', 'supervisor'],
    ['extend', 'head'],
  ],
  SUSPENDED: [['resume', 'supervisor']],
  REPORTED: [
    ['serve-notice', 'legal'],
    ['serve-notice', 'legal-of-s1'],
    ['return', 'legal'],
  ],
  NOTICE_SERVED: [['record-defence', 'legal']],
  DEFENCE_HEARD: [['legal-review', 'legal']],
  LEGAL_REVIEWED: [['decide', 'decider']],
  NOT_ACCEPTED: [['close', 'supervisor']],
  CLOSED_NO_CASE: [['close', 'supervisor']],
  CLOSED: [['reopen', 'head']],
};

const deeds = [...new Set(Object.values(ways).flatMap((all) => all.map(([deed]) => deed)))].filter(
  (deed): deed is CaseDeed => deed !== 'assign' && deed !== 'finding',
);

export const caseStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant('along'), pick: fc.nat(11) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('deed'), by: anybody, deed: fc.constantFrom(...deeds) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('assign'), by: some, whom: investigators }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw'), by: some, whom: investigators }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('witness'), by: some, whom: anybody }) },
  { weight: 2, arbitrary: anybody.map((by) => ({ do: 'recuse', by, whom: by })) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recuse'), by: some, whom: anybody }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lift'), by: some, whom: anybody }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('finding'),
      by: anybody,
      stage: fc.constantFrom('RECOMMENDED', 'FINAL'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('break'), by: anybody }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end'), by: anybody }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('move'), to: fc.constantFrom('station', 'station2') }),
  },
) as fc.Arbitrary<Step>;
