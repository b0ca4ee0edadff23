import { PATH_METADATA } from '@nestjs/common/constants';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import fc from 'fast-check';
import { STATUS_CODES } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Response, Test } from 'supertest';
import { HistoryQuery } from '../src/casefiles/dto/history.dto.js';
import { encodeCursor, ListQuery } from '../src/common/pages.js';
import { OF_NO_ALERT, startTestApp, type Client, type Headers, type TestApp } from './support/app.js';
import { aCase, anAllegation, anIntake, type CaseUnderTest } from './support/builders.js';
import { aDraft, aSmallRequest } from './support/deployments.js';
import { ended, TINY_MAPPING, tinyFile, upload } from './support/imports.js';

const NOBODY = '01900000-0000-7000-8000-00000000dead';
/** In every refused body; no refusal may repeat it. */
const SECRET = 'the words of the reporter';

let t: TestApp;
let intake: Client;
let supervisor: Client;
let admin: Client;
let auditor: Client;
let requester: Client;
let approver: Client;
let registered: CaseUnderTest;
/** An import of the supervisor's. */
let importId: string;
let deploymentId: string;

beforeAll(async () => {
  t = await startTestApp();
  [intake, supervisor, admin, auditor, requester, approver] = await Promise.all([
    t.as('intake-officer'),
    t.as('supervisor'),
    t.as('administrator'),
    t.as('auditor'),
    t.as('deployment-requester'),
    t.as('deployment-approver'),
  ]);
  registered = await aCase(t);
  deploymentId = (await aDraft(requester, aSmallRequest(t))).id;
  const rows = tinyFile('T-1,2026-03-02,fine,No receipt', 'T-2,2026-03-02,wrong,Rejected');
  const { body } = await upload(supervisor, { mapping: TINY_MAPPING, files: rows }).expect(202);
  importId = body.id;
  expect(await ended(supervisor, importId)).toMatchObject({ status: 'DONE' });
});
afterAll(() => t?.stop());

/** How many rows there are of everything that a write would leave behind. */
async function stored(): Promise<unknown> {
  const [row] = await t.sql(`SELECT
    (SELECT count(*) FROM app."case") AS cases, (SELECT sum(version) FROM app."case") AS versions,
    (SELECT count(*) FROM app.allegation) AS allegations, (SELECT count(*) FROM app.case_deed) AS deeds,
    (SELECT count(*) FROM app.organ) AS organs, (SELECT count(*) FROM app.officer) AS officers,
    (SELECT count(*) FROM app.user_account) AS users,
    -- A try at what one may not see is an event, and no write.
    (SELECT count(*) FROM audit.entry WHERE position('"read.denied"'::bytea IN body) = 0
       AND ${OF_NO_ALERT}) AS events,
    (SELECT count(*) FROM app.idempotency_key) AS keys`);
  return row;
}

interface Problem {
  type: string;
  errors?: { pointer: string; message: string }[];
  [member: string]: unknown;
}

/** What no refusal may tell: where the code lies, what it asked the database, what the caller wrote. */
const inner =
  /node_modules|\.(ts|js|sql):\d|\n\s+at |\/(src|dist|home|usr|work|var|tmp)\/|\b(SELECT|INSERT|UPDATE|FROM|WHERE)\b|app\."?case|audit\.|violates|QueryFailed|TypeError|SyntaxError|Unexpected token/;

/** A refusal as RFC 9457 and the conventions want it. */
function problemOf(response: Response, status: number): Problem {
  const { body, headers, text } = response;
  expect({ status: response.status, text }).toMatchObject({ status });
  expect(headers['content-type']).toMatch(/^application\/problem\+json\b/);
  expect(body).toMatchObject({
    type: expect.stringMatching(/^\/problems\/[a-z][a-z-]+$/),
    title: STATUS_CODES[status],
    status,
    detail: expect.stringMatching(/^[A-Z].{10,}\.$/),
    instance: headers['x-request-id'],
  });
  expect(body.instance).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers['cache-control']).toBe('no-store');
  expect(text).not.toMatch(inner);
  expect(text).not.toContain(SECRET);
  return body as Problem;
}

/** Sends, expects the refusal, and that nothing was stored. */
async function refused(send: () => Test, status: number, type: string): Promise<Problem> {
  const before = await stored();
  const problem = problemOf(await send(), status);
  expect(problem.type).toBe(`/problems/${type}`);
  expect(await stored()).toEqual(before);
  return problem;
}

const pointers = (problem: Problem): string[] => [...new Set(problem.errors?.map(({ pointer }) => pointer))];

async function invalid(send: () => Test, expected: string[]): Promise<void> {
  const problem = await refused(send, 400, 'invalid-input');
  expect(pointers(problem)).toEqual(expected);
  for (const { message } of problem.errors!) expect(message).toMatch(/\S{2,}/);
}

/** Sends these bytes as they are. */
const raw = (
  client: Client,
  path: string,
  body: string | Buffer,
  type = 'application/json',
  headers: Headers = {},
): Test =>
  client
    .request('post', path, { 'content-type': type, ...headers })
    .serialize((bytes) => bytes as string)
    .send(body as string);

const intakeOf = (overrides: Record<string, unknown>): Record<string, unknown> =>
  anIntake(t, { statement: SECRET, ...overrides });
const withAllegation = (overrides: Record<string, unknown>): Record<string, unknown> =>
  intakeOf({ allegations: [anAllegation(t, overrides)] });

