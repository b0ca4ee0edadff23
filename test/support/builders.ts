import type { TestApp } from './app.js';

/** An intake as a hotline brings it; only what matters to the test is stated there. */
export const anIntake = (
  t: Pick<TestApp, 'ids'>,
  overrides: Record<string, unknown> = {},
): Record<string, unknown> => ({
  channel: 'HOTLINE',
  receivedAt: '2026-03-02T09:15:00+08:00',
  receivingOrganId: t.ids.organs.county,
  reporter: { kind: 'NAMED', name: 'Reporter 举报人甲', contact: '+86 000 0000' },
  statement: 'They took 500 yuan and gave no receipt. 他们收了五百元，没有开收据。',
  allegations: [anAllegation(t)],
  ...overrides,
});

export const anAllegation = (
  t: Pick<TestApp, 'ids'>,
  overrides: Record<string, unknown> = {},
): Record<string, unknown> => ({
  category: 'ARBITRARY_FINE',
  occurredFrom: '2026-02-27T10:00:00+08:00',
  occurredTo: null,
  place: 'Night market 夜市',
  organId: t.ids.organs.station,
  subjects: [{ officerId: t.ids.officers[1], role: 'PRINCIPAL' }],
  affectedPersons: [
    {
      name: 'Payer 付款人乙',
      vulnerabilities: [],
      injuryLevel: 'NONE',
      loss: { amount: '500.00', currency: 'CNY' },
    },
  ],
  facts: completeFineFacts(),
  ...overrides,
});

/** Everything that is demanded of an ARBITRARY_FINE before the report. */
export const completeFineFacts = (): Record<string, unknown> => ({
  kind: 'FINE',
  basisExists: false,
  discoveredAt: '2026-03-01T08:00:00+08:00',
  onDuty: true,
  consequence: 'MINOR',
  payers: [
    {
      person: { name: 'Payer 付款人乙' },
      amount: { amount: '500.00', currency: 'CNY' },
      receiptIssuer: 'NONE',
    },
  ],
});

export interface CaseUnderTest {
  id: string;
  reference: string;
  version: number;
  allegationIds: string[];
}

/** A registered case. */
export async function aCase(t: TestApp, overrides: Record<string, unknown> = {}): Promise<CaseUnderTest> {
  const { body } = await (await t.as('intake-officer')).post('/cases', anIntake(t, overrides)).expect(201);
  return {
    id: body.id,
    reference: body.reference,
    version: body.version,
    allegationIds: body.allegations.map(({ id }: { id: string }) => id),
  };
}

/** Does a deed and keeps the version in step. */
export async function deed(
  t: TestApp,
  username: string,
  c: CaseUnderTest,
  name: string,
  body: Record<string, unknown> = {},
  status = 200,
): Promise<any> {
  const response = await (
    await t.as(username)
  )
    .post(
      `/cases/${c.id}/${name}`,
      { reason: 'as the procedure asks', ...body },
      { 'if-match': `"${c.version}"` },
    )
    .expect(status);
  if (status === 200) c.version = response.body.version;
  return response.body;
}

export async function assign(t: TestApp, c: CaseUnderTest, ...names: string[]): Promise<void> {
  for (const name of names) {
    await (
      await t.as('supervisor')
    )
      .post(`/cases/${c.id}/investigators`, { userId: t.ids.users[name] })
      .expect(201);
    c.version++;
  }
}

export async function finding(
  t: TestApp,
  username: string,
  allegationId: string,
  stage: 'RECOMMENDED' | 'FINAL',
  outcome = 'SUBSTANTIATED',
): Promise<void> {
  await (
    await t.as(username)
  )
    .post(`/allegations/${allegationId}/findings`, {
      stage,
      outcome,
      reason: 'Receipt book and hearing agree.',
    })
    .expect(201);
}

