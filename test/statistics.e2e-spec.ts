import { parse } from 'csv-parse/sync';
import { eventsOf, startTestApp, type Client, type TestApp } from './support/app.js';
import { aCase, aCaseIn, deed, today } from './support/builders.js';
import { signedIn } from './support/sessions.js';

interface Cell {
  row: string;
  column: string;
  count: number | null;
}
interface Table {
  rows: string[];
  columns: string[];
  cells: Cell[];
}

const inMarch = { receivedAt: '2026-03-02T09:15:00+08:00' };
/** In China it is April already. */
const inApril = { receivedAt: '2026-03-31T16:30:00Z' };
const NOWHERE = '019a0000-0000-7000-8000-00000000dead';

describe('statistics of cases', () => {
  let t: TestApp;
  let month: string;
  beforeAll(async () => {
    t = await startTestApp();
    month = today(t).slice(0, 7);
    for (let n = 0; n < 5; n++) await aCaseIn(t, 'DECIDED_SANCTION', inMarch);
    for (let n = 0; n < 3; n++) await aCase(t, inApril);
    // At a station; by its supervisor it ends.
    for (let n = 0; n < 6; n++) {
      const c = await aCase(t, { ...inMarch, receivingOrganId: t.ids.organs.station2 });
      await deed(t, 'supervisor', c, 'decline', { ground: 'NO_SUBSTANCE' });
    }
  });
  afterAll(() => t?.stop());

  const get = async (query: string, username = 'supervisor', status = 200) =>
    (await (await t.as(username)).get(`/statistics?${query}`).expect(status)).body;
  const count = ({ cells }: Table, row: string, column: string): number | null | undefined =>
    cells.find((cell) => cell.row === row && cell.column === column)?.count;

  it('tell what came, went and stayed, by the days of China', async () => {
    const march = await get('from=2026-03&to=2026-03');
    expect(march).toMatchObject({ openBefore: 0, openedInAll: 11, closedInAll: 0 });
    expect(march.flow).toEqual([{ month: '2026-03', opened: 11, closed: 0, open: 11 }]);
    const now = await get(`from=${month}&to=${month}`);
    expect(now.openBefore).toBe(14);
    expect(now.flow).toEqual([{ month, opened: 0, closed: 6, open: 8 }]);
    // Three came in April: neither that number is told, nor all of those that give it away.
    const { flow, openedInAll } = await get('from=2026-03&to=2026-04');
    expect(flow[1]).toMatchObject({ month: '2026-04', opened: null, closed: 0 });
    expect([flow[0].opened, openedInAll]).toContain(null);
    expect([flow[0].open, flow[1].open]).toContain(null);
  });

  it('count nothing that is small, in no figure, format or period', async () => {
    const queries = [`from=2026-03&to=${month}`, 'from=2026-04&to=2026-04', `from=2026-03&to=2026-04`];
    for (const query of queries) {
      const body = await get(query);
      const tables: Table[] = [body.findings, body.categoriesByMonth, body.categoriesByOrgan, body.sanctions];
      const told = [
        body.openBefore,
        body.openedInAll,
        body.closedInAll,
        ...body.flow.flatMap(({ opened, closed, open }: any) => [opened, closed, open]),
        ...body.timeToDecision.map(({ decided }: any) => decided),
        ...tables.flatMap(({ cells }) => cells.map((cell) => cell.count)),
      ];
      expect(told.filter((n) => n !== null && n > 0 && n < body.hiddenBelow)).toEqual([]);
      const { text } = await (await t.as('supervisor')).get(`/statistics/csv?${query}`).expect(200);
      const counts = parse<Record<string, string>>(text, { bom: true, columns: true }).filter(
        ({ column }) => !column!.endsWith('Days'),
      );
      expect(counts.map(({ value }) => Number(value)).filter((n) => n > 0 && n < 5)).toEqual([]);
      expect(counts.some(({ note, value }) => note === 'hidden' && value === '')).toBe(true);
    }
  });

  it('do not let three cases be found by taking what is told from its sum', async () => {
    const { categoriesByMonth } = await get('from=2026-03&to=2026-04');
    const [march, april, all] = ['2026-03', '2026-04', 'ALL'].map((column) =>
      count(categoriesByMonth, 'ARBITRARY_FINE', column),
    );
    expect(april).toBeNull();
    expect([march, all]).toContain(null);
    // Where nothing is small, nothing is hidden.
    const { categoriesByMonth: ofMarch } = await get('from=2026-03&to=2026-03');
    expect(count(ofMarch, 'ARBITRARY_FINE', '2026-03')).toBe(11);
    expect(count(ofMarch, 'ALL', 'ALL')).toBe(11);
  });

  it('set the recommended result beside the final one, and tell sanctions and the time to a decision', async () => {
    const body = await get(`from=${month}&to=${month}`);
    expect(body.findings.rows).toEqual(['SUBSTANTIATED']);
    expect(count(body.findings, 'SUBSTANTIATED', 'SUBSTANTIATED')).toBe(5);
    expect(count(body.sanctions, 'DEMERIT', month)).toBe(5);
    const days = (Date.parse(today(t)) - Date.parse('2026-03-02')) / 86_400_000;
    expect(body.timeToDecision).toEqual([
      { month, decided: 5, medianDays: days, p90Days: days },
      { month: 'ALL', decided: 5, medianDays: days, p90Days: days },
    ]);
  });

  it('tell the branches of an organ apart', async () => {
    const { county, station2 } = t.ids.organs;
    const { categoriesByOrgan, organs } = await get(`from=2026-03&to=2026-03&organId=${county}`);
    expect(organs.map(({ id }: { id: string }) => id).sort()).toEqual([county, station2].sort());
    expect(count(categoriesByOrgan, 'ARBITRARY_FINE', station2)).toBe(6);
    expect(count(categoriesByOrgan, 'ARBITRARY_FINE', county)).toBe(5);
    const station = await get(`from=2026-03&to=2026-03&organId=${station2}`);
    expect(station).toMatchObject({ organId: station2, openedInAll: 6 });
    expect(await get(`from=2026-03&to=2026-03&organId=${NOWHERE}`)).toMatchObject({ openedInAll: 0 });
  });

  it('count only what their reader may read', async () => {
    const reader = async (username: string, role: string, organId: string): Promise<Client> => {
      const admin = await t.as('administrator');
      const { body } = await admin.post('/users', { username, displayName: 'Somebody' }).expect(201);
      await admin.post(`/users/${body.id}/grants`, { role, organId, reason: 'for the test' }).expect(201);
      return signedIn(t, body.id as string);
    };
    const atStation = await reader('station-auditor', 'AUDITOR', t.ids.organs.station2);
    const { body } = await atStation.get('/statistics?from=2026-03&to=2026-03').expect(200);
    expect(body).toMatchObject({ openedInAll: 6 });
    // An organ that is not theirs adds nothing.
    const { body: above } = await atStation
      .get(`/statistics?from=2026-03&to=2026-03&organId=${t.ids.organs.county}`)
      .expect(200);
    expect(above).toMatchObject({ openedInAll: 6 });
    for (const username of ['investigator', 'intake-officer', 'administrator', 'officer']) {
      await get('from=2026-03&to=2026-03', username, 403);
    }
  });

  it('are the same for a reader of nearly all cases and for one of few, whose rows are found another way', async () => {
    const query = `from=2026-03&to=${month}`;
    // As if there were so many others that what this reader sees is little.
    const among = (cases: number) =>
      t.sql(`UPDATE pg_class SET reltuples = $1 WHERE oid = 'app."case"'::regclass`, [cases]);
    await among(1);
    const ofAll = await get(query);
    await among(1_000_000);
    const ofFew = await get(query);
    await among(-1);
    expect(ofAll.closedInAll).toBe(6);
    expect(ofFew).toEqual(ofAll);
  });

  it('are recorded as a search, with the question', async () => {
    await get('from=2026-03&to=2026-03', 'auditor');
    expect((await eventsOf(t, t.ids.users['auditor']!)).at(-1)).toMatchObject({
      type: 'search.run',
      target: { id: 'case-statistics' },
      values: { question: { from: '2026-03', to: '2026-03' } },
    });
  });

  it.each([
    ['from=2026-13&to=2026-12', 'from'],
    ['from=2026-03-01&to=2026-12', 'from'],
    ['to=2026-12', 'from'],
    ['from=2026-05&to=2026-04', 'to'],
    ['from=2020-01&to=2023-01', 'to'],
    ['from=2026-01&to=2026-02&organId=nonsense', 'organId'],
  ])('refuse %s', async (query, field) => {
    const { errors } = await get(query, 'supervisor', 400);
    expect(errors.map(({ pointer }: { pointer: string }) => pointer.replace(/^\//, ''))).toContain(field);
  });
});
