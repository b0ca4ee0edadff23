import { SYSTEM_STREAM, SYSTEM_USER } from '../src/audit/streams.js';
import { UnitOfWork } from '../src/audit/unit-of-work.js';
import { systemActor, systemWith } from '../src/audit/writer-registration.js';
import { UsersService } from '../src/auth/users.service.js';
import { legalDay } from '../src/common/clock.js';
import { newId } from '../src/common/ids.js';
import { OfficersService, type ImportedOfficer } from '../src/officers/officers.service.js';
import { actorAs, eventsOf, startTestApp, type Client, type TestApp } from './support/app.js';
import { racing } from './support/races.js';
import { signedIn } from './support/sessions.js';

let t: TestApp;
let admin: Client;
let investigator: Client;

beforeAll(async () => {
  t = await startTestApp();
  admin = await t.as('administrator');
  investigator = await t.as('investigator');
});
afterAll(() => t?.stop());

let counter = 0;
/** A short text that no other row of this file has. */
const unique = (prefix: string): string => `${prefix}-${String(++counter).padStart(3, '0')}`;
const ifMatch = (version: number): Record<string, string> => ({ 'if-match': `"${version}"` });
const reason = 'for the test';
const nobody = '01900000-0000-7000-8000-00000000dead';

/** The values of the last event of a type about something, by name, as the trail keeps them beside its digests. */
async function lastEvent(stream: string, type: string, targetId: string): Promise<Record<string, unknown>> {
  const found = (await eventsOf(t, stream)).findLast(
    (event) => event.type === type && event.target.id === targetId,
  );
  if (!found) throw new Error(`no ${type} about ${targetId} in stream ${stream}`);
  // What became of the rows is the matter of `plumbline reconcile`.
  return Object.fromEntries(Object.entries(found.values).filter(([name]) => name !== 'rows'));
}

/** The pointers of a 400, sorted. */
const pointers = (body: any): string[] => body.errors.map((error: any) => error.pointer).sort();

