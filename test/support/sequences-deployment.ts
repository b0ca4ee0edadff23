import fc from 'fast-check';
import { deploymentDeeds, type DeploymentDeed } from '../../src/access/shapes.js';
import type { TestApp } from './app.js';
import { aDraft, aSmallRequest } from './deployments.js';
import { deploymentBodies, sampleOf } from './matrix-routes.js';
import { judge, type Verdict } from './oracle.js';
import { cast, type Company, type Part } from './sequences-cast.js';

/** Somebody does something to a request for police; `along`: what comes next, by whoever's step it is. */
export type RequestStep = { by: Part; deed: DeploymentDeed } | { along: number };

const ways: Readonly<Record<string, readonly (readonly [DeploymentDeed, Part])[]>> = {
  DRAFT: [
    ['submit', 'requester'],
    ['submit', 'requester'],
    ['withdraw', 'requester'],
  ],
  RETURNED: [['submit', 'requester']],
  SUBMITTED: [
    ['approve', 'approver'],
    ['refuse', 'approver-of-s2'],
    ['return', 'approver'],
    ['request-opinion', 'approver'],
    ['assess', 'legal'],
    ['declare-conflict', 'approver-of-s2'],
  ],
  REFUSED: [['request-review', 'requester']],
  APPROVED: [
    ['dispatch', 'approver'],
    ['complete', 'requester'],
    ['sign-off', 'approver'],
  ],
};

const busy: readonly Part[] = ['requester', 'approver', 'approver-of-s2', 'legal', 'head', 'officer'];

export const requestStep: fc.Arbitrary<RequestStep> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ along: fc.nat(11) }) },
  {
    weight: 2,
    arbitrary: fc.record({ by: fc.constantFrom(...busy), deed: fc.constantFrom(...deploymentDeeds) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ by: fc.constantFrom(...cast), deed: fc.constantFrom(...deploymentDeeds) }),
  },
);

interface Truth {
  version: number;
  status: string;
  deeds: number;
  seq: number;
}

/** A request for police in the hands of a company. */
export class RequestRun {
  private id = '';
  private truth: Truth = { version: 1, status: 'DRAFT', deeds: 0, seq: 0 };
  private readonly aside = new Set<Part>();
  accepted = 0;
  refused = 0;

  constructor(
    private readonly t: TestApp,
    private readonly company: Company,
    /** Behind the application. */
    private readonly sql: TestApp['sql'],
  ) {}

  async begin(): Promise<void> {
    const request = { ...aSmallRequest(this.t), organId: this.t.ids.organs.county };
    this.id = (await aDraft(this.company.players.requester.client, request)).id;
    this.truth = await this.look();
  }

  private judge(part: Part, action: string): Verdict {
    const { role } = this.company.players[part];
    const ties = this.aside.has(part) ? (['STEPPED_ASIDE'] as const) : [];
    const thing = { resource: 'Deployment', state: this.truth.status, mine: part === 'requester' };
    return judge({ role, reach: 'HERE', ties }, action, thing);
  }

  async take(step: RequestStep): Promise<void> {
    if ('deed' in step) return this.do(step.by, step.deed);
    const next = ways[this.truth.status] ?? [];
    const way = next[step.along % Math.max(1, next.length)];
    if (way) await this.do(way[1], way[0]);
  }

  private async do(by: Part, deed: DeploymentDeed): Promise<void> {
    const verdict = this.judge(by, deed);
    const path = `/deployments/{id}/${deed}`;
    const body = { ...sampleOf('post', path), ...deploymentBodies[deed] };
    const headers = { 'if-match': `"${this.truth.version}"` };
    const { client } = this.company.players[by];
    const { status, body: answer } = await client.post(path.replace('{id}', this.id), body, headers);
    // Past the policy there are the rules of the procedure: the state, whose power reaches so far, two persons.
    const fits = { HIDDEN: [404], 'MAY NOT': [403], MAY: [200, 400, 403, 409, 422] }[verdict];
    const what = { by, deed, ...this.truth, verdict, status, detail: status === 200 ? '' : answer.detail };
    expect({ ...what, fits: fits.includes(status) }).toEqual({ ...what, fits: true });
    const before = this.truth;
    this.truth = await this.look();
    if (status === 200) {
      this.accepted++;
      if (deed === 'declare-conflict') this.aside.add(by);
      expect([answer.version, this.truth.deeds, this.truth.seq > before.seq]).toEqual([
        this.truth.version,
        before.deeds + 1,
        true,
      ]);
      expect(this.truth.version).toBe(before.version + 1);
    } else {
      this.refused++;
      const { version, status: was, deeds } = before;
      expect(this.truth).toMatchObject({ version, status: was, deeds });
    }
  }

  private async look(): Promise<Truth> {
    const [row] = await this.sql<Truth>(
      `SELECT version, status,
         (SELECT count(*)::int FROM app.deployment_deed e WHERE e.deployment_id = d.id) AS deeds,
         (SELECT max(seq)::int FROM audit.entry e WHERE e.stream = d.id) AS seq
       FROM app.deployment d WHERE id = $1`,
      [this.id],
    );
    return row!;
  }

  /** Somebody reads it, or is told that there is none. */
  async glance(part: Part): Promise<void> {
    const { status } = await this.company.players[part].client.get(`/deployments/${this.id}`);
    const expected = this.judge(part, 'read') === 'MAY' ? 200 : 404;
    expect([part, this.truth.status, status]).toEqual([part, this.truth.status, expected]);
  }

  /** Nobody who asked or stepped aside has decided, and one deed leads on from where the other ended. */
  async end(): Promise<void> {
    const done = await this.sql<{ deed: string; from: string; to: string; by: string; at: Date }>(
      `SELECT deed, from_status AS from, to_status AS to, done_by AS by FROM app.deployment_deed
       WHERE deployment_id = $1 ORDER BY id`,
      [this.id],
    );
    let state = 'DRAFT';
    const aside = new Set<string>([this.company.players.requester.id]);
    for (const { deed, from, to, by } of done) {
      expect([deed, from]).toEqual([deed, state]);
      state = to;
      if (['approve', 'stand-by', 'refuse', 'return', 'assess'].includes(deed))
        expect([deed, aside.has(by)]).toEqual([deed, false]);
      if (deed === 'declare-conflict') aside.add(by);
    }
    expect(state).toBe(this.truth.status);
  }
}
