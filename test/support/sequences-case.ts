import { legalDay } from '../../src/common/clock.js';
import { addMonths } from '../../src/rulebook/periods.js';
import type { CaseDeed } from '../../src/access/shapes.js';
import type { TestApp } from './app.js';
import { aDecision, anAllegation, anIntake, today } from './builders.js';
import { breaking } from './glass.js';
import { sampleOf } from './matrix-routes.js';
import { judge, keepsAway, type Standing, type Thing, type Tie, type Verdict } from './oracle.js';
import { cast, type Company, type Part, type Player } from './sequences-cast.js';
import { ways, type Step } from './sequences-steps.js';

/** The case as the database has it, looked at behind the application. */
interface Truth {
  version: number;
  status: string;
  deeds: number;
  seq: number;
}

const reason = 'as the procedure asks';
const passed = (status: number): boolean => status >= 200 && status < 300;

/** A case in the hands of a company. What it must be is computed from the steps that were accepted, and nothing else. */
export class CaseRun {
  private id = '';
  private reference = '';
  private allegationId = '';
  private readonly subject: string;
  private truth: Truth = { version: 1, status: 'REGISTERED', deeds: 0, seq: 0 };
  private readonly ties = new Map<Part, Set<Tie>>();
  private readonly units = new Set<string>();
  private readonly recusals = new Map<Part, string>();
  private readonly glasses = new Map<Part, { id: string; version: number }>();
  accepted = 0;
  refused = 0;

  constructor(
    private readonly t: TestApp,
    private readonly company: Company,
    /** Behind the application. */
    private readonly sql: TestApp['sql'],
  ) {
    this.subject = company.subjects.pop()!;
  }

  private player = (part: Part): Player => this.company.players[part];

  async begin(): Promise<void> {
    const allegation = anAllegation(this.t, { subjects: [{ officerId: this.subject, role: 'PRINCIPAL' }] });
    const intake = anIntake(this.t, { allegations: [allegation] });
    const { body } = await this.player('intake').client.post('/cases', intake).expect(201);
    this.id = body.id;
    this.reference = body.reference;
    this.allegationId = body.allegations[0].id;
    this.tie('intake', 'REGISTERED');
    this.truth = await this.look();
  }

  private tie(part: Part, tie: Tie): void {
    this.ties.set(part, (this.ties.get(part) ?? new Set()).add(tie));
  }

  /** How somebody stands to the case by now. */
  private standing({ part, role, unit }: Player): Standing {
    const ties = new Set(this.ties.get(part));
    if (this.recusals.has(part)) ties.add('RECUSED');
    if (this.glasses.has(part)) ties.add('GLASS_OPEN');
    if (unit !== null && this.units.has(unit)) ties.add('SAME_UNIT_NOW');
    if (unit === 'county' && this.units.size > 0) ties.add('COMMAND');
    return { role, reach: 'HERE', ties: [...ties] };
  }