/** Reads a list page by page. */
async function readAll(client: Client, path: string, limit: number): Promise<any[]> {
  const items: any[] = [];
  let cursor: string | null = '';
  do {
    const from: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const { body } = await client
      .get(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${from}`)
      .expect(200);
    expect(body.items.length).toBeLessThanOrEqual(limit);
    if (body.nextCursor !== null) expect(body.items).toHaveLength(limit);
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return items;
}

describe('organs', () => {
  const anOrgan = (values: object = {}) => ({
    parentId: t.ids.organs.county,
    code: unique('T'),
    name: 'Test station',
    level: 'STATION',
    ...values,
  });

  it('are created by an administrator, and the answer carries a receipt that the trail confirms', async () => {
    const dto = anOrgan();
    const res = await admin.post('/organs', dto).expect(201);
    expect(res.body).toEqual({ id: expect.any(String), version: 1, ...dto });
    expect(res.headers['etag']).toBe('"1"');

    const [stream, seq, leaf] = (res.headers['audit-receipt'] as string).split(' ');
    expect(stream).toBe(SYSTEM_STREAM);
    const [entry] = await t.sql(
      `SELECT encode(leaf, 'base64') AS leaf FROM audit.entry WHERE stream = $1 AND seq = $2`,
      [stream, seq],
    );
    expect(entry.leaf).toBe(leaf);
    expect(await lastEvent(SYSTEM_STREAM, 'organ.created', res.body.id)).toEqual(dto);
    expect((await investigator.get(`/organs/${res.body.id}`).expect(200)).body).toEqual(res.body);
  });

  it('refuse a second organ with the same code', async () => {
    const dto = anOrgan();
    await admin.post('/organs', dto).expect(201);
    const { body } = await admin.post('/organs', { ...dto, name: 'Another' }).expect(409);
    expect(body).toMatchObject({ type: '/problems/code-taken', errors: [{ pointer: '/code' }] });
  });

  it('refuse fields that are unknown, absent or wrong, each with its pointer', async () => {
    const { body } = await admin
      .post('/organs', { parentId: 'above', code: '-', level: 'VILLAGE', chief: 'me' })
      .expect(400)
      .expect('content-type', /problem\+json/);
    expect([...new Set(pointers(body))]).toEqual(['/chief', '/code', '/level', '/name', '/parentId']);
    const unknown = await admin.post('/organs', anOrgan({ parentId: nobody })).expect(400);
    expect(pointers(unknown.body)).toEqual(['/parentId']);
  });

  it('are created and renamed by administrators only', async () => {
    for (const role of ['investigator', 'supervisor', 'agency-head', 'auditor']) {
      const client = await t.as(role);
      await client.post('/organs', anOrgan()).expect(403);
      await client.patch(`/organs/${t.ids.organs.station}`, { name: 'Mine', reason }, ifMatch(1)).expect(403);
    }
    await t.anonymous.get('/organs').expect(401);
  });

  it('are renamed by who has read the latest version', async () => {
    const { body: organ } = await admin.post('/organs', anOrgan()).expect(201);
    const path = `/organs/${organ.id}`;
    const change = { name: 'New name', reason };
    await admin.patch(path, change).expect(428);
    await admin.patch(path, change, { 'if-match': '1' }).expect(400);
    const res = await admin.patch(path, change, ifMatch(1)).expect(200);
    expect(res.body).toEqual({ ...organ, name: 'New name', version: 2 });
    const stale = await admin.patch(path, { ...change, name: 'Late name' }, ifMatch(1)).expect(412);
    expect(stale.body.currentVersion).toBe(2);
    expect((await admin.get(path)).body.name).toBe('New name');
    expect(await lastEvent(SYSTEM_STREAM, 'organ.updated', organ.id)).toEqual({
      name: { from: organ.name, to: 'New name' },
      reason,
    });
  });

  it('cannot be moved in the tree, and do not change without a reason', async () => {
    const { body } = await admin
      .patch(`/organs/${t.ids.organs.station}`, { name: 'X', parentId: t.ids.organs.city }, ifMatch(1))
      .expect(400);
    expect([...new Set(pointers(body))]).toEqual(['/parentId', '/reason']);
  });

  it('answer 404 when there is none and 400 when the id is none', async () => {
    await admin.get(`/organs/${nobody}`).expect(404);
    await admin.patch(`/organs/${nobody}`, { name: 'X', reason }, ifMatch(1)).expect(404);
    await admin.get('/organs/station').expect(400);
  });

  it('are listed by code, page by page, and narrowed by tree, level and text', async () => {
    const parent = (
      await admin.post('/organs', anOrgan({ level: 'COUNTY', parentId: t.ids.organs.city })).expect(201)
    ).body;
    const below = [];
    for (let i = 0; i < 4; i++) {
      below.push(
        (await admin.post('/organs', anOrgan({ parentId: parent.id, name: `50% of ${i}_` })).expect(201))
          .body,
      );
    }
    const all = await readAll(investigator, '/organs', 3);
    const codes = all.map((organ) => organ.code);
    expect(new Set(codes).size).toBe(codes.length);
    const sorted = await t.sql('SELECT code FROM app.organ ORDER BY code');
    expect(codes).toEqual(sorted.map(({ code }) => code));

    const under = await admin.get(`/organs?under=${parent.id}&count=true&limit=2`).expect(200);
    expect(under.body).toMatchObject({ total: 5, items: [{ id: parent.id }, { id: below[0].id }] });
    const level = await admin.get(`/organs?under=${parent.id}&level=STATION`).expect(200);
    expect(level.body.items.map(({ id }: any) => id)).toEqual(below.map(({ id }) => id));
    expect(level.body).not.toHaveProperty('total');
    // The pattern characters of LIKE mean themselves.
    const q = await admin.get(`/organs?q=${encodeURIComponent('50% OF 3_')}`).expect(200);
    expect(q.body.items.map(({ id }: any) => id)).toEqual([below[3].id]);
    expect((await admin.get(`/organs?q=${encodeURIComponent('5%_')}`)).body.items).toEqual([]);
  });

  it.each([
    'sort=name',
    'limit=0',
    'limit=201',
    'limit=many',
    'cursor=%7B%7D',
    'under=here',
    'level=HAMLET',
    'count=maybe',
  ])('refuse the query ?%s', async (query) => {
    const { body } = await admin.get(`/organs?${query}`).expect(400);
    expect(pointers(body)[0]).toContain(query.split('=')[0]);
  });
});

const aNewOfficer = async (values: object = {}): Promise<any> =>
  (await admin.post('/officers', { badgeNumber: unique('B'), name: 'Test Officer', ...values }).expect(201))
    .body;

describe('officers', () => {
  it('are recorded by an administrator and read by everybody who is signed in', async () => {
    const dto = { badgeNumber: unique('B'), name: '王建国', rank: 'Sergeant', birthYear: 1984 };
    const res = await admin.post('/officers', dto).expect(201);
    expect(res.body).toEqual({ id: expect.any(String), ...dto, origin: null, version: 1 });
    expect(res.headers['audit-receipt']).toMatch(new RegExp(`^${SYSTEM_STREAM} \\d+ \\S{44}$`));
    expect(await lastEvent(SYSTEM_STREAM, 'officer.created', res.body.id)).toEqual(dto);
    const read = await investigator.get(`/officers/${res.body.id}`).expect(200);
    expect(read.body).toEqual({ ...res.body, appointments: [] });
    expect(read.headers['etag']).toBe('"1"');
    await t.anonymous.get(`/officers/${res.body.id}`).expect(401);
  });

  it('refuse fields that are unknown, absent or wrong, each with its pointer', async () => {
    const wrong = { badgeNumber: ' 7', birthYear: 1899, rank: '', salary: 1 };
    const { body } = await admin.post('/officers', wrong).expect(400);
    expect([...new Set(pointers(body))]).toEqual(['/badgeNumber', '/birthYear', '/name', '/rank', '/salary']);
    const unborn = { badgeNumber: unique('B'), name: 'X', birthYear: t.clock.now().getUTCFullYear() + 2 };
    expect(pointers((await admin.post('/officers', unborn).expect(400)).body)).toEqual(['/birthYear']);
  });

  it('refuse a badge number that another officer has, at first and later', async () => {
    const [one, other] = [await aNewOfficer(), await aNewOfficer()];
    const { badgeNumber } = one;
    const create = await admin.post('/officers', { badgeNumber, name: 'Second' }).expect(409);
    expect(create.body).toMatchObject({
      type: '/problems/badge-number-taken',
      errors: [{ pointer: '/badgeNumber' }],
    });
    await admin.patch(`/officers/${other.id}`, { badgeNumber, reason }, ifMatch(1)).expect(409);
  });

  it('are recorded, changed and appointed by administrators only', async () => {
    const officer = await aNewOfficer();
    for (const role of ['investigator', 'supervisor', 'intake-officer', 'auditor', 'officer']) {
      const client = await t.as(role);
      await client.post('/officers', { badgeNumber: unique('B'), name: 'Mine' }).expect(403);
      await client.patch(`/officers/${officer.id}`, { name: 'Mine', reason }, ifMatch(1)).expect(403);
      const post = { organId: t.ids.organs.station, post: 'Chief', validFrom: '2026-01-01' };
      await client.post(`/officers/${officer.id}/appointments`, post).expect(403);
    }
    expect((await admin.get(`/officers/${officer.id}`)).body).toEqual({ ...officer, appointments: [] });
  });

  it('are changed by who has read the latest version, and the trail tells from what to what', async () => {
    const officer = await aNewOfficer({ rank: 'Sergeant', birthYear: 1990 });
    const path = `/officers/${officer.id}`;
    await admin.patch(path, { rank: 'Inspector', reason }).expect(428);
    const change = { name: 'New Name', rank: null, birthYear: 1990, reason };
    const { body } = await admin.patch(path, change, ifMatch(1)).expect(200);
    expect(body).toEqual({ ...officer, name: 'New Name', rank: null, version: 2 });
    await admin.patch(path, { rank: 'Inspector', reason }, ifMatch(1)).expect(412);
    expect(await lastEvent(SYSTEM_STREAM, 'officer.updated', officer.id)).toEqual({
      name: { from: 'Test Officer', to: 'New Name' },
      rank: { from: 'Sergeant', to: null },
      reason,
    });
  });

  it('refuse a change that changes nothing, takes the name away or has no reason', async () => {
    const officer = await aNewOfficer();
    const refused = async (dto: object): Promise<string[]> =>
      pointers((await admin.patch(`/officers/${officer.id}`, dto, ifMatch(1)).expect(400)).body);
    expect(await refused({ name: officer.name, reason })).toEqual(['']);
    expect(await refused({ birthYear: t.clock.now().getUTCFullYear() + 2, reason })).toEqual(['/birthYear']);
    const sorted = new Set(await refused({ name: null, badgeNumber: null, version: 7 }));
    expect([...sorted]).toEqual(['/badgeNumber', '/name', '/reason', '/version']);
  });

  it('answer 404 when there is none and 400 when the id is none', async () => {
    await admin.get(`/officers/${nobody}`).expect(404);
    await admin.patch(`/officers/${nobody}`, { name: 'X', reason }, ifMatch(1)).expect(404);
    await admin.get(`/officers/${nobody}/appointments`).expect(404);
    const post = { organId: t.ids.organs.station, post: 'Chief', validFrom: '2026-01-01' };
    await admin.post(`/officers/${nobody}/appointments`, post).expect(404);
    await admin.get('/officers/7').expect(400);
  });

  it('are listed newest first, page by page, and narrowed by badge number or name', async () => {
    const mark = unique('Q');
    const made = [];
    for (let i = 0; i < 5; i++)
      made.push(await aNewOfficer(i < 3 ? { name: `x${mark}y` } : { badgeNumber: `${mark}-${i}` }));
    const newestFirst = made.map(({ id }) => id).reverse();

    const found = await readAll(investigator, `/officers?q=${mark.toLowerCase()}`, 2);
    expect(found.map(({ id }) => id)).toEqual(newestFirst);
    const counted = await admin.get(`/officers?q=${mark}&limit=1&count=true`).expect(200);
    expect(counted.body).toMatchObject({ total: 5, items: [{ id: newestFirst[0] }] });
    const all = await readAll(admin, '/officers', 7);
    const rows = await t.sql('SELECT id FROM app.officer ORDER BY id DESC');
    expect(all.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  });

  it.each(['sort=name', 'limit=0', 'cursor=WyJ4Il0', 'organId=here', 'rank=Sergeant'])(
    'refuse the query ?%s',
    async (query) => {
      const { body } = await admin.get(`/officers?${query}`).expect(400);
      expect(pointers(body)[0]).toContain(query.split('=')[0]);
    },
  );
});

describe('appointments', () => {
  const today = (): string => legalDay(t.clock.now());
  const days = (n: number): string => legalDay(new Date(t.clock.now().getTime() + n * 86_400_000));
  const appoint = (officerId: string, values: object = {}, client = admin) =>
    client.post(`/officers/${officerId}/appointments`, {
      organId: t.ids.organs.station,
      post: 'Patrol',
      validFrom: '2026-01-01',
      ...values,
    });
  const end = (officerId: string, id: string, dto: object, headers = {}) =>
    admin.post(`/officers/${officerId}/appointments/${id}/end`, dto, headers);

  it('are made, raise the version of the officer, and are read with the officer and alone', async () => {
    const officer = await aNewOfficer();
    const dto = {
      organId: t.ids.organs.station,
      post: 'Patrol',
      validFrom: '2026-01-01',
      validTo: '2026-06-30',
    };
    const res = await appoint(officer.id, dto).expect(201);
    expect(res.body).toEqual({
      id: expect.any(String),
      officerId: officer.id,
      leads: false,
      ...dto,
      officerVersion: 2,
    });
    expect(res.headers['audit-receipt']).toMatch(new RegExp(`^${SYSTEM_STREAM} `));
    const appointment = { ...res.body };
    delete appointment.officerVersion;
    const second = await appoint(officer.id, { post: 'Desk' }).expect(201);

    const read = await investigator.get(`/officers/${officer.id}`).expect(200);
    expect(read.body.version).toBe(3);
    expect(read.body.appointments.map(({ id }: any) => id)).toEqual([second.body.id, appointment.id]);
    expect(read.body.appointments[1]).toEqual(appointment);
    const paged = await readAll(investigator, `/officers/${officer.id}/appointments`, 1);
    expect(paged).toEqual(read.body.appointments);
    const counted = await admin.get(`/officers/${officer.id}/appointments?count=true&limit=1`);
    expect(counted.body.total).toBe(2);
    await admin.get(`/officers/${officer.id}/appointments?post=Desk`).expect(400);
    await admin.patch(`/officers/${officer.id}`, { rank: 'Sergeant', reason }, ifMatch(1)).expect(412);
    expect(await lastEvent(SYSTEM_STREAM, 'officer.appointed', officer.id)).toEqual({
      appointmentId: second.body.id,
      leads: false,
      organId: dto.organId,
      post: 'Desk',
      validFrom: dto.validFrom,
      validTo: null,
    });
  });

  it.each([
    [{ validFrom: '2026-02-30' }, ['/validFrom']],
    [{ validFrom: '01.01.2026' }, ['/validFrom']],
    [{ validTo: '2025-02-29' }, ['/validTo']],
    [{ validTo: '2025-12-31' }, ['/validTo']],
    [{ organId: nobody }, ['/organId']],
    [{ organId: null, post: '', until: 'soon' }, ['/organId', '/post', '/until']],
  ])('refuse %j', async (values, expected) => {
    const officer = await aNewOfficer();
    const { body } = await appoint(officer.id, values).expect(400);
    expect([...new Set(pointers(body))]).toEqual(expected);
    expect((await admin.get(`/officers/${officer.id}`)).body).toMatchObject({ version: 1, appointments: [] });
  });

  it('refuse the same post in the same organ on the same day, and nothing else', async () => {
    const officer = await aNewOfficer();
    const first = await appoint(officer.id, { validFrom: '2026-01-01', validTo: '2026-03-31' }).expect(201);
    for (const period of [
      { validFrom: '2026-03-31' },
      { validFrom: '2025-01-01', validTo: '2026-01-01' },
      { validFrom: '2026-02-01', validTo: '2026-02-02' },
      { validFrom: '2025-01-01', validTo: null },
    ]) {
      const { body } = await appoint(officer.id, period).expect(409);
      expect(body).toMatchObject({ type: '/problems/appointment-overlaps', appointmentId: first.body.id });
    }
    await appoint(officer.id, { validFrom: '2026-04-01' }).expect(201);
    await appoint(officer.id, { validFrom: '2025-01-01', validTo: '2025-12-31' }).expect(201);
    await appoint(officer.id, { post: 'Desk' }).expect(201);
    await appoint(officer.id, { organId: t.ids.organs.county }).expect(201);
    await appoint((await aNewOfficer()).id).expect(201);
  });

  it('do not overlap when two are made at the same moment', async () => {
    const officer = await aNewOfficer();
    const statuses = await racing(
      t,
      'SELECT 1 FROM app.officer WHERE id = $1 FOR UPDATE',
      [officer.id],
      [async () => (await appoint(officer.id)).status, async () => (await appoint(officer.id)).status],
    );
    expect(statuses.sort()).toEqual([201, 409]);
  });

  it('end on a day, and may then end earlier but never later', async () => {
    const officer = await aNewOfficer();
    const { id } = (await appoint(officer.id).expect(201)).body;
    await end(officer.id, id, { validTo: '2026-06-30', reason }).expect(428);
    await end(officer.id, id, { validTo: '2026-06-30', reason }, ifMatch(1)).expect(412);
    const res = await end(officer.id, id, { validTo: '2026-06-30', reason }, ifMatch(2)).expect(200);
    expect(res.body).toMatchObject({ id, validFrom: '2026-01-01', validTo: '2026-06-30', officerVersion: 3 });
    expect(await lastEvent(SYSTEM_STREAM, 'officer.appointment-ended', officer.id)).toEqual({
      appointmentId: id,
      validTo: { from: null, to: '2026-06-30' },
      reason,
    });
    for (const validTo of ['2026-06-30', '2026-07-01']) {
      const { body } = await end(officer.id, id, { validTo, reason }, ifMatch(3)).expect(409);
      expect(body).toMatchObject({ type: '/problems/appointment-ended', validTo: '2026-06-30' });
    }
    await end(officer.id, id, { validTo: '2026-05-31', reason }, ifMatch(3)).expect(200);
    const read = await admin.get(`/officers/${officer.id}`);
    expect(read.body).toMatchObject({ version: 4, appointments: [{ id, validTo: '2026-05-31' }] });
  });

  it('do not end before they begin, without a reason, or on a day that does not exist', async () => {
    const officer = await aNewOfficer();
    const { id } = (await appoint(officer.id).expect(201)).body;
    const refused = async (dto: object): Promise<string[]> =>
      pointers((await end(officer.id, id, dto, ifMatch(2)).expect(400)).body);
    expect(await refused({ validTo: '2025-12-31', reason })).toEqual(['/validTo']);
    expect(await refused({ validTo: '2026-06-31', reason })).toEqual(['/validTo']);
    expect(new Set(await refused({ validTo: '2026-06-30' }))).toEqual(new Set(['/reason']));
    await end(officer.id, id, { validTo: '2026-01-01', reason }, ifMatch(2)).expect(200);
  });

  it('are found under their own officer only, and ended by administrators only', async () => {
    const [officer, other] = [await aNewOfficer(), await aNewOfficer()];
    const { id } = (await appoint(officer.id).expect(201)).body;
    await end(other.id, id, { validTo: '2026-06-30', reason }, ifMatch(1)).expect(404);
    await end(officer.id, nobody, { validTo: '2026-06-30', reason }, ifMatch(2)).expect(404);
    const path = `/officers/${officer.id}/appointments/${id}/end`;
    await investigator.post(path, { validTo: '2026-06-30', reason }, ifMatch(2)).expect(403);
  });

  it('decide who belongs to an organ today, those under it included', async () => {
    const parent = t.ids.organs.county;
    const { body: organ } = await admin
      .post('/organs', { parentId: parent, code: unique('T'), name: 'Small station', level: 'STATION' })
      .expect(201);
    const at = async (values: object): Promise<string> => {
      const officer = await aNewOfficer();
      await appoint(officer.id, { organId: organ.id, ...values }).expect(201);
      return officer.id;
    };
    const now = await at({ validFrom: '2020-01-01' });
    const firstDay = await at({ validFrom: today() });
    const lastDay = await at({ validFrom: '2020-01-01', validTo: today() });
    await at({ validFrom: days(1) });
    await at({ validFrom: '2020-01-01', validTo: days(-1) });
    const twice = await at({ validFrom: '2020-01-01' });
    await appoint(twice, { organId: organ.id, post: 'Desk' }).expect(201);

    const { body } = await admin.get(`/officers?organId=${organ.id}&count=true`).expect(200);
    expect(body.items.map(({ id }: any) => id)).toEqual([twice, lastDay, firstDay, now]);
    expect(body.total).toBe(4);
    const above = await readAll(admin, `/officers?organId=${parent}`, 200);
    expect(above.map(({ id }) => id)).toEqual(expect.arrayContaining([now, firstDay, lastDay, twice]));
    const sideways = await readAll(admin, `/officers?organId=${t.ids.organs.oversight}`, 200);
    expect(sideways.map(({ id }) => id)).not.toContain(now);
    expect((await admin.get(`/officers?organId=${nobody}`).expect(200)).body.items).toEqual([]);
  });
});

describe('officers of an import', () => {
  const run = async (system: string, entries: ImportedOfficer[]) => {
    const actor = await actorAs(t, 'intake-officer');
    return t.get(UnitOfWork).run(actor, async (tx) => {
      const found = await t.get(OfficersService).findOrCreateImported(tx, system, entries);
      tx.record({ type: 'import.requested', stream: SYSTEM_STREAM, target: { kind: 'import', id: newId() } });
      return found;
    });
  };

  it('are recorded once by system and key, with one event each and an appointment of unknown beginning', async () => {
    const system = unique('payroll');
    const taken = (await aNewOfficer()).badgeNumber;
    const full = { key: 'a', badgeNumber: taken, name: '李', rank: 'Sergeant', birthYear: 1980 };
    const first = await run(system, [
      { ...full, organId: t.ids.organs.station, post: 'Patrol' },
      { key: 'a', name: 'the same key again' },
      { key: 'b', organId: t.ids.organs.station },
      { key: 'c', badgeNumber: null, name: null, organId: null },
    ]);
    expect(first.added).toBe(3);
    expect([...first.ids.keys()].sort()).toEqual(['a', 'b', 'c']);

    const a = (await admin.get(`/officers/${first.ids.get('a')}`).expect(200)).body;
    const { key, ...person } = full;
    expect(a).toMatchObject({ ...person, origin: { system, key }, version: 1 });
    const appointment = {
      organId: t.ids.organs.station,
      post: 'Patrol',
      leads: false,
      validFrom: null,
      validTo: null,
    };
    expect(a.appointments).toEqual([{ id: expect.any(String), officerId: a.id, ...appointment }]);
    const b = (await admin.get(`/officers/${first.ids.get('b')}`)).body;
    expect(b).toMatchObject({ name: null, badgeNumber: null, appointments: [{ post: 'UNKNOWN' }] });
    expect((await admin.get(`/officers/${first.ids.get('c')}`)).body.appointments).toEqual([]);
    // Nobody knows since when, so they belong there today.
    const { items } = (await admin.get(`/officers?organId=${t.ids.organs.station}&limit=2`)).body;
    expect(items.map(({ id }: any) => id)).toEqual([b.id, a.id]);
    expect(await lastEvent(SYSTEM_STREAM, 'officer.created', a.id)).toMatchObject({ system, ...full });

    const second = await run(system, [{ key: 'd' }, { key: 'b', name: 'changed meanwhile' }]);
    expect(second.added).toBe(1);
    expect(second.ids.get('b')).toBe(b.id);
    expect((await admin.get(`/officers/${b.id}`)).body).toEqual(b);
    const elsewhere = await run(unique('payroll'), [{ key: 'b' }]);
    expect(elsewhere.ids.get('b')).not.toBe(b.id);
    expect(await run(system, [])).toEqual({ ids: new Map(), added: 0 });
  });

  it('are the same for two imports at the same moment', async () => {
    const system = unique('payroll');
    const lock = `SELECT pg_advisory_xact_lock(hashtextextended('officers of ' || $1, 0))`;
    const work = () => run(system, [{ key: 'x' }, { key: 'y' }]);
    const [one, other] = await racing(t, lock, [system], [work, work]);
    expect(one!.ids).toEqual(other!.ids);
    expect([one!.added, other!.added].sort()).toEqual([0, 2]);
  });
});

describe('users', () => {
  const password = 'a long enough secret';
  const aUser = (values: object = {}) => ({
    username: unique('user'),
    displayName: 'Test User',
    ...values,
  });
  /** As it is before its owner has chosen a password. */
  const aNewUser = async (values: object = {}): Promise<any> => {
    const { body } = await admin.post('/users', aUser(values)).expect(201);
    delete body.firstPassword;
    return body;
  };
  const grant = (userId: string, values: object = {}, client = admin) =>
    client.post(`/users/${userId}/grants`, {
      role: 'ADMINISTRATOR',
      organId: t.ids.organs.county,
      reason,
      ...values,
    });
  const revoke = (userId: string, grantId: string, client = admin) =>
    client.post(`/users/${userId}/grants/${grantId}/revoke`, { reason });
  /** A session of an account that has no password of its owner’s yet. */
  const signIn = ({ id }: { id: string }): Promise<Client> => signedIn(t, id);
  /** Another administrator: of the county and what is under it. */
  const aCountyAdministrator = async (): Promise<{ user: any; client: Client }> => {
    const user = await aNewUser();
    await grant(user.id).expect(201);
    return { user, client: await signIn(user) };
  };

  it('are created by an administrator and can then sign in, but do nothing yet', async () => {
    const dto = aUser({ officerId: t.ids.officers[0] });
    const res = await admin.post('/users', dto).expect(201);
    const { username, displayName, officerId } = dto as Record<string, any>;
    expect(res.body).toEqual({
      id: expect.any(String),
      username,
      displayName,
      officerId,
      oidcSubject: null,
      status: 'ACTIVE',
      createdAt: expect.any(String),
      firstPassword: expect.any(String),
      firstPasswordUntil: expect.any(String),
      version: 1,
    });
    expect(res.headers['audit-receipt']).toMatch(new RegExp(`^${res.body.id} 0 \\S{44}$`));
    expect(await lastEvent(res.body.id, 'user.created', res.body.id)).toEqual({
      username,
      displayName,
      officerId,
    });
    const client = await signIn(res.body);
    expect((await client.get('/auth/me').expect(200)).body.grants).toEqual([]);
    await client.get('/users').expect(403);
    const shown = { ...res.body, grants: [] };
    delete shown.firstPassword;
    expect((await admin.get(`/users/${res.body.id}`).expect(200)).body).toEqual(shown);
  });

  it.each([
    [{ password: 'chosen by somebody else' }, ['/password']],
    [{ username: 'x' }, ['/username']],
    [{ username: 'Capital' }, ['/username']],
    [{ username: '-dash' }, ['/username']],
    [{ username: 'two words' }, ['/username']],
    [{ username: 'x'.repeat(65) }, ['/username']],
    [{ officerId: nobody }, ['/officerId']],
    [{ displayName: '', status: 'SYSTEM', passwordHash: 'x' }, ['/displayName', '/passwordHash', '/status']],
  ])('are not created with %j', async (values, expected) => {
    const { body } = await admin.post('/users', aUser(values)).expect(400);
    expect([...new Set(pointers(body))]).toEqual(expected);
  });

  it('are not created with a name that is taken', async () => {
    const { username } = await aNewUser();
    const { body } = await admin.post('/users', aUser({ username })).expect(409);
    expect(body).toMatchObject({ type: '/problems/username-taken', errors: [{ pointer: '/username' }] });
    await admin.post('/users', aUser({ username: 'plumbline' })).expect(409);
  });

  it('are read and changed by administrators only; to others they do not exist', async () => {
    const user = await aNewUser();
    const given = (await grant(user.id).expect(201)).body;
    for (const role of ['investigator', 'supervisor', 'agency-head', 'auditor', 'officer']) {
      const client = await t.as(role);
      await client.get('/users').expect(403);
      await client.post('/users', aUser()).expect(403);
      await client.get(`/users/${user.id}`).expect(404);
      await client.get(`/users/${t.ids.users[role]}`).expect(404);
      await client.patch(`/users/${user.id}`, { displayName: 'Mine', reason }, ifMatch(2)).expect(404);
      await client.post(`/users/${user.id}/password`, { reason }).expect(404);
      await grant(user.id, { role: 'AUDITOR' }, client).expect(404);
      await revoke(user.id, given.id, client).expect(404);
    }
    await t.anonymous.get('/users').expect(401);
    expect((await admin.get(`/users/${user.id}`)).body).toMatchObject({
      version: 2,
      displayName: 'Test User',
    });
  });

  it('do not include the account of the system, which nobody can change', async () => {
    const all = await readAll(admin, '/users', 200);
    expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining([t.ids.users['investigator']]));
    expect(all.map(({ id }) => id)).not.toContain(SYSTEM_USER);
    await admin.get(`/users/${SYSTEM_USER}`).expect(404);
    await admin.patch(`/users/${SYSTEM_USER}`, { status: 'ACTIVE', reason }, ifMatch(1)).expect(404);
    await admin.post(`/users/${SYSTEM_USER}/password`, { reason }).expect(404);
    await grant(SYSTEM_USER).expect(404);
    await admin.get('/users?status=SYSTEM').expect(400);
  });

  it('are listed newest first, page by page, and narrowed by text, status and role', async () => {
    const mark = unique('who');
    const made = [];
    for (let i = 0; i < 5; i++) {
      made.push(
        await aNewUser(i % 2 ? { username: `${mark}${i}` } : { displayName: `Ms. ${mark.toUpperCase()}` }),
      );
    }
    const newestFirst = made.map(({ id }) => id).reverse();
    const found = await readAll(admin, `/users?q=${mark}`, 2);
    expect(found.map(({ id }) => id)).toEqual(newestFirst);
    expect(found[0]).toEqual({ ...made[4], roles: [] });

    await admin.patch(`/users/${made[0].id}`, { status: 'DISABLED', reason }, ifMatch(1)).expect(200);
    const disabled = await admin.get(`/users?q=${mark}&status=DISABLED&count=true`).expect(200);
    expect(disabled.body).toMatchObject({ total: 1, items: [{ id: made[0].id }] });

    const day = legalDay(t.clock.now());
    const role = 'IDENTITY_CUSTODIAN';
    await grant(made[1].id, { role, validTo: day }).expect(201);
    await grant(made[2].id, { role, validFrom: '2199-01-01' }).expect(201);
    await grant(made[3].id, { role, validFrom: '2020-01-01', validTo: '2020-12-31' }).expect(201);
    const revoked = (await grant(made[4].id, { role }).expect(201)).body;
    await revoke(made[4].id, revoked.id).expect(200);
    const holders = await admin.get(`/users?q=${mark}&role=${role}&count=true`).expect(200);
    expect(holders.body.items.map(({ id }: any) => id)).toEqual([made[1].id]);
    expect(holders.body.total).toBe(1);

    // Each line has what is in force today, and nothing that is over, still to come or revoked.
    await grant(made[1].id, { role: 'AUDITOR', organId: t.ids.organs.ministry }).expect(201);
    const { body } = await admin.get(`/users?q=${mark}`).expect(200);
    expect(body.items.map(({ roles }: any) => roles)).toEqual([
      [],
      [],
      [],
      [
        { role, organId: t.ids.organs.county },
        { role: 'AUDITOR', organId: t.ids.organs.ministry },
      ],
      [],
    ]);
  });

  it.each(['sort=name', 'limit=0', 'cursor=WyJ4Il0', 'role=KING', 'status=GONE', 'passwordHash=x'])(
    'refuse the query ?%s',
    async (query) => {
      const { body } = await admin.get(`/users?${query}`).expect(400);
      expect(pointers(body)[0]).toContain(query.split('=')[0]);
    },
  );

  it('are changed by who has read the latest version, and the trail tells from what to what', async () => {
    const user = await aNewUser();
    const path = `/users/${user.id}`;
    const change = { displayName: 'New Name', officerId: t.ids.officers[1], reason };
    await admin.patch(path, change).expect(428);
    const res = await admin.patch(path, change, ifMatch(1)).expect(200);
    const { displayName, officerId } = change;
    expect(res.body).toEqual({ ...user, displayName, officerId, version: 2 });
    expect(res.headers['audit-receipt']).toMatch(new RegExp(`^${user.id} 1 `));
    await admin.patch(path, { displayName: 'Late Name', reason }, ifMatch(1)).expect(412);
    expect(await lastEvent(user.id, 'user.updated', user.id)).toEqual({
      displayName: { from: 'Test User', to: displayName },
      officerId: { from: null, to: officerId },
      reason,
    });
    const unlinked = await admin.patch(path, { officerId: null, reason }, ifMatch(2)).expect(200);
    expect(unlinked.body.officerId).toBeNull();
    await signIn(user);
  });

  it.each([
    [{ displayName: 'Test User', reason }, ['']],
    [{ displayName: null, status: null, reason }, ['/displayName', '/status']],
    [{ status: 'SYSTEM', reason }, ['/status']],
    [{ officerId: nobody, reason }, ['/officerId']],
    [{ displayName: 'X' }, ['/reason']],
    [{ username: 'other', password: 'x', reason }, ['/password', '/username']],
  ])('refuse the change %j', async (dto, expected) => {
    const user = await aNewUser();
    const { body } = await admin.patch(`/users/${user.id}`, dto, ifMatch(1)).expect(400);
    expect([...new Set(pointers(body))]).toEqual(expected);
  });

  it('answer 404 when there is none and 400 when the id is none', async () => {
    await admin.get(`/users/${nobody}`).expect(404);
    await admin.patch(`/users/${nobody}`, { displayName: 'X', reason }, ifMatch(1)).expect(404);
    await admin.post(`/users/${nobody}/password`, { reason }).expect(404);
    await grant(nobody).expect(404);
    await admin.get('/users/me').expect(400);
  });

  it('lose every session at once when they are disabled, and those stay lost', async () => {
    const user = await aNewUser();
    const [one, other] = [await signIn(user), await signIn(user)];
    await one.get('/auth/me').expect(200);
    await admin.patch(`/users/${user.id}`, { status: 'DISABLED', reason }, ifMatch(1)).expect(200);
    await one.get('/auth/me').expect(401);
    await other.get('/auth/me').expect(401);
    await t.anonymous.post('/auth/login', { username: user.username, password }).expect(401);

    await admin.patch(`/users/${user.id}`, { status: 'ACTIVE', reason }, ifMatch(2)).expect(200);
    await one.get('/auth/me').expect(401);
    await (await signIn(user)).get('/auth/me').expect(200);
  });

  it('have their sessions ended by an administrator, with a reason, and sign in again', async () => {
    const user = await aNewUser();
    const before = await signIn(user);
    await admin.post(`/users/${user.id}/end-sessions`, { reason }).expect(204);
    await before.get('/auth/me').expect(401);
    await (await signIn(user)).get('/auth/me').expect(200);
    expect(await lastEvent(user.id, 'user.sessions-ended', user.id)).toEqual({ reason });
    await admin.post(`/users/${user.id}/end-sessions`).expect(400);
  });

  it('cannot disable themselves or change which officer they are, though their name they can', async () => {
    const { user, client } = await aCountyAdministrator();
    const path = `/users/${user.id}`;
    const disable = await client.patch(path, { status: 'DISABLED', reason }, ifMatch(2)).expect(403);
    expect(disable.body.detail).toBe('Nobody can disable their own account.');
    await client.patch(path, { officerId: t.ids.officers[0], reason }, ifMatch(2)).expect(403);
    await client.patch(path, { displayName: 'Myself', reason }, ifMatch(2)).expect(200);
    expect((await admin.get(path)).body).toMatchObject({ status: 'ACTIVE', officerId: null });
  });

  it('are made by the command line only in the capacity of an administrator', async () => {
    const users = t.get(UsersService);
    await expect(users.create(systemActor, aUser())).rejects.toMatchObject({ status: 403 });
    const organId = t.ids.organs.ministry;
    const actor = systemWith([{ role: 'ADMINISTRATOR', organId, organIds: [organId] }]);
    await expect(users.createWithPassword(actor, aUser(), 'short')).rejects.toMatchObject({ status: 400 });
    const user = await users.createWithPassword(actor, aUser(), password);
    await users.grant(actor, user.id, { role: 'ADMINISTRATOR', organId, reason });
    // Who makes the first account chooses its password, and signs in with it at once.
    const { username } = user;
    const { body } = await t.anonymous.post('/auth/login', { username, password }).expect(200);
    await t.withToken(body.accessToken).get('/users').expect(200);
  });

  describe('and their grants', () => {
    it('give a permission in the next request and take it away in the next request', async () => {
      const user = await aNewUser();
      const client = await signIn(user);
      await client.get('/users').expect(403);
      const given = await grant(user.id).expect(201);
      expect(given.body).toEqual({
        id: expect.any(String),
        userId: user.id,
        role: 'ADMINISTRATOR',
        organId: t.ids.organs.county,
        validFrom: legalDay(t.clock.now()),
        validTo: null,
        grantedBy: t.ids.users['administrator'],
        reason,
        createdAt: expect.any(String),
        revokedAt: null,
        userVersion: 2,
      });
      expect(given.headers['audit-receipt']).toMatch(new RegExp(`^${user.id} \\d+ `));
      await client.get('/users').expect(200);

      const revoked = await revoke(user.id, given.body.id).expect(200);
      expect(revoked.body).toEqual({ ...given.body, revokedAt: expect.any(String), userVersion: 3 });
      await client.get('/users').expect(403);
      await revoke(user.id, given.body.id).expect(409);

      const { role, organId, validFrom, validTo } = given.body;
      const values = { grantId: given.body.id, role, organId, reason };
      expect(await lastEvent(user.id, 'user.granted', user.id)).toEqual({ ...values, validFrom, validTo });
      expect(await lastEvent(user.id, 'user.grant-revoked', user.id)).toEqual(values);
      const again = (await grant(user.id, { role: 'AUDITOR' }).expect(201)).body;
      const read = await admin.get(`/users/${user.id}`).expect(200);
      expect(read.body.version).toBe(4);
      expect(read.body.grants.map(({ id, revokedAt }: any) => [id, revokedAt === null])).toEqual([
        [again.id, true],
        [given.body.id, false],
      ]);
      await admin.patch(`/users/${user.id}`, { displayName: 'X', reason }, ifMatch(3)).expect(412);
    });

    it('hold on their days only', async () => {
      const user = await aNewUser();
      const client = await signIn(user);
      await grant(user.id, { validFrom: '2020-01-01', validTo: '2020-12-31' }).expect(201);
      await grant(user.id, { validFrom: '2199-01-01' }).expect(201);
      await client.get('/users').expect(403);
    });

    it.each([
      [{ role: 'KING' }, ['/role']],
      [{ organId: nobody }, ['/organId']],
      [{ validFrom: '2026-02-30' }, ['/validFrom']],
      [{ validFrom: null }, ['/validFrom']],
      [{ validFrom: '2026-02-02', validTo: '2026-02-01' }, ['/validTo']],
      [{ validTo: '2020-01-01' }, ['/validTo']],
      [{ reason: '' }, ['/reason']],
      [{ grantedBy: nobody }, ['/grantedBy']],
    ])('are refused with %j', async (values, expected) => {
      const user = await aNewUser();
      const { body } = await grant(user.id, values).expect(400);
      expect([...new Set(pointers(body))]).toEqual(expected);
      expect((await admin.get(`/users/${user.id}`)).body).toMatchObject({ version: 1, grants: [] });
    });

    it('are never given to oneself', async () => {
      const { user, client } = await aCountyAdministrator();
      const { body } = await grant(user.id, { role: 'INVESTIGATOR' }, client).expect(403);
      expect(body.detail).toBe('Nobody grants a role to themselves. Ask another administrator.');
      await grant(t.ids.users['administrator']!, { role: 'INVESTIGATOR' }).expect(403);
    });

    it('reach no further than the organs of the administrator', async () => {
      const { client } = await aCountyAdministrator();
      const user = await aNewUser();
      await grant(user.id, { role: 'AUDITOR', organId: t.ids.organs.city }, client).expect(403);
      await grant(user.id, { role: 'AUDITOR', organId: t.ids.organs.county }, client).expect(201);
      const below = await grant(
        user.id,
        { role: 'AUDITOR', organId: t.ids.organs.station.toUpperCase() },
        client,
      );
      expect(below.body).toMatchObject({ organId: t.ids.organs.station });
      await revoke(user.id, below.body.id, client).expect(200);
      const above = (await grant(user.id, { role: 'AUDITOR', organId: t.ids.organs.city }).expect(201)).body;
      await revoke(user.id, above.id, client).expect(403);
    });

    it('protect their holder from administrators of other organs', async () => {
      const { client } = await aCountyAdministrator();
      const user = await aNewUser();
      const path = `/users/${user.id}`;
      const above = (await grant(user.id, { role: 'SUPERVISOR', organId: t.ids.organs.city }).expect(201))
        .body;
      await client.patch(path, { status: 'DISABLED', reason }, ifMatch(2)).expect(403);
      await client.post(`${path}/password`, { reason }).expect(403);
      await signIn(user);
      await revoke(user.id, above.id).expect(200);
      const over = {
        role: 'AUDITOR',
        organId: t.ids.organs.city,
        validFrom: '2020-01-01',
        validTo: '2020-12-31',
      };
      await grant(user.id, over).expect(201);
      await client.post(`${path}/password`, { reason }).expect(200);
      await grant(user.id, {
        role: 'SUPERVISOR',
        organId: t.ids.organs.city,
        validFrom: '2199-01-01',
      }).expect(201);
      await client.post(`${path}/password`, { reason }).expect(403);
    });

    it('are not given twice for the same time, but again after they were revoked', async () => {
      const user = await aNewUser();
      const first = (await grant(user.id, { role: 'AUDITOR' }).expect(201)).body;
      const { body } = await grant(user.id, { role: 'AUDITOR', validTo: '2199-12-31' }).expect(409);
      expect(body).toMatchObject({ type: '/problems/already-granted', grantId: first.id });
      await grant(user.id, { role: 'AUDITOR', organId: t.ids.organs.city }).expect(201);
      await grant(user.id, { role: 'AUDITOR', validFrom: '2020-01-01', validTo: '2020-12-31' }).expect(201);
      await grant(user.id, { role: 'SUPERVISOR' }).expect(201);
      await revoke(user.id, first.id).expect(200);
      await grant(user.id, { role: 'AUDITOR' }).expect(201);
    });

    it('are given once when two administrators do it at the same moment', async () => {
      const user = await aNewUser();
      const work = async () => (await grant(user.id, { role: 'AUDITOR' })).status;
      const lock = 'SELECT 1 FROM app.user_account WHERE id = $1 FOR UPDATE';
      expect((await racing(t, lock, [user.id], [work, work])).sort()).toEqual([201, 409]);
    });

    it('are found under their own user only', async () => {
      const [user, other] = [await aNewUser(), await aNewUser()];
      const { id } = (await grant(user.id).expect(201)).body;
      await revoke(other.id, id).expect(404);
      await revoke(user.id, nobody).expect(404);
      const { body } = await admin.post(`/users/${user.id}/grants/${id}/revoke`, {}).expect(400);
      expect([...new Set(pointers(body))]).toEqual(['/reason']);
    });
  });
});
