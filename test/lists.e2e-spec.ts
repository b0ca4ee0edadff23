import { UnitOfWork } from '../src/audit/unit-of-work.js';
import { newId } from '../src/common/ids.js';
import { RegistrationService, type NewCase } from '../src/intake/registration.service.js';
import { actorAs, Client, PASSWORD, startTestApp, type TestApp } from './support/app.js';
import {
  aCase,
  aCaseIn,
  aDecidedCase,
  anAllegation,
  assign,
  deed,
  type CaseUnderTest,
} from './support/builders.js';

let t: TestApp;
let supervisor: Client;
beforeAll(async () => {
  t = await startTestApp();
  supervisor = await t.as('supervisor');
});
afterAll(() => t?.stop());

interface Header {
  id: string;
  reference: string;
  receivedAt: string;
}
interface Page {
  items: Header[];
  nextCursor: string | null;
  total?: number;
}

async function list(query: Record<string, string>, client = supervisor): Promise<Page> {
  const { body } = await client.get(`/cases?${new URLSearchParams(query).toString()}`).expect(200);
  return body as Page;
}

const idsOf = ({ items }: Page): string[] => items.map(({ id }) => id);

/** Reads page after page to the end. */
async function pages(query: Record<string, string>): Promise<Page[]> {
  const read = [await list(query)];
  for (let cursor = read[0]!.nextCursor; cursor !== null; cursor = read.at(-1)!.nextCursor) {
    read.push(await list({ ...query, cursor }));
    if (read.length > 200) throw new Error('The pages have no end');
  }
  return read;
}