  private judge(part: Part, action: string, more: Partial<Thing> = {}): Verdict {
    return judge(this.standing(this.player(part)), action, {
      resource: 'Case',
      state: this.truth.status,
      ...more,
    });
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'along': {
        const next = ways[this.truth.status] ?? [];
        const way = next[step.pick % Math.max(1, next.length)];
        if (!way) return;
        const [deed, by, whom] = way;
        if (deed === 'assign') return this.assign(by, whom!);
        if (deed === 'finding') return this.finding(by, 'RECOMMENDED');
        return this.deed(by, deed);
      }
      case 'deed':
        return this.deed(step.by, step.deed);
      case 'assign':
        return this.assign(step.by, step.whom);
      case 'withdraw':
        return this.withdraw(step.by, step.whom);
      case 'witness':
        return this.witness(step.by, step.whom);
      case 'recuse':
        return this.recuse(step.by, step.whom);
      case 'lift':
        return this.lift(step.by, step.whom);
      case 'finding':
        return this.finding(step.by, step.stage);
      case 'break':
        return this.breakGlass(step.by);
      case 'end':
        return this.endGlass(step.by);
      case 'move':
        return this.move(step.to);
    }
  }

  /** Asks, and expects what the domain says; whether it was done is for the rules of the procedure. */
  private async ask(
    by: Part,
    path: string,
    body: object,
    verdict: Verdict,
    more: { headers?: Record<string, string>; missing?: boolean } = {},
  ): Promise<any> {
    const response = await this.player(by).client.post(path, body, more.headers ?? {});
    const { status } = response;
    const class_ =
      verdict === 'HIDDEN'
        ? [404]
        : verdict === 'MAY NOT'
          ? [403]
          : [200, 201, 403, 409, ...(more.missing ? [404] : [])];
    const detail = passed(status) ? '' : String(response.body.detail);
    const what = {
      by,
      path: path.replace(this.id, 'ID'),
      ...this.standing(this.player(by)),
      verdict,
      status,
      detail,
    };
    expect({ ...what, fits: class_.includes(status) }).toEqual({ ...what, fits: true });
    if (passed(status)) this.accepted++;
    else this.refused++;
    return passed(status) ? response.body : undefined;
  }

  private async deed(by: Part, name: CaseDeed): Promise<void> {
    const verdict = this.judge(by, name);
    const headers = { 'if-match': `"${this.truth.version}"` };
    const path = `/cases/{id}/${name}`;
    const body = { ...sampleOf('post', path), reason, ...bodies[name]?.(this.t, this.company) };
    const before = this.truth;
    const done = await this.ask(by, path.replace('{id}', this.id), body, verdict, { headers });
    const now = await this.compare(done !== undefined);
    if (!done) return;
    // The history holds each deed that was accepted: `decide` is two.
    expect([now.deeds, done.version, done.status]).toEqual([
      before.deeds + (name === 'decide' ? 2 : 1),
      now.version,
      now.status,
    ]);
    expect(now.seq).toBeGreaterThan(before.seq);
  }

  private async assign(by: Part, whom: Part): Promise<void> {
    const { id } = this.player(whom);
    const done = await this.ask(
      by,
      `/cases/${this.id}/investigators`,
      { userId: id },
      this.judge(by, 'assign'),
    );
    if (done) {
      // Nobody is given a case from which they must keep away, nor one in which they have another office.
      expect([whom, keepsAway(this.standing(this.player(whom)))]).toEqual([whom, false]);
      this.tie(whom, 'ASSIGNED');
    }
    await this.compare(done !== undefined);
  }

  private async withdraw(by: Part, whom: Part): Promise<void> {
    const body = { userId: this.player(whom).id, reason };
    const path = `/cases/${this.id}/investigators/withdraw`;
    const done = await this.ask(by, path, body, this.judge(by, 'assign'), { missing: true });
    if (done) this.ties.get(whom)?.delete('ASSIGNED');
    await this.compare(done !== undefined);
  }

  private async finding(by: Part, stage: 'RECOMMENDED' | 'FINAL'): Promise<void> {
    const action = stage === 'FINAL' ? 'record-final-finding' : 'recommend-finding';
    const body = { stage, outcome: 'SUBSTANTIATED', reason };
    await this.ask(by, `/allegations/${this.allegationId}/findings`, body, this.judge(by, action));
    this.truth = await this.look();
  }

  private async witness(by: Part, whom: Part): Promise<void> {
    const body = { officerId: this.player(whom).officerId, reason };
    const done = await this.ask(by, `/cases/${this.id}/witnesses`, body, this.judge(by, 'name-witness'));
    if (done) {
      this.tie(whom, 'WITNESS');
      this.ties.get(whom)!.delete('ASSIGNED');
    }
    this.truth = await this.look();
  }

  private async recuse(by: Part, whom: Part): Promise<void> {
    const verdict = this.judge(by, by === whom ? 'declare-recusal' : 'order-recusal');
    const body = { userId: this.player(whom).id, ground: 'INTEREST', reason };
    const done = await this.ask(by, `/cases/${this.id}/recusals`, body, verdict);
    if (done) {
      this.recusals.set(whom, done.id);
      this.ties.get(whom)?.delete('ASSIGNED');
    }
    this.truth = await this.look();
  }

  private async lift(by: Part, whom: Part): Promise<void> {
    const id = this.recusals.get(whom);
    if (!id) return;
    const done = await this.ask(by, `/recusals/${id}/lift`, { reason }, this.judge(by, 'lift-recusal'), {
      headers: { 'if-match': '"1"' },
    });
    if (done) {
      expect(by).not.toBe(whom);
      this.recusals.delete(whom);
    }
    this.truth = await this.look();
  }

  private async breakGlass(by: Part): Promise<void> {
    const verdict = this.judge(by, 'break', { resource: 'BrokenGlass' });
    const away = keepsAway(this.standing(this.player(by)));
    const done = await this.ask(by, '/break-glass', breaking(this.reference), verdict);
    if (!done || away) return;
    this.glasses.set(by, { id: done.id, version: done.version });
  }

  private async endGlass(by: Part): Promise<void> {
    const glass = this.glasses.get(by);
    if (!glass) return;
    const headers = { 'if-match': `"${glass.version}"` };
    const done = await this.ask(by, `/break-glass/${glass.id}/end`, {}, 'MAY', { headers });
    if (done) this.glasses.delete(by);
  }

  /** The subject is posted to another unit: whoever serves there must keep away from this moment. */
  private async move(to: 'station' | 'station2'): Promise<void> {
    if (this.units.has(to)) return;
    const post = { organId: this.t.ids.organs[to], post: 'Constable', validFrom: today(this.t) };
    await this.player('administrator')
      .client.post(`/officers/${this.subject}/appointments`, post)
      .expect(201);
    this.units.add(to);
    this.accepted++;
    this.truth = await this.look();
  }

  private async look(): Promise<Truth> {
    const [row] = await this.sql<Truth>(
      `SELECT version, status, (SELECT count(*)::int FROM app.case_deed d WHERE d.case_id = c.id) AS deeds,
         (SELECT max(seq)::int FROM audit.entry e WHERE e.stream = c.id) AS seq FROM app."case" c WHERE id = $1`,
      [this.id],
    );
    return row!;
  }

  /** What is accepted is one version more, and in the trail; what is refused leaves the case as it was. */
  private async compare(done: boolean): Promise<Truth> {
    const [before, now] = [this.truth, await this.look()];
    const { version, status, deeds } = before;
    if (done) expect([now.version, now.seq > before.seq]).toEqual([version + 1, true]);
    else expect([now.version, now.status, now.deeds]).toEqual([version, status, deeds]);
    this.truth = now;
    return now;
  }

  /** Somebody reads the case, or is told that there is none. */
  async glance(part: Part): Promise<void> {
    const verdict = this.judge(part, 'read');
    const { status } = await this.player(part).client.get(`/cases/${this.id}`);
    expect([part, this.truth.status, ...this.standing(this.player(part)).ties, status]).toEqual([
      part,
      this.truth.status,
      ...this.standing(this.player(part)).ties,
      verdict === 'MAY' ? 200 : 404,
    ]);
  }

  /** Those who must keep away read nothing of it by any way; the rest of what must hold when all is done. */
  async end(): Promise<void> {
    const away = cast.filter((part) => keepsAway(this.standing(this.player(part))));
    const paths = [`/cases/${this.id}`, `/cases/${this.id}/history`, `/allegations/${this.allegationId}`];
    for (const [n, part] of away.entries()) {
      const { status } = await this.player(part).client.get(paths[n % paths.length]!);
      expect([part, status]).toEqual([part, 404]);
    }
    const listed = await this.player('supervisor-of-s2').client.get(
      `/cases?officerId=${this.subject}&count=true`,
    );
    const seen = this.judge('supervisor-of-s2', 'read') === 'MAY' ? 1 : 0;
    expect([listed.status, listed.body.total, listed.body.items.length]).toEqual([200, seen, seen]);
    await this.checkHistory();
  }

  private async checkHistory(): Promise<void> {
    const done = await this.sql<{ deed: string; from: string; to: string; by: string }>(
      `SELECT deed, from_status AS from, to_status AS to, done_by AS by FROM app.case_deed WHERE case_id = $1 ORDER BY id`,
      [this.id],
    );
    // One deed leads on from where the other ended, up to where the case is.
    let state = 'REGISTERED';
    for (const { from, to } of done) {
      expect(from).toBe(state);
      state = to;
    }
    expect(state).toBe(this.truth.status);
    const events = await this.sql<{ type: string }>(
      `SELECT convert_from(body, 'UTF8')::jsonb->>'type' AS type FROM audit.entry WHERE stream = $1 ORDER BY seq`,
      [this.id],
    );
    const told = events
      .map(({ type }) => type)
      .filter((type) => done.some(({ deed }) => type === `case.${deed}`));
    expect(told).toEqual(done.map(({ deed }) => `case.${deed}`));
    const assigned = await this.sql<{ by: string }>(
      'SELECT user_id AS by FROM app.investigator_assignment WHERE case_id = $1',
      [this.id],
    );
    for (const { id } of Object.values(this.company.players)) {
      const held = new Set(done.filter(({ by }) => by === id).map(({ deed }) => officeOf(deed)));
      if (assigned.some(({ by }) => by === id)) held.add('INVESTIGATION');
      held.delete(undefined);
      // Investigate, approve, review, decide: approval goes with the last two, and nothing else with anything else.
      if (held.has('INVESTIGATION')) expect([...held]).toEqual(['INVESTIGATION']);
      expect(held.has('LEGAL') && held.has('DECISION')).toBe(false);
    }
  }
}

