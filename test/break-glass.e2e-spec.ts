import { WorkerDatabase } from '../src/database/worker-database.js';
import { reconcile } from '../src/audit/reconcile.js';
import { HistoryService } from '../src/audit/history.service.js';
import { roles } from '../src/access/roles.js';
import { aNewUser } from './support/accounts.js';
import { eventsOf, startTestApp, type Client, type TestApp } from './support/app.js';
import { SecurityKey } from './support/authenticator.js';
import { aCase, aCaseIn, assign, type CaseUnderTest } from './support/builders.js';
import { aBrokenGlass, aReason, asByKey, breaking, onGlass } from './support/glass.js';

const NOWHERE = 'PL-2020-999999';

describe('breaking the glass of a case', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp();
  });
  afterAll(() => t.stop());
  // The limits count in real time, and all of this file comes from one address.
  afterEach(() => t.sql('DELETE FROM app.rate_limit'));
  /** So that no test leaves another a glass that awaits its review. */
  afterEach(async () => {
    const auditor = await asByKey(t, 'auditor');
    const { body } = await auditor.get('/break-glass?awaitingReview=true&limit=200').expect(200);
    if (body.items.some(({ open }: { open: boolean }) => open)) t.clock.advance({ hours: 4, seconds: 1 });
    for (const glass of body.items) {
      const verdict = { verdict: 'JUSTIFIED', reason: 'tidied up after the test' };
      expect((await onGlass(t, 'auditor', glass, 'review', verdict)).status).toBe(200);
    }
  });

  const bodies = async (stream: string): Promise<any[]> =>
    (
      await t.sql<{ body: string }>(
        `SELECT convert_from(body, 'UTF8') AS body FROM audit.entry WHERE stream = $1 ORDER BY seq`,
        [stream],
      )
    ).map(({ body }) => JSON.parse(body));

  const reads = async (username: string, c: CaseUnderTest): Promise<number> =>
    (await (await asByKey(t, username)).get(`/cases/${c.id}`)).status;

  const recuse = async (username: string, c: CaseUnderTest): Promise<string> => {
    const order = { userId: t.ids.users[username], ground: 'INTEREST', reason: 'an old quarrel' };
    return (await (await t.as('supervisor')).post(`/cases/${c.id}/recusals`, order).expect(201)).body.id;
  };

  /** An account with one role in one organ; what it cannot see elsewhere, it reads by breaking the glass. */
  let made = 0;
  async function aMemberOf(organ: keyof TestApp['ids']['organs'], role: string): Promise<string> {
    const username = `member-${++made}`;
    const admin = await t.as('administrator');
    const body = await aNewUser(t, { username, displayName: `Member ${made}` });
    const grant = { role, organId: t.ids.organs[organ], reason: 'for the test' };
    await admin.post(`/users/${body.id}/grants`, grant).expect(201);
    t.ids.users[username] = body.id;
    return username;
  }

  it('is possible for many at the same moment, each of whom is told of the others', async () => {
    const members: string[] = [];
    for (let n = 0; n < 6; n++) members.push(await aMemberOf('station2', 'SUPERVISOR'));
    const clients = await Promise.all(members.map((username) => asByKey(t, username)));
    for (let round = 0; round < 3; round++) {
      const asked = `PL-2020-99999${round}`;
      const answers = await Promise.all(
        clients.map((client) => client.post('/break-glass', breaking(asked))),
      );
      expect(answers.map(({ status }) => status)).toEqual(members.map(() => 201));
    }
  });

  describe('asks for an authenticator', () => {
    it('and says how to register one, to whoever has none', async () => {
      const username = await aMemberOf('station2', 'INVESTIGATOR');
      const client = await t.as(username);
      const { body } = await client.post('/break-glass', breaking(NOWHERE)).expect(403);
      expect(body).toMatchObject({
        type: '/problems/authenticator-required',
        detail: expect.stringContaining('POST /auth/factors/webauthn/options'),
      });

      const key = new SecurityKey();
      const { body: begun } = await client.post('/auth/factors/webauthn/options').expect(200);
      const enrolment = { ticket: begun.ticket, name: 'blue key', attestation: key.create(begun.options) };
      await client.post('/auth/factors/webauthn', enrolment).expect(201);
      // The password of a moment ago is fresh, and does not do.
      const refused = await client.post('/break-glass', breaking(NOWHERE)).expect(403);
      expect(refused.body).toMatchObject({ type: '/problems/step-up-required', methods: ['WEBAUTHN'] });

      const { body: asked } = await client.post('/auth/step-up/options').expect(200);
      const proof = { kind: 'WEBAUTHN', ticket: asked.ticket, assertion: key.get(asked.options) };
      await client.post('/auth/step-up', proof).expect(200);
      await client.post('/break-glass', breaking(NOWHERE)).expect(201);
      t.clock.advance({ minutes: 10, seconds: 1 });
      await client.post('/break-glass', breaking(NOWHERE)).expect(403);
    });
  });

  it.each(roles)('is for those who investigate, lead and review: %s', async (role) => {
    const client = await asByKey(t, role.toLowerCase().replaceAll('_', '-'));
    const { status } = await client.post('/break-glass', breaking(NOWHERE));
    const may = ['INVESTIGATOR', 'SUPERVISOR', 'LEGAL_REVIEWER', 'AGENCY_HEAD'].includes(role);
    expect(status).toBe(may ? 201 : 403);
  });

  it.each([
    ['no reason', { reason: undefined }, '/reason'],
    ['a short reason', { reason: 'x'.repeat(39) }, '/reason'],
    ['blanks that fill a reason up', { reason: `in a hurry${' '.repeat(60)}now` }, '/reason'],
    ['an unknown category', { category: 'CURIOSITY' }, '/category'],
    ['a blank number', { reference: '  ' }, '/reference'],
    ['a number that is none', { reference: 7 }, '/reference'],
    ['an unknown field', { until: 'tomorrow' }, '/until'],
  ])('refuses %s', async (_what, change, pointer) => {
    const client = await asByKey(t, 'investigator');
    const { body } = await client.post('/break-glass', breaking(NOWHERE, change)).expect(400);
    expect(body.errors[0].pointer).toBe(pointer);
  });

  it('refuses whoever may read the case as it is', async () => {
    const c = await aCase(t);
    const { body } = await (
      await asByKey(t, 'supervisor')
    )
      .post('/break-glass', breaking(c.reference))
      .expect(409);
    expect(body.type).toBe('/problems/glass-not-needed');
  });

  describe('opens it', () => {
    it('to read, without the name of the reporter, for fifteen minutes and no longer', async () => {
      const c = await aCase(t);
      expect(await reads('investigator', c)).toBe(404);
      const glass = await aBrokenGlass(t, 'investigator', { ...c, reference: c.reference.toLowerCase() });
      const client = await asByKey(t, 'investigator');
      const { body: found } = await client.get(`/cases?q=${c.reference}`).expect(200);
      expect(found.items).toMatchObject([{ id: c.id }]);
      const { body: file } = await client.get(`/cases/${c.id}`).expect(200);
      expect(file).toMatchObject({
        statement: expect.stringContaining('500'),
        reporter: { name: { $redacted: 'reporter' } },
        redacted: ['reporterIdentity'],
        allowed: [],
      });
      t.clock.advance({ minutes: 14, seconds: 50 });
      expect(await reads('investigator', c)).toBe(200);
      t.clock.advance({ seconds: 11 });
      expect(await reads('investigator', c)).toBe(404);
      const late = await onGlass(t, 'supervisor-2', glass, 'approve', { reason: 'a little too late' });
      expect(late.body.type).toBe('/problems/glass-over');
    });

    it('with a banner on every answer, and each read says in the trail that it was', async () => {
      const c = await aCase(t);
      const { id, openUntil } = await aBrokenGlass(t, 'legal-reviewer', c);
      const client = await asByKey(t, 'legal-reviewer');
      const access = { basis: 'BREAK_GLASS', until: openUntil };
      const paths = ['', '/history', '/allegations', '/recusals', '/erasures'];
      for (const path of paths) {
        const answer = await client.get(`/cases/${c.id}${path}`, { purpose: 'ASSIGNED task-1' }).expect(200);
        expect(answer.headers['access-basis']).toBe(`BREAK_GLASS; until=${openUntil}`);
        if (!Array.isArray(answer.body)) expect(answer.body.access).toEqual(access);
      }
      const { body: one } = await client.get(`/allegations/${c.allegationIds[0]}`).expect(200);
      expect(one.access).toEqual(access);
      const flagged = (await bodies(c.id)).filter(({ purpose }) => purpose?.code === 'BREAK_GLASS');
      expect(flagged).toHaveLength(paths.length + 1);
      for (const { purpose, actor } of flagged) {
        expect(purpose).toEqual({ code: 'BREAK_GLASS', ref: id });
        expect(actor).toMatchObject({ uid: t.ids.users['legal-reviewer'], role: 'LEGAL_REVIEWER' });
      }
      await client.get(`/cases?q=${c.reference}`).expect(200);
      expect((await bodies(t.ids.users['legal-reviewer']!)).at(-1)).toMatchObject({
        type: 'search.run',
        purpose: { code: 'BREAK_GLASS', ref: id },
      });
      // What one reads by right has none of it.
      const ordinary = await (await t.as('supervisor')).get(`/cases/${c.id}`).expect(200);
      expect([ordinary.headers['access-basis'], ordinary.body.access]).toEqual([undefined, undefined]);
      expect((await bodies(c.id)).at(-1).purpose).toEqual({ code: 'UNSTATED' });
    });

    it('to change nothing, whatever else its user may', async () => {
      const username = await aMemberOf('station2', 'SUPERVISOR');
      const c = await aCaseIn(t, 'DECIDED_SANCTION');
      const { body: before } = await (await t.as('supervisor')).get(`/cases/${c.id}`).expect(200);
      await aBrokenGlass(t, username, c);
      const client = await asByKey(t, username);
      expect(await reads(username, c)).toBe(200);
      const match = { 'if-match': `"${c.version}"` };
      const sanction = before.sanctions[0];
      const servedOn = new Date(t.clock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
      for (const send of [
        () => client.post(`/cases/${c.id}/serve-decision`, { reason: 'as told', servedOn }, match),
        () => client.post(`/cases/${c.id}/recusals`, { ground: 'OTHER', reason: 'a quarrel' }),
        () => client.get(`/cases/${c.id}/export?format=json&purpose=curious`),
        () => client.post(`/cases/${c.id}/investigators`, { userId: t.ids.users['investigator'] }),
        // Serving a sanction is allowed to every supervisor who reads the case.
        () =>
          client.post(
            `/sanctions/${sanction.id}/serve`,
            { reason: 'served by hand', servedOn },
            { 'if-match': `"${sanction.version}"` },
          ),
      ]) {
        const { status, body } = await send();
        expect([status, body.type, body.detail]).toEqual([403, '/problems/forbidden', expect.any(String)]);
      }
      const { body: after } = await (await t.as('supervisor')).get(`/cases/${c.id}`).expect(200);
      expect(after).toEqual(before);
    });

    it('and no other case, nor to anybody else', async () => {
      const [c, other] = [await aCase(t), await aCase(t)];
      await aBrokenGlass(t, 'investigator', c);
      expect(await reads('investigator', other)).toBe(404);
      expect(await reads('investigator-2', c)).toBe(404);
    });

    it('until its user ends it, at once', async () => {
      const c = await aCase(t);
      const glass = await aBrokenGlass(t, 'investigator', c);
      expect((await onGlass(t, 'auditor', glass, 'end')).status).toBe(403);
      expect((await onGlass(t, 'investigator-2', glass, 'end')).status).toBe(404);
      expect((await onGlass(t, 'investigator', { ...glass, version: 9 }, 'end')).status).toBe(412);
      expect((await onGlass(t, 'investigator', glass, 'end')).body).toMatchObject({ open: false });
      expect(await reads('investigator', c)).toBe(404);
      expect((await onGlass(t, 'investigator', glass, 'end')).body.type).toBe('/problems/glass-over');
      await aBrokenGlass(t, 'investigator', c);
    });

    it('once at a time', async () => {
      const c = await aCase(t);
      const { id } = await aBrokenGlass(t, 'investigator', c);
      const client = await asByKey(t, 'investigator');
      const { body } = await client.post('/break-glass', breaking(c.reference)).expect(409);
      expect(body).toMatchObject({ type: '/problems/glass-broken-already', id });
      const [one, two] = await Promise.all([1, 2].map(() => client.post('/break-glass', breaking(NOWHERE))));
      expect([one!.status, two!.status].sort()).toEqual([201, 409]);
    });
  });

  describe('with a second person', () => {
    it('lasts four hours from its beginning', async () => {
      const c = await aCase(t);
      const glass = await aBrokenGlass(t, 'investigator', c);
      t.clock.advance({ minutes: 14 });
      const approved = await onGlass(t, 'supervisor-2', glass, 'approve', {
        reason: 'the lead is in hospital',
      });
      expect(approved.body).toMatchObject({ approvedBy: t.ids.users['supervisor-2'], outcome: 'OPENED' });
      t.clock.advance({ hours: 3, minutes: 45, seconds: 50 });
      expect(await reads('investigator', c)).toBe(200);
      t.clock.advance({ seconds: 11 });
      expect(await reads('investigator', c)).toBe(404);
      const events = await eventsOf(t, t.ids.users['investigator']!);
      expect(
        events.find(({ type, target }) => type === 'glass.approved' && target.id === glass.id),
      ).toMatchObject({
        values: { reason: 'the lead is in hospital', with: 'WEBAUTHN' },
      });
    });

    it('who is not its user, not in conflict, and may', async () => {
      const username = await aMemberOf('station2', 'SUPERVISOR');
      const elsewhere = await aMemberOf('station2', 'SUPERVISOR');
      const c = await aCase(t);
      await recuse('supervisor-2', c);
      const glass = await aBrokenGlass(t, username, c);
      const approval = { reason: 'it seems right' };
      const by = async (who: string) => (await onGlass(t, who, glass, 'approve', approval)).status;
      expect(await by(username)).toBe(403);
      expect(await by('auditor')).toBe(403);
      expect(await by('investigator')).toBe(404);
      expect(await by(elsewhere)).toBe(404);
      expect(await by('supervisor-2')).toBe(404);
      expect(await by('agency-head')).toBe(200);
      const again = await onGlass(t, 'supervisor', glass, 'approve', approval);
      expect(again.body.type).toBe('/problems/already-approved');
    });
  });

  describe('is told', () => {
    const noticesOf = async (username: string, glass: { id: string }): Promise<any[]> => {
      const { body } = await (await asByKey(t, username)).get('/notices?limit=200').expect(200);
      return body.items.filter(({ link }: { link: string }) => link === `/break-glass/${glass.id}`);
    };

    it('at once to supervisors, auditors and the investigators of the case, and to nobody in conflict', async () => {
      const c = await aCaseIn(t, 'TRIAGED_ACCEPTED');
      await assign(t, c, 'investigator-2');
      await recuse('supervisor-2', c);
      const glass = await aBrokenGlass(t, 'investigator', c);
      for (const username of ['supervisor', 'auditor', 'investigator-2']) {
        expect(await noticesOf(username, glass)).toEqual([
          {
            id: expect.any(String),
            kind: 'GLASS_BROKEN',
            text: expect.stringMatching(new RegExp(`investigator.*${c.reference}.*RISK_TO_LIFE.*${aReason}`)),
            link: `/break-glass/${glass.id}`,
            createdAt: expect.any(String),
          },
        ]);
      }
      for (const username of ['supervisor-2', 'investigator', 'agency-head', 'administrator']) {
        expect(await noticesOf(username, glass)).toEqual([]);
      }
      const { values } = (await eventsOf(t, t.ids.users['investigator']!)).findLast(
        ({ type }) => type === 'glass.broken',
      )!;
      expect([...values['told']].sort()).toEqual(
        ['supervisor', 'auditor', 'investigator-2'].map((name) => t.ids.users[name]!).sort(),
      );
      // Whoever comes into conflict with the case later no longer reads of it.
      await recuse('auditor', c);
      expect(await noticesOf('auditor', glass)).toEqual([]);
      const auditor = await asByKey(t, 'auditor');
      await auditor.get(`/break-glass/${glass.id}`).expect(404);
      await (await asByKey(t, 'agency-head')).get(`/break-glass/${glass.id}`).expect(200);
      t.clock.advance({ hours: 1 });
      const verdict = { verdict: 'JUSTIFIED', reason: 'by the head, as the auditor cannot' };
      expect((await onGlass(t, 'agency-head', glass, 'review', verdict)).status).toBe(200);
    });

    it('again when it is approved, and to the head when a review hands it up', async () => {
      const c = await aCase(t);
      const glass = await aBrokenGlass(t, 'investigator', c);
      await onGlass(t, 'supervisor-2', glass, 'approve', { reason: 'it seems right' });
      expect((await noticesOf('auditor', glass)).map(({ kind }) => kind)).toEqual([
        'GLASS_APPROVED',
        'GLASS_BROKEN',
      ]);
      t.clock.advance({ hours: 4, seconds: 1 });
      const verdict = { verdict: 'ESCALATE', reason: 'nobody was threatened' };
      await onGlass(t, 'auditor', glass, 'review', verdict);
      expect((await noticesOf('agency-head', glass)).map(({ kind }) => kind)).toEqual(['GLASS_ESCALATED']);
    });
  });

  describe('does not pierce a conflict', () => {
    const shapeOf = async (client: Client, reference: string): Promise<unknown> => {
      const { body, headers, status } = await client.post('/break-glass', breaking(reference));
      const { body: one } = await client.get(`/break-glass/${body.id}`).expect(200);
      const { body: mine } = await client.get('/break-glass?open=true').expect(200);
      expect(mine.items[0]).toEqual(body);
      const plain = (view: object): object => ({
        ...view,
        id: '',
        reference: '',
        brokenAt: '',
        openUntil: '',
        reviewDueAt: '',
      });
      const streams = headers['audit-receipt']!.split(', ').map((receipt: string) => receipt.split(' ')[0]);
      return {
        status,
        body: plain(body as object),
        one: plain(one as object),
        streams,
        headers: Object.keys(headers),
      };
    };

    it('and answers as to a number that no case has, and to one that it opens', async () => {
      const [hidden, kept] = [await aCase(t), await aCase(t)];
      await recuse('investigator', kept);
      const client = await asByKey(t, 'investigator');
      const [opened, inConflict, unknown] = [
        await shapeOf(client, hidden.reference),
        await shapeOf(client, kept.reference),
        await shapeOf(client, NOWHERE),
      ];
      expect(inConflict).toEqual(unknown);
      expect(opened).toEqual(unknown);
      expect(await reads('investigator', hidden)).toBe(200);
      expect(await reads('investigator', kept)).toBe(404);
      for (const path of ['history', 'allegations', 'recusals', 'erasures']) {
        await client.get(`/cases/${kept.id}/${path}`).expect(404);
      }
      const { body } = await client.get('/cases?limit=200').expect(200);
      const listed = body.items.map(({ id }: { id: string }) => id);
      expect([listed.includes(hidden.id), listed.includes(kept.id)]).toEqual([true, false]);
      expect((await client.get('/auth/me').expect(200)).text).not.toContain(kept.id);
      // Those who oversee it see what it was.
      const { body: seen } = await (await t.as('auditor')).get('/break-glass?open=true&limit=3').expect(200);
      expect(seen.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
        'NO_SUCH_CASE',
        'IN_CONFLICT',
        'OPENED',
      ]);
      for (const glass of seen.items.slice(0, 2)) {
        const { body: refused } = await onGlass(t, 'supervisor-2', glass, 'approve', {
          reason: 'by mistake',
        });
        expect(refused.type).toBe('/problems/glass-opened-nothing');
      }
    });

    it('that arises while it is open', async () => {
      const c = await aCase(t);
      await aBrokenGlass(t, 'investigator', c);
      expect(await reads('investigator', c)).toBe(200);
      await recuse('investigator', c);
      expect(await reads('investigator', c)).toBe(404);
    });
  });

  describe('is reviewed', () => {
    const verdict = { verdict: 'NOT_JUSTIFIED', reason: 'It could have waited.' };

    it('once, after it is over, by somebody without a part in it', async () => {
      const c = await aCaseIn(t, 'TRIAGED_ACCEPTED');
      const glass = await aBrokenGlass(t, 'investigator', c);
      await onGlass(t, 'agency-head', glass, 'approve', { reason: 'the lead is away' });
      const by = async (who: string) => (await onGlass(t, who, glass, 'review', verdict)).status;
      expect((await onGlass(t, 'auditor', glass, 'review', verdict)).body.type).toBe('/problems/glass-open');
      t.clock.advance({ hours: 4, seconds: 1 });
      expect(await by('investigator')).toBe(403);
      expect(await by('supervisor')).toBe(403);
      // They approved it.
      expect(await by('agency-head')).toBe(403);
      expect(await by('investigator-2')).toBe(404);
      expect((await onGlass(t, 'auditor', glass, 'review', { ...verdict, verdict: 'FINE' })).status).toBe(
        400,
      );
      expect(await by('auditor')).toBe(200);
      expect((await onGlass(t, 'auditor', glass, 'review', verdict)).body.type).toBe(
        '/problems/already-reviewed',
      );
      const { body } = await (await asByKey(t, 'investigator')).get(`/break-glass/${glass.id}`).expect(200);
      expect(body).toMatchObject({
        ...verdict,
        reviewReason: verdict.reason,
        reason: aReason,
        outcome: null,
      });
    });

    it('by no investigator of the case, past or present', async () => {
      const username = await aMemberOf('county', 'INVESTIGATOR');
      const grant = { role: 'AUDITOR', organId: t.ids.organs.county, reason: 'changed office' };
      await (await t.as('administrator')).post(`/users/${t.ids.users[username]}/grants`, grant).expect(201);
      const c = await aCaseIn(t, 'TRIAGED_ACCEPTED');
      await assign(t, c, username);
      const glass = await aBrokenGlass(t, 'investigator', c);
      t.clock.advance({ minutes: 16 });
      expect((await onGlass(t, username, glass, 'review', verdict)).status).toBe(403);
    });

    it('within 72 hours, or its user breaks no other glass until it is', async () => {
      const [c, other] = [await aCase(t), await aCase(t)];
      const glass = await aBrokenGlass(t, 'investigator', c);
      t.clock.advance({ hours: 71, minutes: 59 });
      const second = await aBrokenGlass(t, 'investigator', other);
      await onGlass(t, 'investigator', second, 'end');
      t.clock.advance({ minutes: 2 });
      const client = await asByKey(t, 'investigator');
      const { body } = await client.post('/break-glass', breaking(other.reference)).expect(409);
      expect(body).toMatchObject({ type: '/problems/review-overdue', overdue: [glass.id] });
      expect((await client.post('/break-glass', breaking(NOWHERE)).expect(409)).body.type).toBe(body.type);
      await aBrokenGlass(t, 'investigator-2', c);
      await onGlass(t, 'auditor', glass, 'review', verdict);
      await aBrokenGlass(t, 'investigator', other);
    });
  });

  it('is listed to its user and to those who oversee its organ, with filters and pages', async () => {
    const [c, other] = [await aCase(t), await aCase(t, { receivingOrganId: t.ids.organs.station2 })];
    const head = await aMemberOf('station2', 'AGENCY_HEAD');
    const first = await aBrokenGlass(t, 'investigator', c);
    t.clock.advance({ hours: 73 });
    const later = await aBrokenGlass(t, 'investigator-2', other);
    const ids = async (username: string, query = ''): Promise<string[]> => {
      const { body } = await (
        await asByKey(t, username)
      )
        .get(`/break-glass?awaitingReview=true${query}`)
        .expect(200);
      return body.items.map(({ id }: { id: string }) => id);
    };
    expect(await ids('auditor')).toEqual([later.id, first.id]);
    expect(await ids('agency-head', '&overdue=true')).toEqual([first.id]);
    expect(await ids('agency-head', '&overdue=false')).toEqual([later.id]);
    expect(await ids('auditor', '&open=true')).toEqual([later.id]);
    expect(await ids('auditor', '&open=false')).toEqual([first.id]);
    expect(await ids('investigator')).toEqual([first.id]);
    expect(await ids('investigator-2')).toEqual([later.id]);
    expect(await ids(head)).toEqual([later.id]);
    expect(await ids('administrator')).toEqual([]);
    const auditor = await asByKey(t, 'auditor');
    const { body } = await auditor.get('/break-glass?awaitingReview=true&limit=1&count=true').expect(200);
    expect(body).toMatchObject({ total: 2, items: [{ id: later.id, overdue: false, open: true }] });
    expect(await ids('auditor', `&limit=1&cursor=${body.nextCursor}`)).toEqual([first.id]);
    await auditor.get('/break-glass?overdue=perhaps').expect(400);
    expect((await bodies(t.ids.users['auditor']!)).at(-1)).toMatchObject({ type: 'search.run' });
    await auditor.get(`/break-glass/${first.id}`).expect(200);
    expect((await bodies(t.ids.users['auditor']!)).at(-1)).toMatchObject({
      type: 'glass.read',
      target: { id: first.id },
    });
  });

  it('is counted by month, for the outside body', async () => {
    // A month of which no other test knows.
    t.clock.advance({ days: 62 });
    const month = new Date(t.clock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 7);
    const c = await aCase(t);
    const approved = await aBrokenGlass(t, 'investigator', c);
    await onGlass(t, 'supervisor-2', approved, 'approve', { reason: 'the lead is away' });
    await onGlass(t, 'investigator', approved, 'end');
    await onGlass(t, 'auditor', approved, 'review', { verdict: 'JUSTIFIED', reason: 'it was right' });
    const client = await asByKey(t, 'legal-reviewer');
    await client.post('/break-glass', breaking(NOWHERE, { category: 'OTHER' })).expect(201);
    const path = `/break-glass/figures?month=${month}`;
    const figures = {
      month,
      total: 2,
      approved: 1,
      openedNothing: 1,
      byCategory: { RISK_TO_LIFE: 1, EVIDENCE_AT_RISK: 0, LEGAL_DEADLINE: 0, ABSENT_HANDLER: 0, OTHER: 1 },
      byVerdict: { JUSTIFIED: 1, NOT_JUSTIFIED: 0, ESCALATE: 0, NONE: 1 },
      overdue: 0,
    };
    expect((await (await asByKey(t, 'agency-head')).get(path).expect(200)).body).toEqual(figures);
    t.clock.advance({ hours: 73 });
    const auditor = await asByKey(t, 'auditor');
    expect((await auditor.get(path).expect(200)).body).toEqual({ ...figures, overdue: 1 });
    const { body: none } = await auditor.get('/break-glass/figures?month=2020-01').expect(200);
    expect(none).toMatchObject({ total: 0, byVerdict: { NONE: 0 } });
    for (const month of ['2026-13', '2026', '', '2026-11-01']) {
      await auditor.get(`/break-glass/figures?month=${month}`).expect(400);
    }
    for (const username of ['supervisor', 'investigator', 'administrator']) {
      await (await asByKey(t, username)).get(path).expect(403);
    }
  });

  describe('behind the application', () => {
    /** With an event, as whoever takes it over could. */
    const change = async (glass: { id: string }, sql: string): Promise<void> => {
      await t.sql('BEGIN');
      try {
        await t.sql(`UPDATE app.broken_glass SET ${sql} WHERE id = $1`, [glass.id]);
        await t.sql(
          `SELECT audit.append($1, gen_random_uuid(), 'test', 'test', decode(repeat('00', 64), 'hex'))`,
          [t.ids.users['investigator']],
        );
      } finally {
        await t.sql('ROLLBACK');
      }
    };

    it.each([
      ['OPEN', `open_until = broken_at + interval '16 minutes'`, 'broken_glass_window'],
      ['OPEN', `approved_by = user_id, approved_at = now()`, 'broken_glass_persons'],
      [
        'OVER',
        `reviewed_by = user_id, reviewed_at = now(), verdict = 'JUSTIFIED', review_reason = 'x'`,
        'broken_glass_persons',
      ],
      ['OVER', `ended_at = NULL`, 'what is over stays over'],
      ['OVER', `open_until = open_until - interval '1 minute'`, 'what is over stays over'],
    ])('the database refuses of what is %s: %s', async (state, sql, complaint) => {
      const c = await aCase(t);
      const glass = await aBrokenGlass(t, 'investigator', c);
      if (state === 'OVER') await onGlass(t, 'investigator', glass, 'end');
      await expect(change(glass, sql)).rejects.toThrow(complaint);
    });

    it('the application’s login may not change who broke it, which case and why', async () => {
      const rows = await t.sql<{ column_name: string }>(
        `SELECT column_name FROM information_schema.column_privileges
         WHERE grantee = 'plumbline_app' AND table_name = 'broken_glass' AND privilege_type = 'UPDATE'`,
      );
      const may = rows.map(({ column_name }) => column_name);
      expect(may).toContain('verdict');
      for (const column of ['user_id', 'case_id', 'outcome', 'reason', 'broken_at']) {
        expect(may).not.toContain(column);
      }
    });

    it('the database refuses another one while a review is overdue', async () => {
      const c = await aCase(t);
      const { id } = await aBrokenGlass(t, 'investigator', c);
      await expect(
        t.sql(
          `INSERT INTO app.broken_glass (id, user_id, reference, organ_id, outcome, category, reason, broken_at, open_until)
           SELECT gen_random_uuid(), user_id, 'X', organ_id, 'NO_SUCH_CASE', category, reason,
             broken_at + interval '73 hours', open_until + interval '73 hours' FROM app.broken_glass WHERE id = $1`,
          [id],
        ),
      ).rejects.toThrow('awaits its review');
    });

    it('the tables say what the trail says', async () => {
      const report = await reconcile(t.get(WorkerDatabase), t.get(HistoryService));
      expect(report.differences).toEqual([]);
    });
  });
});