describe('the filters of the cases', () => {
  type Name = 'fine' | 'cold' | 'city' | 'late' | 'filed';
  let made: Record<Name, CaseUnderTest>;

  const against = (category: string, officer: number): Record<string, unknown> =>
    anAllegation(t, {
      category,
      facts: {},
      subjects: [{ officerId: t.ids.officers[officer], role: 'PRINCIPAL' }],
    });

  beforeAll(async () => {
    const fine = await aCase(t, {
      receivedAt: '2025-03-01T08:00:00+08:00',
      reporter: { kind: 'CONFIDENTIAL', name: 'Ouyang Whistle', contact: 'behind the mill' },
      statement: 'They took 100% of it, see form A_7 in C:\\new. 他们没有开收据。',
    });
    const cold = await aCase(t, {
      channel: 'LETTER',
      receivedAt: '2025-03-02T08:00:00+08:00',
      receivingOrganId: t.ids.organs.station,
      statement: 'They took 1000 of it, see form AB7 in C:new. 他们没有开门。',
      allegations: [against('COLD_SERVICE', 2)],
    });
    await deed(t, 'supervisor', cold, 'accept');
    await assign(t, cold, 'investigator');
    const city = await aCase(t, {
      channel: 'MEDIA',
      receivedAt: '2025-03-03T08:00:00+08:00',
      receivingOrganId: t.ids.organs.city,
      statement: 'Nothing in common.',
      allegations: [against('MONEY_CASE', 3), against('OTHER', 4)],
    });
    const late = await aCaseIn(t, 'PRELIMINARY', {
      channel: 'VISIT',
      receivedAt: '2025-03-04T08:00:00+08:00',
      statement: 'Nothing in common.',
      allegations: [against('RENT_SEEKING', 0)],
    });
    await deed(t, 'agency-head', late, 'file', { filedOn: '2025-03-10' });
    const filed = await aCaseIn(t, 'FILED', {
      channel: 'COURT',
      receivedAt: '2025-03-05T08:00:00+08:00',
      statement: 'Nothing in common.',
      allegations: [against('RETALIATION', 0)],
    });
    made = { fine, cold, city, late, filed };
  });

  const names = (page: Page): (Name | undefined)[] =>
    idsOf(page).map((id) => (Object.keys(made) as Name[]).find((name) => made[name].id === id));

  it('absent show all, newest first', async () => {
    expect(names(await list({}))).toEqual(['filed', 'late', 'city', 'cold', 'fine']);
  });

  it.each<[string, () => Record<string, string>, Name[]]>([
    ['category', () => ({ category: 'ARBITRARY_FINE' }), ['fine']],
    ['the second category of a case', () => ({ category: 'OTHER' }), ['city']],
    ['a category that no case has', () => ({ category: 'LEAK_OF_COMPLAINT' }), []],
    ['status', () => ({ status: 'FILED' }), ['filed', 'late']],
    ['the status of one', () => ({ status: 'TRIAGED_ACCEPTED' }), ['cold']],
    ['channel', () => ({ channel: 'LETTER' }), ['cold']],
    [
      'an organ and those under it',
      () => ({ organId: t.ids.organs.county }),
      ['filed', 'late', 'cold', 'fine'],
    ],
    ['an organ with none under it', () => ({ organId: t.ids.organs.station }), ['cold']],
    ['the organ above', () => ({ organId: t.ids.organs.city }), ['filed', 'late', 'city', 'cold', 'fine']],
    ['an organ without a case', () => ({ organId: t.ids.organs.oversight }), []],
    ['officer', () => ({ officerId: t.ids.officers[2]! }), ['cold']],
    ['the officer of the second allegation', () => ({ officerId: t.ids.officers[4]! }), ['city']],
    ['an officer with two cases', () => ({ officerId: t.ids.officers[0]! }), ['filed', 'late']],
    ['received from this instant on', () => ({ receivedFrom: '2025-03-04T00:00:00Z' }), ['filed', 'late']],
    ['received from an instant after it', () => ({ receivedFrom: '2025-03-04T00:00:00.001Z' }), ['filed']],
    ['received before this instant', () => ({ receivedTo: '2025-03-02T00:00:00Z' }), ['fine']],
    [
      'received up to an instant after it',
      () => ({ receivedTo: '2025-03-02T08:00:00.001+08:00' }),
      ['cold', 'fine'],
    ],
    [
      'received between',
      () => ({ receivedFrom: '2025-03-02T00:00:00Z', receivedTo: '2025-03-04T00:00:00Z' }),
      ['city', 'cold'],
    ],
    ['assigned to', () => ({ assignedTo: t.ids.users['investigator']! }), ['filed', 'late', 'cold']],
    ['assigned to another', () => ({ assignedTo: t.ids.users['investigator-2']! }), ['filed', 'late']],
    ['assigned to nobody of that kind', () => ({ assignedTo: t.ids.users['auditor']! }), []],
    ['overdue', () => ({ overdue: 'true' }), ['late']],
    [
      'not overdue, those without a limit included',
      () => ({ overdue: 'false' }),
      ['filed', 'city', 'cold', 'fine'],
    ],
    ['words', () => ({ q: 'they TOOK' }), ['cold', 'fine']],
    ['Chinese words', () => ({ q: '开收据' }), ['fine']],
    ['Chinese words of two', () => ({ q: '他们没有开' }), ['cold', 'fine']],
    ['a percent sign, which means itself', () => ({ q: '100%' }), ['fine']],
    ['percent signs alone', () => ({ q: '%%' }), []],
    ['an underscore, which means itself', () => ({ q: 'A_7' }), ['fine']],
    ['underscores alone', () => ({ q: '__' }), []],
    ['a backslash, which means itself', () => ({ q: 'C:\\new' }), ['fine']],
    ['a quotation mark', () => ({ q: `'; --` }), []],
    ['a reference', () => ({ q: made.cold.reference.toLowerCase() }), ['cold']],
    ['the end of a reference', () => ({ q: made.cold.reference.slice(-4) }), ['cold']],
    ['a name that only the reporter has', () => ({ q: 'Ouyang' }), []],
    ['what the reporter can be reached by', () => ({ q: 'behind the mill' }), []],
    ['several at once', () => ({ q: 'they took', channel: 'LETTER' }), ['cold']],
    ['several that no case meets', () => ({ q: made.cold.reference, channel: 'HOTLINE' }), []],
    [
      'all at once',
      () => ({
        category: 'COLD_SERVICE',
        status: 'TRIAGED_ACCEPTED',
        channel: 'LETTER',
        organId: t.ids.organs.county,
        officerId: t.ids.officers[2]!,
        receivedFrom: '2025-01-01T00:00:00Z',
        receivedTo: '2026-01-01T00:00:00Z',
        assignedTo: t.ids.users['investigator']!,
        overdue: 'false',
        q: '没有',
      }),
      ['cold'],
    ],
  ])('choose by %s', async (_, query, expected) => {
    expect(names(await list({ ...query(), count: 'true' }))).toEqual(expected);
    // The number that is counted is that of the rows.
    expect((await list({ ...query(), count: 'true', limit: '1' })).total).toBe(expected.length);
  });

  it('do not find words for a reader who may read no more than the header', async () => {
    const intake = await t.as('intake-officer');
    // The officer registered both: one was accepted meanwhile, which leaves its header to them.
    expect(names(await list({}, intake))).toEqual(expect.arrayContaining(['cold', 'fine']));
    expect(names(await list({ q: 'they took' }, intake))).toEqual(['fine']);
    expect(names(await list({ q: '没有开' }, intake))).toEqual(['fine']);
    expect((await list({ q: 'AB7', count: 'true' }, intake)).total).toBe(0);
    expect(names(await list({ q: made.cold.reference }, intake))).toEqual(['cold']);
    const { body } = await intake.get(`/cases/${made.cold.id}`).expect(200);
    expect(body.statement).toBeNull();
  });

  it('show nobody more than they may see', async () => {
    const investigator = await t.as('investigator-2');
    expect(names(await list({}, investigator))).toEqual(['filed', 'late']);
    expect(names(await list({ q: 'they took' }, investigator))).toEqual([]);
    expect(names(await list({ organId: t.ids.organs.county }, investigator))).toEqual(['filed', 'late']);
    for (const name of ['petition-officer', 'administrator', 'officer']) {
      expect(await list({ count: 'true' }, await t.as(name))).toEqual({
        items: [],
        nextCursor: null,
        total: 0,
      });
    }
  });

  it('no longer find by an investigator who was withdrawn', async () => {
    const c = await aCase(t, { channel: 'WEB' });
    await assign(t, c, 'investigator');
    const mine = { assignedTo: t.ids.users['investigator']!, channel: 'WEB' };
    expect(idsOf(await list(mine))).toEqual([c.id]);
    const change = { userId: t.ids.users['investigator'], reason: 'on leave' };
    await supervisor.post(`/cases/${c.id}/investigators/withdraw`, change).expect(200);
    expect(idsOf(await list(mine))).toEqual([]);
  });
});

