import fc from 'fast-check';
import { startTestApp, type Client, type TestApp } from './support/app.js';
import { aCase, type CaseUnderTest } from './support/builders.js';
import { breaking } from './support/glass.js';

const MINUTE = 60_000;
const users = ['investigator', 'investigator-2'] as const;
const approvers = ['supervisor', 'agency-head', ...users] as const;
const reviewers = ['auditor', 'agency-head', ...users] as const;

type Step =
  | { do: 'break'; by: number; at: number }
  | { do: 'approve'; by: number; which: number }
  | { do: 'end'; by: number; which: number }
  | { do: 'review'; by: number; which: number }
  | { do: 'conflict'; of: number; in: number }
  | { do: 'wait'; minutes: number };

const which = fc.nat(3);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('break'), by: fc.nat(1), at: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('approve'), by: fc.nat(3), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end'), by: fc.nat(1), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('review'), by: fc.nat(3), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('conflict'), of: fc.nat(3), in: fc.nat(1) }) },
  // No sum of these is a quarter of an hour, four hours or 72: the clock runs on while the test works.
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('wait'), minutes: fc.constantFrom(7, 9, 100, 1800, 4400) }),
  },
);

/** What a broken glass must be, computed from the deeds alone. */
interface Expected {
  id: string;
  version: number;
  by: string;
  at: number;
  brokenAt: number;
  opened: boolean;
  approvedBy?: string;
  ended?: boolean;
  reviewed?: boolean;
}

const isOpen = ({ brokenAt, approvedBy, ended }: Expected, now: number): boolean =>
  !ended && now < brokenAt + (approvedBy ? 240 : 15) * MINUTE;