/** In which office a deed is done (assurance 4, "Separation of duties"; lifecycle 4.1, "Hard denials"). */
function officeOf(deed: string): string | undefined {
  if (['start-investigation', 'report'].includes(deed)) return 'INVESTIGATION';
  if (['file', 'extend', 'reopen', 'close-without-case'].includes(deed)) return 'APPROVAL';
  if (['legal-opinion', 'return', 'serve-notice', 'legal-review'].includes(deed)) return 'LEGAL';
  return ['deliberate', 'decide'].includes(deed) ? 'DECISION' : undefined;
}

/** What a deed must say beyond the smallest body of its route. */
const bodies: Readonly<Partial<Record<CaseDeed, (t: TestApp, company: Company) => object>>> = {
  // Later than the limit of six months from the filing, and not later than its double.
  extend: () => ({ until: addMonths(legalDay(new Date()), 9) }),
  report: (_, { players }) => ({ secondSignerId: players['investigator-2'].id }),
  return: () => ({ defects: ['a page is missing'] }),
  'serve-notice': (t) => ({ servedOn: today(t), proof: 'signed receipt' }),
  'record-defence': (t) => ({ heardOn: today(t), declined: false, statement: 'I regret it.' }),
  decide: (t) => aDecision(t, { outcome: 'EXEMPT' }),
  reopen: () => ({ ground: 'NEW_EVIDENCE' }),
};