describe('the pages of the cases', () => {
  const MANY = 130;
  const EACH = { channel: 'INSPECTION' };
  const INSTANT = '2024-06-01T00:00:00.000Z';

  /** So many cases that arrived at the same instant, such as a box of letters. */
  const many = (count: number, receivedAt: string): NewCase[] =>
    Array.from({ length: count }, (_, i) => ({
      id: newId(),
      status: 'REGISTERED',
      channel: 'INSPECTION',
      receivedAt: new Date(receivedAt),
      receivingOrganId: t.ids.organs.county,
      reporter: { kind: 'ANONYMOUS', name: null, contact: null },
      statement: `Letter ${i}`,
      allegations: [],
    }));

  async function register(cases: NewCase[]): Promise<string[]> {
    const actor = await actorAs(t, 'intake-officer');
    await t.get(UnitOfWork).run(actor, (tx) => t.get(RegistrationService).register(tx, cases));
    return cases.map(({ id }) => id);
  }

  let newestFirst: string[];
  beforeAll(async () => {
    newestFirst = (await register(many(MANY, INSTANT))).sort().reverse();
  });

  it('have each case once, in one order, although all of them arrived at the same instant', async () => {
    const read = await pages({ ...EACH, limit: '50' });
    expect(read.map(({ items }) => items.length)).toEqual([50, 50, 30]);
    expect(new Set(read.flatMap(({ items }) => items.map(({ receivedAt }) => receivedAt)))).toEqual(
      new Set([INSTANT]),
    );
    expect(read.flatMap(idsOf)).toEqual(newestFirst);
    expect((await pages({ ...EACH, limit: '7' })).flatMap(idsOf)).toEqual(newestFirst);
  });

  it('are of fifty unless another number is asked for', async () => {
    expect(idsOf(await list(EACH))).toEqual(newestFirst.slice(0, 50));
    expect(idsOf(await list({ ...EACH, limit: '1' }))).toEqual(newestFirst.slice(0, 1));
    expect(idsOf(await list({ ...EACH, limit: '200' }))).toEqual(newestFirst);
  });

  it('end where there is no more, not with an empty page', async () => {
    expect((await list({ ...EACH, limit: String(MANY) })).nextCursor).toBeNull();
    const read = await pages({ ...EACH, limit: String(MANY - 1) });
    expect(read.map(({ items }) => items.length)).toEqual([MANY - 1, 1]);
    expect(await list({ ...EACH, organId: t.ids.organs.oversight })).toEqual({ items: [], nextCursor: null });
  });

  it('tell the number of all when they are asked to, on each page', async () => {
    const read = await pages({ ...EACH, limit: '60', count: 'true' });
    expect(read.map(({ total }) => total)).toEqual([MANY, MANY, MANY]);
    expect(await list({ ...EACH, limit: '1' })).not.toHaveProperty('total');
    expect(await list({ ...EACH, limit: '1', count: 'false' })).not.toHaveProperty('total');
  });

  it('lose and repeat nothing when cases arrive between two of them', async () => {
    const query = { ...EACH, limit: '50' };
    const first = await list(query);
    const [later, same, earlier] = [
      ...(await register(many(1, '2024-06-01T00:00:00.001Z'))),
      ...(await register(many(1, INSTANT))),
      ...(await register(many(1, '2024-05-31T23:59:59.999Z'))),
    ];
    const rest = await pages({ ...query, cursor: first.nextCursor! });
    expect([...idsOf(first), ...rest.flatMap(idsOf)]).toEqual([...newestFirst, earlier]);
    // Whoever starts again sees them, in their places.
    const all = (await pages(query)).flatMap(idsOf);
    expect(all).toEqual([later, same, ...newestFirst, earlier]);
  });

  it('go on for another user from where one has stopped, as far as that user may see', async () => {
    const { nextCursor } = await list({ ...EACH, limit: '50' });
    const page = await list({ ...EACH, cursor: nextCursor! }, await t.as('petition-officer'));
    expect(page).toEqual({ items: [], nextCursor: null });
  });
});