const nested = (depth: number): unknown => (depth === 0 ? 'deep' : [nested(depth - 1)]);

describe('bodies that cannot be read are refused', () => {
  it.each<[string, string | Buffer]>([
    ['cut off', `{"statement": "${SECRET}"`],
    ['with a comma too many', `{"statement": "${SECRET}",}`],
    ['with a quotation mark too few', `{"statement": ${SECRET}"}`],
    ['that is no JSON at all', SECRET],
    ['that is a text', `"${SECRET}"`],
    ['that is a number', '5'],
    ['that is null', 'null'],
    ['with a number that JSON does not have', '{"statement": NaN}'],
    ['with bytes that are not UTF-8', Buffer.from(`{"statement": "${SECRET} \xff\xfe"}`, 'latin1')],
    [
      'with half of a Chinese character',
      Buffer.concat([
        Buffer.from(`{"statement": "${SECRET} `),
        Buffer.from('警').subarray(0, 2),
        Buffer.from('"}'),
      ]),
    ],
  ])('a body %s', async (_, body) => {
    const problem = await refused(() => raw(intake, '/cases', body), 400, 'malformed-body');
    expect(problem.detail).toMatch(/^The body /);
  });

  it('a body that is no zip although it says so', async () => {
    const zipped = { 'content-encoding': 'gzip' };
    await refused(() => raw(intake, '/cases', SECRET, 'application/json', zipped), 400, 'bad-request');
  });

  it('a body that grows beyond the limit when it is unpacked', async () => {
    const body = gzipSync(JSON.stringify(intakeOf({ statement: 'x'.repeat(2_000_000) })));
    expect(body.length).toBeLessThan(10_000);
    const zipped = { 'content-encoding': 'gzip' };
    await refused(() => raw(intake, '/cases', body, 'application/json', zipped), 413, 'body-too-large');
  });

  it('a body of 2 MB, with what the limit is', async () => {
    const body = JSON.stringify(intakeOf({ statement: 'x'.repeat(2_000_000) }));
    const problem = await refused(() => raw(intake, '/cases', body), 413, 'body-too-large');
    expect(problem.detail).toBe('The body is larger than 1 MB.');
  });

  it.each([
    ['text/plain', SECRET],
    ['application/x-www-form-urlencoded', 'statement=x'],
    ['application/xml', '<case/>'],
    ['application/problem+json', '{}'],
    ['application/json; charset=iso-8859-1', '{}'],
  ])('a body of the type %s', async (type, body) => {
    await refused(() => raw(intake, '/cases', body, type), 415, 'unsupported-media-type');
    await refused(() => raw(admin, '/organs', body, type), 415, 'unsupported-media-type');
  });

  it('a body with an encoding that is none', async () => {
    await refused(
      () => raw(intake, '/cases', '{}', 'application/json', { 'content-encoding': 'rot13' }),
      415,
      'unsupported-media-type',
    );
  });

  it('a body that holds nothing, with a pointer to each field that is wanted', async () => {
    const wanted = [
      '/channel',
      '/receivedAt',
      '/receivingOrganId',
      '/reporter',
      '/statement',
      '/allegations',
    ];
    await invalid(() => intake.request('post', '/cases'), wanted);
    await invalid(() => intake.post('/cases', {}), wanted);
    await invalid(() => intake.post('/cases', []), wanted);
    await invalid(() => intake.post('/cases', [intakeOf({})]), ['/0', ...wanted]);
  });
});