describe('any sequence of deeds on the glass of cases', () => {
  let t: TestApp;
  const clients = new Map<string, Client>();
  beforeAll(async () => {
    t = await startTestApp();
    for (const name of new Set([...users, ...approvers, ...reviewers])) clients.set(name, await t.as(name));
  });
  afterAll(() => t.stop());

  /** The sessions go with the clock, each proven a moment ago. */
  const keepSessions = () =>
    t.sql(
      `UPDATE app.session SET stepped_up_at = $1, last_seen_at = $1, stepped_up_with = 'WEBAUTHN', expires_at = $2
       WHERE revoked_at IS NULL`,
      [t.clock.now(), new Date(t.clock.now().getTime() + 60 * MINUTE)],
    );

  const statusOf = async (by: string, glass: Expected, deed: string, body: object): Promise<number> => {
    const response = await clients
      .get(by)!
      .post(`/break-glass/${glass.id}/${deed}`, body, { 'if-match': `"${glass.version}"` });
    if (response.status === 200) glass.version = response.body.version;
    return response.status;
  };

  class Run {
    readonly glasses: Expected[] = [];
    /** Who keeps away from which of the cases. */
    readonly away = new Set<string>();
    constructor(readonly cases: readonly CaseUnderTest[]) {}

    private readonly keepsAway = (who: string, at: number): boolean => this.away.has(`${who} ${at}`);

    /** Whether the glass exists to them. */
    private seenBy(who: string, glass: Expected): boolean {
      if (who === glass.by) return true;
      return !(users as readonly string[]).includes(who) && !this.keepsAway(who, glass.at);
    }

    async take(taken: Step): Promise<void> {
      const now = t.clock.now().getTime();
      if (taken.do === 'wait') {
        t.clock.advance({ minutes: taken.minutes });
        await keepSessions();
      } else if (taken.do === 'break') await this.break(users[taken.by]!, taken.at, now);
      else if (taken.do === 'conflict') await this.recuse(approvers[taken.of]!, taken.in);
      else {
        const glass = this.glasses.at(taken.which % Math.max(1, this.glasses.length));
        if (glass) await this[taken.do](taken.by, glass, now);
      }
    }

    private async break(by: string, at: number, now: number): Promise<void> {
      const own = this.glasses.filter((glass) => glass.by === by);
      const overdue = own.some(({ reviewed, brokenAt }) => !reviewed && now > brokenAt + 72 * 60 * MINUTE);
      const again = own.some((glass) => glass.at === at && isOpen(glass, now));
      const { status, body } = await clients
        .get(by)!
        .post('/break-glass', breaking(this.cases[at]!.reference));
      expect([overdue, again, status]).toEqual([overdue, again, overdue || again ? 409 : 201]);
      if (status !== 201) return;
      const opened = !this.keepsAway(by, at);
      this.glasses.push({ id: body.id, version: body.version, by, at, brokenAt: now, opened });
    }

    async approve(n: number, glass: Expected, now: number): Promise<void> {
      const by = approvers[n]!;
      const may = by === 'supervisor' || by === 'agency-head';
      const expected = !this.seenBy(by, glass)
        ? 404
        : !may
          ? 403
          : glass.opened && isOpen(glass, now) && !glass.approvedBy
            ? 200
            : 409;
      expect(await statusOf(by, glass, 'approve', { reason: 'as the case is' })).toBe(expected);
      if (expected === 200) glass.approvedBy = by;
    }

    async end(n: number, glass: Expected, now: number): Promise<void> {
      const by = users[n]!;
      const expected = by !== glass.by ? 404 : isOpen(glass, now) ? 200 : 409;
      expect(await statusOf(by, glass, 'end', {})).toBe(expected);
      if (expected === 200) glass.ended = true;
    }

    async review(n: number, glass: Expected, now: number): Promise<void> {
      const by = reviewers[n]!;
      const may = (by === 'auditor' || by === 'agency-head') && glass.approvedBy !== by;
      const expected = !this.seenBy(by, glass)
        ? 404
        : !may
          ? 403
          : !glass.reviewed && !isOpen(glass, now)
            ? 200
            : 409;
      const verdict = { verdict: 'JUSTIFIED', reason: 'as the case is' };
      expect(await statusOf(by, glass, 'review', verdict)).toBe(expected);
      if (expected === 200) glass.reviewed = true;
    }

    private async recuse(who: string, at: number): Promise<void> {
      if (who === 'supervisor' || this.keepsAway(who, at)) return;
      const order = { userId: t.ids.users[who], ground: 'INTEREST', reason: 'an old quarrel' };
      await clients.get('supervisor')!.post(`/cases/${this.cases[at]!.id}/recusals`, order).expect(201);
      this.away.add(`${who} ${at}`);
    }

    /** Nobody reads outside of the window, and nobody who keeps away reads at all. */
    async check(): Promise<void> {
      const now = t.clock.now().getTime();
      for (const by of users) {
        for (const [at, { id }] of this.cases.entries()) {
          const open = this.glasses.some(
            (glass) => glass.by === by && glass.at === at && glass.opened && isOpen(glass, now),
          );
          const { status } = await clients.get(by)!.get(`/cases/${id}`);
          expect([by, at, status]).toEqual([by, at, open && !this.keepsAway(by, at) ? 200 : 404]);
        }
      }
    }

    /** Leaves nothing behind that would block the next run. */
    async tidy(): Promise<void> {
      t.clock.advance({ minutes: 241 });
      await keepSessions();
      for (const glass of this.glasses.filter(({ reviewed }) => !reviewed)) {
        await statusOf('auditor', glass, 'review', { verdict: 'JUSTIFIED', reason: 'tidied up' });
      }
    }
  }

  it('lets nobody read outside of a window or in conflict, nobody review their own, and blocks the unreviewed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        // The limits count in real time, and all sign-ins come from one address.
        await t.sql('DELETE FROM app.rate_limit');
        await keepSessions();
        const run = new Run([await aCase(t), await aCase(t)]);
        try {
          for (const taken of steps) {
            await run.take(taken);
            await run.check();
          }
        } finally {
          await run.tidy();
        }
      }),
      { numRuns: 25, endOnFailure: true },
    );
  }, 300_000);
});