// The last one: sessions of the tests before do not survive the months.
describe('a case that is not decided in time', () => {
  it('is overdue from the day after its limit on, and no longer once it is decided', async () => {
    const channel = 'SUPERVISION_TEAM';
    const open = await aCaseIn(t, 'FILED', { channel });
    const decided = await aDecidedCase(t);
    const { body } = await supervisor.get(`/cases/${open.id}`).expect(200);
    const daysLeft = (Date.parse(body.decisionDueOn) - Date.parse(body.filedOn)) / 86_400_000;

    t.clock.advance({ days: daysLeft });
    expect(idsOf(await list({ channel, overdue: 'true' }, await aNewSession()))).toEqual([]);
    t.clock.advance({ days: 1 });
    const client = await aNewSession();
    expect(idsOf(await list({ channel, overdue: 'true' }, client))).toEqual([open.id]);
    expect(idsOf(await list({ channel, overdue: 'false' }, client))).toEqual([]);
    const overdue = (await list({ overdue: 'true', limit: '200' }, client)).items.map(({ id }) => id);
    expect(overdue).not.toContain(decided.id);
  });

  async function aNewSession(): Promise<Client> {
    const credentials = { username: 'supervisor', password: PASSWORD };
    const { body } = await t.anonymous.post('/auth/login', credentials).expect(200);
    return new Client(t.app.getHttpServer(), body.accessToken as string);
  }
});