/** The steps to each state, in order. */
const steps: readonly [state: string, go: (t: TestApp, c: CaseUnderTest) => Promise<unknown>][] = [
  ['TRIAGED_ACCEPTED', (t, c) => deed(t, 'supervisor', c, 'accept')],
  [
    'PRELIMINARY',
    async (t, c) => {
      await assign(t, c, 'investigator', 'investigator-2');
      await deed(t, 'supervisor', c, 'start-preliminary');
    },
  ],
  ['FILED', (t, c) => deed(t, 'agency-head', c, 'file')],
  ['INVESTIGATING', (t, c) => deed(t, 'investigator', c, 'start-investigation')],
  [
    'REPORTED',
    async (t, c) => {
      for (const id of c.allegationIds) await finding(t, 'investigator', id, 'RECOMMENDED');
      await deed(t, 'investigator', c, 'report', { secondSignerId: t.ids.users['investigator-2'] });
    },
  ],
  [
    'NOTICE_SERVED',
    (t, c) => deed(t, 'legal-reviewer', c, 'serve-notice', { servedOn: today(t), proof: 'signed receipt' }),
  ],
  [
    'DEFENCE_HEARD',
    (t, c) =>
      deed(t, 'legal-reviewer', c, 'record-defence', {
        heardOn: today(t),
        declined: false,
        statement: 'I regret it.',
      }),
  ],
  ['LEGAL_REVIEWED', (t, c) => deed(t, 'legal-reviewer', c, 'legal-review')],
  [
    'DECIDED_SANCTION',
    async (t, c) => {
      await (await t.as('legal-reviewer')).post(`/cases/${c.id}/sanctions`, aProposal(t, c)).expect(201);
      for (const id of c.allegationIds) await finding(t, 'decision-maker', id, 'FINAL');
      await deed(t, 'decision-maker', c, 'decide', aDecision(t));
    },
  ],
  ['SERVED', (t, c) => deed(t, 'supervisor', c, 'serve-decision', { servedOn: today(t) })],
  ['CLOSED', (t, c) => deed(t, 'supervisor', c, 'close')],
  ['REOPENED', (t, c) => deed(t, 'agency-head', c, 'reopen', { ground: 'NEW_EVIDENCE' })],
];

export const today = (t: TestApp): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(t.clock.now());

/** Goes on to ten in the morning of the next day, so that what is counted by days is the same at each hour of the run. */
export const beginTheDay = (t: TestApp): void => {
  const tomorrow = new Date(t.clock.now().getTime() + 86_400_000).toISOString().slice(0, 10);
  t.clock.advance({ seconds: (Date.parse(`${tomorrow}T10:00:00+08:00`) - t.clock.now().getTime()) / 1000 });
};

export const aProposal = (
  t: TestApp,
  c: CaseUnderTest,
  overrides: Record<string, unknown> = {},
): Record<string, unknown> => ({
  officerId: t.ids.officers[1],
  track: 'EMPLOYER_DISCIPLINE',
  kind: 'DEMERIT',
  allegationIds: c.allegationIds,
  basis: ['处罚法 79'],
  reason: 'First act, money returned.',
  ...overrides,
});

export const aDecision = (t: TestApp, overrides: Record<string, unknown> = {}): Record<string, unknown> => ({
  outcome: 'SANCTION',
  meeting: {
    heldOn: today(t),
    attendees: ['Head', 'Deputy', 'Secretary'],
    minutes: 'Heard, discussed, agreed by all.',
  },
  ...overrides,
});

/** A case that has come so far. */
export async function aCaseIn(
  t: TestApp,
  state: string,
  overrides: Record<string, unknown> = {},
): Promise<CaseUnderTest> {
  const c = await aCase(t, overrides);
  if (state === 'REGISTERED') return c;
  for (const [reached, go] of steps) {
    await go(t, c);
    if (reached === state) return c;
  }
  throw new Error(`No path leads to ${state}`);
}

export const aDecidedCase = (t: TestApp): Promise<CaseUnderTest> => aCaseIn(t, 'DECIDED_SANCTION');

/** Gives a demonstration account one more role, everywhere. */
export async function grantRole(t: TestApp, username: string, role: string): Promise<void> {
  await t.sql(
    `WITH g AS (INSERT INTO app.user_grant (id, user_id, role, organ_id, valid_from, granted_by, reason)
       VALUES (gen_random_uuid(), $1, $2, $3, '2020-01-01', $1, 'test') RETURNING 1)
     SELECT audit.append($1, gen_random_uuid(), 'test', 'test', decode(repeat('00', 64), 'hex')) FROM g`,
    [t.ids.users[username], role, t.ids.organs.ministry],
  );
}