describe('an intake is refused, with a pointer to what is wrong,', () => {
  it.each<[string, () => Record<string, unknown>, string[]]>([
    // Fields that are unknown, at each depth
    ['with an unknown field', () => intakeOf({ priority: 1 }), ['/priority']],
    [
      'with a field that the server sets',
      () => intakeOf({ id: NOBODY, status: 'CLOSED', version: 7 }),
      ['/id', '/status', '/version'],
    ],
    [
      'with an unknown field of the reporter',
      () => intakeOf({ reporter: { kind: 'ANONYMOUS', phone: '1' } }),
      ['/reporter/phone'],
    ],
    [
      'with an unknown field of an allegation',
      () => withAllegation({ severity: 'HIGH' }),
      ['/allegations/0/severity'],
    ],
    [
      'with an unknown field of a subject',
      () => withAllegation({ subjects: [{ description: 'tall', role: 'UNKNOWN', badge: 7 }] }),
      ['/allegations/0/subjects/0/badge'],
    ],
    [
      'with an unknown field of a person',
      () => withAllegation({ affectedPersons: [{ name: 'X', age: 7 }] }),
      ['/allegations/0/affectedPersons/0/age'],
    ],
    [
      'with an unknown field of an amount',
      () => withAllegation({ affectedPersons: [{ loss: { amount: '1', currency: 'CNY', rate: 1 } }] }),
      ['/allegations/0/affectedPersons/0/loss/rate'],
    ],
    [
      'with an unknown fact',
      () => withAllegation({ facts: { colour: 'red' } }),
      ['/allegations/0/facts/colour'],
    ],
    [
      'with an unknown field of a fact',
      () => withAllegation({ facts: { payers: [{ amount: { amount: '1', currency: 'CNY' }, shoe: 42 }] } }),
      ['/allegations/0/facts/payers/0/shoe'],
    ],
    ['with an unknown field whose name needs escaping', () => intakeOf({ 'a/b~c': 1 }), ['/a~1b~0c']],
    [
      'with unknown fields that each object inherits',
      () => intakeOf({ toString: 1, hasOwnProperty: 1, valueOf: { a: 1 } }),
      ['/toString', '/hasOwnProperty', '/valueOf'],
    ],
    [
      'with such a field of an allegation',
      () => withAllegation({ isPrototypeOf: 1 }),
      ['/allegations/0/isPrototypeOf'],
    ],
    // Facts
    [
      'with the facts of another category',
      () => withAllegation({ facts: { sessions: [] } }),
      ['/allegations/0/facts/sessions'],
    ],
    [
      'with a fact that is computed',
      () => withAllegation({ facts: { totalAmount: [] } }),
      ['/allegations/0/facts/totalAmount'],
    ],
    ['with facts that are a list', () => withAllegation({ facts: [] }), ['/allegations/0/facts']],
    [
      'with a fact that is of the wrong type',
      () => withAllegation({ facts: { basisExists: 'no' } }),
      ['/allegations/0/facts/basisExists'],
    ],
    [
      'with a fact that has no such code',
      () => withAllegation({ facts: { kind: 'BRIBE' } }),
      ['/allegations/0/facts/kind'],
    ],
    [
      'with an amount that is a number',
      () => withAllegation({ facts: { payers: [{ amount: { amount: 5, currency: 'CNY' } }] } }),
      ['/allegations/0/facts/payers/0/amount/amount'],
    ],
    [
      'with an amount below nought',
      () => withAllegation({ facts: { legalMaximum: { amount: '-5.00', currency: 'CNY' } } }),
      ['/allegations/0/facts/legalMaximum/amount'],
    ],
    [
      'with an amount with an exponent',
      () => withAllegation({ affectedPersons: [{ loss: { amount: '1e9', currency: 'CNY' } }] }),
      ['/allegations/0/affectedPersons/0/loss/amount'],
    ],
    [
      'with an amount without currency',
      () => withAllegation({ affectedPersons: [{ loss: { amount: '1' } }] }),
      ['/allegations/0/affectedPersons/0/loss/currency'],
    ],
    // Codes
    ['with a channel that does not exist', () => intakeOf({ channel: 'PIGEON' }), ['/channel']],
    ['with a channel in small letters', () => intakeOf({ channel: 'hotline' }), ['/channel']],
    ['with the channel of imports', () => intakeOf({ channel: 'IMPORT' }), ['/channel']],
    [
      'with a kind of reporter that does not exist',
      () => intakeOf({ reporter: { kind: 'SECRET' } }),
      ['/reporter/kind'],
    ],
    [
      'with a category that does not exist',
      () => withAllegation({ category: 'RUDENESS' }),
      ['/allegations/0/category'],
    ],
    ['without a category', () => withAllegation({ category: undefined }), ['/allegations/0/category']],
    [
      'with a role that does not exist',
      () => withAllegation({ subjects: [{ description: 'tall', role: 'BOSS' }] }),
      ['/allegations/0/subjects/0/role'],
    ],
    [
      'with an injury that does not exist',
      () => withAllegation({ affectedPersons: [{ injuryLevel: 'BAD' }] }),
      ['/allegations/0/affectedPersons/0/injuryLevel'],
    ],
    // Times
    ...[
      ['on 30 February', '2026-02-30T09:15:00+08:00'],
      ['on 29 February of a year without one', '2025-02-29T09:15:00+08:00'],
      ['at 25 hours', '2026-03-02T25:00:00+08:00'],
      ['at 24 hours', '2026-03-02T24:00:00+08:00'],
      ['at 60 seconds', '2026-03-02T09:15:60+08:00'],
      ['without an offset', '2026-03-02T09:15:00'],
      ['with an offset that is none', '2026-03-02T09:15:00+25:00'],
      ['without a time', '2026-03-02'],
      ['without seconds', '2026-03-02T09:15+08:00'],
      ['in words', 'yesterday'],
      ['as a number', 1772414100],
      ['in the future', '2199-01-01T00:00:00+08:00'],
      ['before 1900', '1899-12-31T00:00:00+08:00'],
      ['that is null', null],
    ].map(([name, receivedAt]): [string, () => Record<string, unknown>, string[]] => [
      `received ${name}`,
      () => intakeOf({ receivedAt }),
      ['/receivedAt'],
    ]),
    [
      'of an act on 31 April',
      () => withAllegation({ occurredFrom: '2025-04-31T10:00:00Z' }),
      ['/allegations/0/occurredFrom'],
    ],
    [
      'of an act in the future',
      () => withAllegation({ occurredFrom: '2198-01-01T10:00:00Z' }),
      ['/allegations/0/occurredFrom'],
    ],
    [
      'of an act that ends in the future',
      () => withAllegation({ occurredTo: '2198-01-01T10:00:00Z' }),
      ['/allegations/0/occurredTo'],
    ],
    [
      'of an act that ended before it began',
      () => withAllegation({ occurredTo: '2026-02-27T01:59:59Z' }),
      ['/allegations/0/occurredTo'],
    ],
    [
      'with a fact on 30 February',
      () => withAllegation({ facts: { payers: [{ date: '2026-02-30' }] } }),
      ['/allegations/0/facts/payers/0/date'],
    ],
    // What it refers to
    ['by an organ that does not exist', () => intakeOf({ receivingOrganId: NOBODY }), ['/receivingOrganId']],
    ['by an organ whose id is none', () => intakeOf({ receivingOrganId: 'DEMO-X' }), ['/receivingOrganId']],
    [
      'of an organ that does not exist',
      () => withAllegation({ organId: NOBODY }),
      ['/allegations/0/organId'],
    ],
    [
      'against an officer who does not exist',
      () => withAllegation({ subjects: [{ officerId: NOBODY, role: 'PRINCIPAL' }] }),
      ['/allegations/0/subjects/0/officerId'],
    ],
    [
      'against a user instead of an officer',
      () => withAllegation({ subjects: [{ officerId: t.ids.users['investigator'], role: 'PRINCIPAL' }] }),
      ['/allegations/0/subjects/0/officerId'],
    ],
    [
      'against an officer whose id is a number',
      () => withAllegation({ subjects: [{ officerId: 1, role: 'PRINCIPAL' }] }),
      ['/allegations/0/subjects/0/officerId'],
    ],
    [
      'against nobody in particular',
      () => withAllegation({ subjects: [{ role: 'PRINCIPAL' }] }),
      ['/allegations/0/subjects/0'],
    ],
    // Shapes
    [
      'with one allegation instead of a list',
      () => intakeOf({ allegations: anAllegation(t) }),
      ['/allegations'],
    ],
    ['without an allegation', () => intakeOf({ allegations: [] }), ['/allegations']],
    ['with a list of lists', () => intakeOf({ allegations: [[anAllegation(t)]] }), ['/allegations']],
    [
      'with more allegations than a case can have',
      () => intakeOf({ allegations: Array.from({ length: 51 }, () => anAllegation(t)) }),
      ['/allegations'],
    ],
    ['with a list as the reporter', () => intakeOf({ reporter: [] }), ['/reporter']],
    ['with null as the reporter', () => intakeOf({ reporter: null }), ['/reporter']],
    ['with an empty statement', () => intakeOf({ statement: '' }), ['/statement']],
    ['with an object as the statement', () => intakeOf({ statement: { $gt: '' } }), ['/statement']],
    ['with a statement that is too long', () => intakeOf({ statement: 'x'.repeat(100_001) }), ['/statement']],
    [
      'with a place that is too long',
      () => withAllegation({ place: 'x'.repeat(501) }),
      ['/allegations/0/place'],
    ],
    [
      'with a subject as a text',
      () => withAllegation({ subjects: ['tall'] }),
      ['/allegations/0/subjects', '/allegations/0/subjects/0'],
    ],
    // The reporter
    [
      'of a named reporter without a name',
      () => intakeOf({ reporter: { kind: 'NAMED', contact: '1' } }),
      ['/reporter/name'],
    ],
    [
      'of a reporter whose name is blank',
      () => intakeOf({ reporter: { kind: 'CONFIDENTIAL', name: '  ' } }),
      ['/reporter/name'],
    ],
    [
      'of an anonymous reporter with a name',
      () => intakeOf({ reporter: { kind: 'ANONYMOUS', name: 'X' } }),
      ['/reporter'],
    ],
    // Characters that no store keeps
    ['with a NUL character', () => intakeOf({ statement: 'a\0b' }), ['/statement']],
    ['with half a character at the end', () => intakeOf({ statement: 'a\ud83d' }), ['/statement']],
    [
      'with the other half alone',
      () => withAllegation({ place: '\ude00 station' }),
      ['/allegations/0/place'],
    ],
    [
      'with a NUL character among the facts',
      () => withAllegation({ facts: { consequenceText: 'a\0' } }),
      ['/allegations/0/facts/consequenceText'],
    ],
    ['with half a character in the name of a field', () => intakeOf({ '\ud83d': 1 }), ['/\ud83d']],
    // Depth
    [
      'with a text nested too deep',
      () => intakeOf({ statement: nested(25) }),
      [`/statement${'/0'.repeat(19)}`],
    ],
    [
      'with facts nested too deep',
      () => withAllegation({ facts: { payers: nested(30) } }),
      [`/allegations/0/facts/payers${'/0'.repeat(16)}`],
    ],
    // More than one
    [
      'with all that is wrong at once',
      () => intakeOf({ channel: 'PIGEON', receivedAt: 'now', extra: 1, reporter: { kind: 'X' } }),
      ['/extra', '/channel', '/receivedAt', '/reporter/kind'],
    ],
  ])('%s', async (_, body, expected) => {
    await invalid(() => intake.post('/cases', body()), expected);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('with the key %s, wherever it stands', async (key) => {
    const evil = `"${key}": {"isAdmin": true}`;
    await invalid(() => raw(intake, '/cases', `{${evil}}`), [`/${key}`]);
    await invalid(() => raw(intake, '/cases', `{"reporter": {${evil}}}`), [`/reporter/${key}`]);
    await invalid(
      () => raw(intake, '/cases', `{"allegations": [{"facts": {"payers": [{${evil}}]}}]}`),
      [`/allegations/0/facts/payers/0/${key}`],
    );
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it('nested as deep as a megabyte allows', async () => {
    const depth = 400_000;
    const body = `{"statement": ${'['.repeat(depth)}${']'.repeat(depth)}}`;
    await invalid(() => raw(intake, '/cases', body), [`/statement${'/0'.repeat(19)}`]);
  });

  it('but is accepted as it stands', async () => {
    const before = (await stored()) as { cases: string };
    await intake.post('/cases', intakeOf({})).expect(201);
    expect(Number(((await stored()) as { cases: string }).cases)).toBe(Number(before.cases) + 1);
  });
});

describe('other writes are refused, with a pointer to what is wrong,', () => {
  const change = { reason: 'as the procedure asks' };
  const version = { 'if-match': '"1"' };
  const path = (deed: string): string => `/cases/${registered.id}/${deed}`;

  it.each<[string, () => Test, string[]]>([
    ['a deed without a reason', () => supervisor.post(path('accept'), {}, version), ['/reason']],
    [
      'a deed with an unknown field',
      () => supervisor.post(path('accept'), { ...change, force: true }, version),
      ['/force'],
    ],
    [
      'a deed with a wrong code',
      () => supervisor.post(path('accept'), { ...change, severity: 'BIG' }, version),
      ['/severity'],
    ],
    [
      'a transfer to an organ that does not exist',
      () =>
        supervisor.post(
          path('transfer'),
          { ...change, targetOrganId: NOBODY, legalBasis: 'art. 1' },
          version,
        ),
      ['/targetOrganId'],
    ],
    [
      'a merger with a case that does not exist',
      () => supervisor.post(path('merge'), { ...change, masterCaseId: NOBODY }, version),
      ['/masterCaseId'],
    ],
    [
      'a merger with itself',
      () => supervisor.post(path('merge'), { ...change, masterCaseId: registered.id }, version),
      ['/masterCaseId'],
    ],
    [
      'an allegation with an unknown field',
      () => intake.post(path('allegations'), { ...anAllegation(t), no: 7 }),
      ['/no'],
    ],
    [
      'an allegation with the facts of another category',
      () => intake.post(path('allegations'), anAllegation(t, { category: 'COLD_SERVICE' })),
      ['/facts/kind', '/facts/basisExists', '/facts/payers'],
    ],
    [
      'an allegation of an act in the future',
      () => intake.post(path('allegations'), anAllegation(t, { occurredFrom: '2198-01-01T10:00:00Z' })),
      ['/occurredFrom'],
    ],
    [
      'a change that puts the end of the act into the future',
      () =>
        intake.patch(
          `/allegations/${registered.allegationIds[0]}`,
          { ...change, occurredTo: '2198-01-01T10:00:00Z' },
          version,
        ),
      ['/occurredTo'],
    ],
    [
      'a change of the category',
      () =>
        intake.patch(
          `/allegations/${registered.allegationIds[0]}`,
          { ...change, category: 'OTHER' },
          version,
        ),
      ['/category'],
    ],
    [
      'a change that changes nothing',
      () => intake.patch(`/allegations/${registered.allegationIds[0]}`, change, version),
      [''],
    ],
    [
      'an investigator who does not exist',
      () => supervisor.post(path('investigators'), { userId: NOBODY }),
      ['/userId'],
    ],
    [
      'an organ with an unknown field',
      () => admin.post('/organs', { code: 'T-1', name: 'T', level: 'CITY', path: [] }),
      ['/path'],
    ],
    [
      'an officer with a NUL character',
      () => admin.post('/officers', { badgeNumber: 'T-1', name: 'a\0' }),
      ['/name'],
    ],
    [
      'an account with a password of somebody else’s choice',
      () => admin.post('/users', { username: 'someone', displayName: 'S', password: 'short' }),
      ['/password'],
    ],
    [
      'a sanction with wrong codes',
      () =>
        supervisor.post(path('sanctions'), {
          ...change,
          officerId: NOBODY,
          track: 'X',
          kind: 'FINE',
          allegationIds: [],
          basis: ['art. 1'],
        }),
      ['/track', '/kind', '/allegationIds'],
    ],
  ])('%s', async (_, send, expected) => {
    await invalid(send, expected);
  });

  it.each([
    ['an empty one', ''],
    ['one without quotation marks', '1'],
    ['a weak one', 'W/"1"'],
    ['any', '*'],
    ['several', '"1", "2"'],
    ['one that is no number', '"x"'],
    ['one below nought', '"-1"'],
    ['one beyond all numbers', '"99999999999999999999"'],
  ])('a deed with a malformed If-Match: %s', async (_, header) => {
    const send = (): Test => supervisor.post(path('accept'), change, { 'if-match': header });
    await invalid(send, ['If-Match']);
  });

  it('a deed without If-Match', async () => {
    await refused(() => supervisor.post(path('accept'), change), 428, 'precondition-required');
    await refused(
      () => intake.patch(`/allegations/${registered.allegationIds[0]}`, change),
      428,
      'precondition-required',
    );
  });

  it('a deed with a stale If-Match, with the version that there is', async () => {
    const send = (): Test => supervisor.post(path('accept'), change, { 'if-match': '"7"' });
    expect(await refused(send, 412, 'stale')).toMatchObject({ currentVersion: 1 });
  });

  it('a deed out of turn, with the deeds that are allowed', async () => {
    const send = (): Test => supervisor.post(path('close'), change, version);
    expect(await refused(send, 409, 'illegal-transition')).toMatchObject({
      state: 'REGISTERED',
      allowed: ['accept', 'decline', 'transfer', 'merge'],
    });
  });

  it('a deed that the role does not allow', async () => {
    await refused(() => intake.post(path('accept'), change, version), 403, 'forbidden');
  });

  it('a deed on a case that does not exist, or that the caller may not see', async () => {
    const send = (id: string) => () => admin.post(`/cases/${id}/accept`, change, version);
    const hidden = await refused(send(registered.id), 404, 'not-found');
    const missing = await refused(send(NOBODY), 404, 'not-found');
    expect({ ...hidden, instance: '' }).toEqual({ ...missing, instance: '' });
  });
});

describe('ids in capital letters are the same ids', () => {
  const capitals = (id: string | undefined): string => id!.toUpperCase();

  it('in an intake', async () => {
    const body = anIntake(t, {
      receivingOrganId: capitals(t.ids.organs.county),
      allegations: [
        anAllegation(t, {
          organId: capitals(t.ids.organs.station),
          subjects: [{ officerId: capitals(t.ids.officers[1]), role: 'PRINCIPAL' }],
        }),
      ],
    });
    const { body: answer } = await intake.post('/cases', body).expect(201);
    expect(answer.organId).toBe(t.ids.organs.county);
    const { body: events } = await supervisor.get(`/cases/${answer.id}/history`).expect(200);
    expect(JSON.stringify(events)).toContain(t.ids.officers[1]);
    expect(JSON.stringify(events)).not.toContain(capitals(t.ids.officers[1]));
  });

  it('in a list', async () => {
    const { body } = await supervisor.get(`/cases?officerId=${capitals(t.ids.officers[1])}`).expect(200);
    expect(body.items.length).toBeGreaterThan(0);
  });

  it('in the rules that compare them', async () => {
    const { id } = await aCase(t);
    const assign = (userId: string): Test => supervisor.post(`/cases/${id}/investigators`, { userId });
    await assign(t.ids.users['investigator']!).expect(201);
    await refused(() => assign(capitals(t.ids.users['investigator'])), 409, 'already-assigned');
    await refused(() => assign(capitals(t.ids.users['supervisor'])), 403, 'forbidden');
    const { county } = t.ids.organs;
    const there = { reason: 'not ours', legalBasis: 'art. 1', targetOrganId: capitals(county) };
    const transfer = (): Test => supervisor.post(`/cases/${id}/transfer`, there, { 'if-match': '"2"' });
    await invalid(transfer, ['/targetOrganId']);
  });
});

describe('addresses are refused', () => {
  it.each([
    ['/cases/7', 'id'],
    ['/cases/PL-2026-000001', 'id'],
    [`/cases/${NOBODY}0`, 'id'],
    ['/cases/01900000-0000-7000-8000-00000000deag', 'id'],
    ['/cases/%27%20OR%201=1', 'id'],
    ['/cases/%00', 'id'],
    ['/cases/7/history', 'id'],
    ['/allegations/7', 'id'],
    ['/sanctions/7', 'id'],
    ['/officers/7', 'id'],
    ['/organs/7', 'id'],
    ['/users/7', 'id'],
  ])('when an id has the wrong shape: %s', async (path, name) => {
    await invalid(() => admin.get(path), [name]);
  });

  it('when the id in a deed has the wrong shape', async () => {
    await invalid(
      () => supervisor.post('/cases/7/accept', { reason: 'why not' }, { 'if-match': '"1"' }),
      ['id'],
    );
    await invalid(() => admin.post(`/users/${NOBODY}/grants/7/revoke`, { reason: 'why not' }), ['grantId']);
  });

  it.each(['/cases/%', '/cases/%E0%A4%A', '/cases/%zz', '/officers/%ff/appointments'])(
    'when a percent sign begins no character: %s',
    async (path) => {
      await refused(() => admin.get(path), 400, 'malformed-address');
    },
  );

  it.each([
    '/',
    '/case',
    `/cases/${NOBODY}/explode`,
    '/cases//',
    '/../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
  ])('when there is no such route: %s', async (path) => {
    await refused(() => supervisor.get(path), 404, 'not-found');
    await refused(() => t.anonymous.get(path), 404, 'not-found');
  });

  it('when the route does not have the method', async () => {
    await refused(() => supervisor.request('delete', `/cases/${registered.id}`), 404, 'not-found');
    await refused(() => supervisor.request('put', `/cases/${registered.id}`).send({}), 404, 'not-found');
    await refused(() => supervisor.patch(`/cases/${registered.id}`, { status: 'CLOSED' }), 404, 'not-found');
  });

  it('when there is no such row', async () => {
    for (const path of ['/cases', '/allegations', '/sanctions']) {
      await refused(() => supervisor.get(`${path}/${NOBODY}`), 404, 'not-found');
    }
    await refused(() => supervisor.get(`/cases/${NOBODY}/history`), 404, 'not-found');
  });
});

describe('lists refuse', () => {
  /** Every route that takes the parameters of a list, as the controllers declare it. */
  const lists = (): string[] =>
    [...t.app.get(ModulesContainer).values()]
      .flatMap((module) => [...module.controllers.values()])
      .flatMap(({ metatype }) => {
        const prototype = (metatype as new () => object).prototype as Record<string, object>;
        const base = Reflect.getMetadata(PATH_METADATA, metatype as object) as string;
        return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
          const types = (Reflect.getMetadata('design:paramtypes', prototype, name) ??
            []) as (new () => object)[];
          const path = Reflect.getMetadata(PATH_METADATA, prototype[name]!) as string;
          return types.some(isListQuery)
            ? [`/${base}/${path}`.replace(/\/+$/, '').replace(':id', idIn(`${base}/${path}`))]
            : [];
        });
      });
  const isListQuery = (type: new () => object): boolean =>
    type === HistoryQuery || type.prototype instanceof HistoryQuery || type.prototype instanceof ListQuery;
  const idIn = (path: string): string => {
    const [, table] = /(\w+)\/:id/.exec(path) ?? [];
    const known = {
      officers: t.ids.officers[0],
      cases: registered.id,
      imports: importId,
      deployments: deploymentId,
    };
    return known[table as keyof typeof known] ?? NOBODY;
  };
  // Only the administrator reads users, who reads no case, only the auditor the trail and what others read, a draft
  // only who makes it, and who could stand in for them only approvers.
  const readers: readonly [RegExp, () => Client][] = [
    [/^\/(users|operations)/, () => admin],
    [/^\/(audit|access-|read-)/, () => auditor],
    [/^\/deployments\/.*\/history$/, () => requester],
    [/^\/deployment-delegations\/candidates$/, () => approver],
  ];
  const reader = (path: string): Client =>
    (readers.find(([paths]) => paths.test(path))?.[1] ?? (() => supervisor))();

  const everywhere = async (query: string, name: string, but = /^$/): Promise<void> => {
    for (const path of lists().filter((one) => !but.test(one))) {
      const problem = await refused(() => reader(path).get(`${path}?${query}`), 400, 'invalid-input');
      const named = pointers(problem).map((pointer) => pointer.replace(/^\//, ''));
      expect({ path, named }).toEqual({ path, named: [name] });
    }
  };

  it('nothing that is right', async () => {
    expect(lists()).toEqual(
      expect.arrayContaining([
        '/cases',
        '/sanctions',
        '/officers',
        '/organs',
        '/users',
        `/cases/${registered.id}/history`,
        `/imports/${importId}/rejects`,
      ]),
    );
    for (const path of lists()) await reader(path).get(`${path}?limit=200`).expect(200);
    for (const path of lists()) await reader(path).get(`${path}?limit=1`).expect(200);
  });

  it.each([
    ['sort=asc', 'sort'],
    ['filter%5Bstatus%5D=CLOSED', 'filter[status]'],
    ['__proto__=1', '__proto__'],
    ['hasOwnProperty=1', 'hasOwnProperty'],
    ['LIMIT=1', 'LIMIT'],
  ])('unknown parameters: ?%s', everywhere);

  it.each(['0', '201', '-1', 'abc', '1.5', '1e2', '0x10', '', '99999999999999999999', '1&limit=2'])(
    'the limit %p',
    async (limit) => everywhere(`limit=${limit}`, 'limit'),
  );

  it.each([
    ['no base64', '%25%25%25'],
    ['no JSON', Buffer.from('{').toString('base64url')],
    ['no list', Buffer.from('{"id":1}').toString('base64url')],
    ['an empty list', encodeCursor([])],
    ['numbers', Buffer.from('[1,2]').toString('base64url')],
    ['an id that is none', encodeCursor(['2026-03-02T00:00:00.000Z', 'x'])],
    ['a NUL character', encodeCursor(['a\0'])],
    ['too many parts', encodeCursor(['2026-03-02T00:00:00.000Z', NOBODY, NOBODY])],
    ['more than a cursor has', 'A'.repeat(401)],
  ])('a cursor that holds %s', async (_, cursor) => everywhere(`cursor=${cursor}`, 'cursor'));

  /** Goes on after a name, and any text is one. */
  const BY_NAME = /\/candidates$/;

  it.each([
    ['an instant that is none', '2026-02-30T00:00:00.000Z'],
    ['SQL', `'; DROP TABLE app."case"; --`],
  ])('a cursor that holds %s', async (_, text) => {
    const query = `cursor=${encodeCursor([text, NOBODY])}`;
    await everywhere(query, 'cursor', BY_NAME);
    const byName = lists().filter((path) => BY_NAME.test(path));
    expect(byName).not.toEqual([]);
    for (const path of byName) await reader(path).get(`${path}?${query}`).expect(200);
  });

  it('a cursor of another list', async () => {
    for (let i = 0; i < 2; i++) await aCase(t);
    const { body: cases } = await supervisor.get('/cases?limit=1').expect(200);
    const { body: officers } = await supervisor.get('/officers?limit=1').expect(200);
    const pairs = [
      ['/cases', officers.nextCursor],
      ['/officers', cases.nextCursor],
      ['/users', cases.nextCursor],
      ['/organs', cases.nextCursor],
      ['/sanctions', cases.nextCursor],
      [`/cases/${registered.id}/history`, cases.nextCursor],
    ] as [string, string][];
    for (const [path, cursor] of pairs) {
      expect(cursor).toEqual(expect.any(String));
      const problem = await refused(() => reader(path).get(`${path}?cursor=${cursor}`), 400, 'invalid-input');
      expect(pointers(problem).join()).toMatch(/^\/?cursor$/);
    }
  });

  it.each([
    ['category=RUDENESS', '/category'],
    ['category=ARBITRARY_FINE&category=OTHER', '/category'],
    ['status=OPEN', '/status'],
    ['channel=PIGEON', '/channel'],
    ['organId=DEMO-X', '/organId'],
    ['officerId=7', '/officerId'],
    ['assignedTo=me', '/assignedTo'],
    ['receivedFrom=2026-02-30T00:00:00Z', '/receivedFrom'],
    ['receivedFrom=2026-03-02', '/receivedFrom'],
    ['receivedTo=2026-03-02T25:00:00Z', '/receivedTo'],
    ['overdue=maybe', '/overdue'],
    ['count=1', '/count'],
    ['q=x', '/q'],
    [`q=${'x'.repeat(201)}`, '/q'],
    ['q=a%00b', '/q'],
  ])('a filter of the cases that is wrong: ?%s', async (query, pointer) => {
    await invalid(() => supervisor.get(`/cases?${query}`), [pointer]);
  });

  it('an empty filter is not taken for none', async () => {
    for (const name of ['category', 'status', 'organId', 'receivedFrom', 'overdue', 'q', 'cursor']) {
      const problem = await refused(() => supervisor.get(`/cases?${name}=`), 400, 'invalid-input');
      expect(pointers(problem).join()).toMatch(new RegExp(`^/?${name}$`));
    }
  });
});

describe('whatever is sent', () => {
  type Path = (string | number)[];

  /** The places of a document, each as the way to it. */
  const placesIn = (value: unknown, at: Path = []): Path[] =>
    typeof value === 'object' && value !== null
      ? [
          at,
          ...Object.entries(value).flatMap(([key, member]) =>
            placesIn(member, [...at, Array.isArray(value) ? Number(key) : key]),
          ),
        ]
      : [at];

  /** A copy that differs in one place. */
  function changed(value: unknown, path: Path, change: (parent: any, key: string | number) => void): unknown {
    const copy = { root: structuredClone(value) };
    const way: Path = ['root', ...path];
    const parent = way
      .slice(0, -1)
      .reduce<any>((node, key) => (typeof node === 'object' && node !== null ? node[key] : undefined), copy);
    if (typeof parent === 'object' && parent !== null) change(parent, way.at(-1)!);
    return copy.root;
  }

  const oddities = fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    0,
    -1,
    1e308,
    2 ** 53,
    true,
    [],
    {},
    [[]],
    'a\0b',
    '\ud800',
    '\u202eRTL',
    'NaN',
    '1e5',
    '2026-02-30T00:00:00Z',
    '2026-03-02t09:15:00z',
    '2026-03-02T09:15:00.123456789+08:00',
    '2026-03-02',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    '00000000-0000-0000-0000-000000000000',
    'x'.repeat(5000),
    { amount: '9999999999999.99', currency: 'CNY' },
  );
  const anything = fc.oneof(oddities, fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: 'binary' }));
  const names = fc.oneof(
    fc.constantFrom(
      'id',
      'status',
      '__proto__',
      'toString',
      'then',
      'length',
      '0',
      '',
      'officerId',
      'facts',
      'a/b~c',
    ),
    fc.string(),
  );
  const mutation = fc.record({
    place: fc.nat(),
    kind: fc.constantFrom('drop', 'replace', 'replace', 'add', 'repeat', 'capitals'),
    name: names,
    value: anything,
  });
  type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

  function mutated(document: unknown, { place, kind, name, value }: Mutation): unknown {
    const places = placesIn(document);
    const path = places[place % places.length]!;
    return changed(document, path, (parent, key) => {
      if (kind === 'drop' && Array.isArray(parent)) parent.splice(Number(key), 1);
      else if (kind === 'drop') delete parent[key];
      else if (kind === 'replace') parent[key] = value;
      else if (kind === 'repeat' && Array.isArray(parent))
        parent.push(structuredClone(parent[key as number]));
      else if (kind === 'capitals' && typeof parent[key] === 'string')
        parent[key] = parent[key].toUpperCase();
      else if (Array.isArray(parent)) parent.push(value);
      else
        Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });
    });
  }

  /** It is taken and can be read, or refused as the conventions want; it never breaks anything. */
  async function expectSanity(response: Response): Promise<void> {
    if (response.status === 201) {
      const { body } = await intake.get(`/cases/${response.body.id}`).expect(200);
      expect(body.reference).toBe(response.body.reference);
    } else {
      expect([400, 403, 413]).toContain(response.status);
      problemOf(response, response.status);
    }
  }

  const settings = { seed: 20260302, endOnFailure: false };

  it('an intake that is nearly right is taken or refused, and never an error of ours', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
        const body = mutations.reduce<unknown>((document, one) => mutated(document, one), anIntake(t));
        const response = await raw(intake, '/cases', JSON.stringify(body) ?? 'null');
        await expectSanity(response);
        if (response.status === 201) taken++;
      }),
      { ...settings, numRuns: 300 },
    );
    // Else it would only show that nonsense is refused.
    expect(taken).toBeGreaterThan(20);
    expect(taken).toBeLessThan(280);
  }, 120_000);

  it.each(['/cases', '/auth/login', '/organs', '/users'])('any JSON to %s is refused', async (path) => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 6 }), async (body) => {
        const response = await raw(path === '/cases' ? intake : admin, path, body);
        problemOf(response, 400);
      }),
      { ...settings, numRuns: 60 },
    );
  });

  it('any text as a parameter of the list of cases is taken or refused', async () => {
    const parameters = ['q', 'cursor', 'limit', 'status', 'organId', 'receivedFrom', 'overdue', 'count', 'x'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...parameters), fc.string({ unit: 'binary' }), async (name, value) => {
        const response = await supervisor.get(`/cases?${name}=${encodeURIComponent(value.toWellFormed())}`);
        if (response.status !== 200) problemOf(response, 400);
      }),
      { ...settings, numRuns: 100 },
    );
  });
});
