import { getMetadataStorage } from 'class-validator';
import fc from 'fast-check';
import { DomainError, type InputError } from '../common/errors.js';
import { fromHundredths, hundredths, type MoneyDto } from '../common/money.dto.js';
import { type AllegationCategory, allegationCategories, categoryTitles } from './categories.js';
import { demandedOf } from './dto/facts-shared.dto.js';
import { computedFacts, factsClasses, missingBeforeReport, parseFacts } from './facts.js';
import { immediateActions } from './immediate-actions.js';

const uuid = '01890a5d-ac96-774b-bcce-b302099a8057';
const yuan = (amount: string): MoneyDto => ({ amount, currency: 'CNY' });
const officer = { officerId: uuid };
const citizen = { name: 'Li', organisation: 'Fruit stall', description: 'red cap' };
const anybody = { ...citizen, ...officer };
const paper = {
  exists: true,
  number: '12',
  title: 'Notice',
  issuer: 'County bureau',
  date: '2026-02-01',
  evidenceId: uuid,
};
const account = { owner: 'Wang', institution: 'Bank', number: '622' };
const at = (clock: string) => `2026-03-02T${clock}:00+08:00`;

const common = {
  subTypeCode: 'ROADSIDE',
  discoveredAt: at('09:15'),
  onDuty: true,
  uniformed: true,
  vehicleNo: 'A1234',
  weaponCarried: false,
  relatedCaseNo: 'X-1',
  relatedCaseType: 'CRIMINAL',
  powerUsed: ['STOP', 'FINE'],
  consequence: 'SERIOUS',
  consequenceText: 'Lost the stall.',
  collectiveDecision: false,
  meetingMinutes: paper,
  gains: { amount: yuan('10.00'), form: 'CASH', recovered: yuan('5.00'), returnedTo: citizen },
};
const commonDemands = ['/discoveredAt', '/onDuty', '/consequence'];

interface Example {
  facts: Record<string, any>;
  /** Every pointer that allegation-facts demands; the common ones are added below. */
  demanded: string[];
  computed: Record<string, unknown>;
  /** A value that is wrong in its enumeration, and where. */
  wrongCode: string;
  /** Where a day or instant stands. */
  moment: string;
}

const examples: Record<AllegationCategory, Example> = {
  COERCED_CONFESSION: {
    facts: {
      personHeld: citizen,
      custodyStart: at('08:00'),
      arrivalAtStation: at('08:30'),
      custodyLog: paper,
      detentionCentreAt: at('20:00'),
      sessions: [
        {
          no: 1,
          start: at('09:00'),
          end: at('11:00'),
          place: 'STATION_INTERROGATION_ROOM',
          inApprovedPlace: true,
          interrogators: [officer],
          interpreter: false,
          lawyerRequested: true,
          lawyerSeen: false,
          rightsToldAt: at('09:05'),
          breaksMinutes: 0,
          mealsGiven: false,
          restMinutes: 30,
          recordingRequired: true,
          recordingExists: 'PARTIAL',
          recordingId: 'R-7',
          recordingHash: 'ab'.repeat(32),
          gapMinutes: 12,
          transcriptMatchesRecording: 'PARTLY',
        },
        {
          no: 2,
          start: at('12:00'),
          end: at('12:00'),
          place: 'OTHER',
          interrogators: [officer, { description: 'tall' }],
          recordingRequired: false,
          recordingExists: 'NONE',
        },
      ],
      method: ['STRESS_POSITION', 'THREAT_TO_SELF_OR_FAMILY'],
      threatText: 'Your son will lose his job.',
      whatWasAsked: 'Where the money was.',
      confessionObtained: true,
      confessionUsedIn: [paper],
      intakeBodyCheck: { done: true, by: officer, at: at('08:40'), findings: 'No marks.', photos: [uuid] },
      medicalExam: {
        done: true,
        requestedAt: at('21:00'),
        doneAt: at('22:00'),
        institution: 'County hospital',
        injuries: [{ bodyPart: 'wrist', type: 'bruise', ageEstimate: 'one day' }],
        level: 'SLIGHT',
      },
      deathOrSeriousInjury: false,
      exclusionMotion: { filed: true, court: 'County court', result: 'PENDING' },
      witnesses: [{ ...anybody, cellMate: true }],
    },
    demanded: [
      '/personHeld',
      '/custodyStart',
      '/arrivalAtStation',
      '/sessions',
      '/sessions/1/start',
      '/sessions/0/end',
      '/sessions/0/place',
      '/sessions/1/interrogators',
      '/sessions/0/recordingRequired',
      '/sessions/0/recordingExists',
      '/method',
      '/intakeBodyCheck',
      '/medicalExam',
    ],
    computed: { sessionsBelowTwoInterrogators: [1] },
    wrongCode: '/sessions/0/place',
    moment: '/sessions/1/end',
  },
  ARBITRARY_FINE: {
    facts: {
      kind: 'FINE',
      legalBasisClaimed: 'Town rule',
      basisExists: true,
      decisionNo: '3',
      procedure: 'SIMPLE',
      payers: [
        {
          person: citizen,
          amount: yuan('500.00'),
          date: '2026-02-27',
          method: 'QR_CODE',
          accountOwner: 'Wang',
          receiptNo: '9',
          receiptIssuer: 'NONE',
          amountOnReceipt: yuan('0'),
          amountPaid: yuan('500'),
        },
        { firm: 'Fruit Ltd', amount: yuan('120.50'), receiptIssuer: 'FINANCE_DEPARTMENT_UNIFIED' },
      ],
      legalMaximum: yuan('200.00'),
      // Friday, then Thursday, then Monday: one working day late, and none.
      handedInAt: '2026-03-04T17:30:00Z',
      bankAt: '2026-03-09T10:00:00+08:00',
      quotaExisted: true,
      quotaDocument: paper,
      offsetForPunishment: false,
    },
    demanded: ['/kind', '/basisExists', '/payers', '/payers/0/amount', '/payers/1/receiptIssuer'],
    computed: {
      totalAmount: [yuan('620.50')],
      overcharge: [yuan('300.00')],
      officerDelayWorkdays: 2,
      organDelayWorkdays: 0,
      delayWorkdays: 2,
    },
    wrongCode: '/kind',
    moment: '/payers/0/date',
  },
  FAVOUR_CASE: {
    facts: {
      policeCase: { caseNo: 'A-1', title: 'Theft', organisation: 'County bureau' },
      stage: 'FILING',
      favouredParty: citizen,
      relation: 'FRIEND_OF_SUPERIOR',
      relationEvidence: 'Photographs',
      act: 'NOT_FILING',
      decisionBefore: 'To file',
      decisionAfter: 'Not to file',
      normalOutcomeBenchmark: 'Nine of ten are filed',
      requestedBy: { ...anybody, position: 'LEADER' },
      channel: 'PHONE',
      interferenceRecordId: uuid,
      recusalDue: true,
      recusalMade: false,
      approverChain: [officer, officer],
    },
    demanded: ['/policeCase', '/stage', '/favouredParty', '/relation', '/act', '/recusalDue'],
    computed: {},
    wrongCode: '/requestedBy/position',
    moment: '/meetingMinutes/date',
  },
  NON_POLICE_DEPLOYMENT: {
    facts: {
      deploymentRequest: { exists: true, deploymentId: uuid, number: 'D-1' },
      activityType: 'NP01',
      requester: citizen,
      orderGivenBy: officer,
      orderForm: 'ORAL',
      orderText: 'Go and clear it.',
      officersSent: 12,
      auxiliariesSent: 5,
      vehicles: 2,
      weapons: 'ROUTINE',
      uniform: true,
      startedAt: at('09:00'),
      endedAt: at('10:20'),
      actualActs: ['REMOVING_PEOPLE'],
      coerciveActs: true,
      conflictOccurred: true,
      injuries: 'One sprained ankle',
      publicOpinionEvent: false,
      approvalState: 'NONE',
      dutyClaimed: 2,
      objectionRaised: { by: officer, at: at('08:50'), reply: 'None' },
    },
    demanded: [
      '/deploymentRequest',
      '/activityType',
      '/requester',
      '/orderGivenBy',
      '/officersSent',
      '/startedAt',
      '/endedAt',
      '/actualActs',
      '/approvalState',
    ],
    computed: { officerHours: 16, auxiliaryHours: 6.67 },
    wrongCode: '/activityType',
    moment: '/objectionRaised/at',
  },
  MONEY_CASE: {
    facts: {
      giver: citizen,
      receiver: { ...anybody, relation: 'wife' },
      relationToCase: 'Suspect',
      benefit: [
        {
          type: 'CASH',
          value: yuan('1000.00'),
          date: '2026-02-01',
          place: 'Tea house',
          howValued: 'Counted',
        },
        { type: 'TRAVEL', value: { amount: '200', currency: 'USD' } },
        { type: 'DINNER', value: yuan('0.10') },
      ],
      officialActSought: 'Release',
      officialActDone: true,
      officialActDocument: paper,
      solicited: false,
      returned: { at: at('10:00'), amount: yuan('1.00'), beforeDetection: false },
      intermediaries: [citizen],
      accounts: [account],
      gamblingUsed: false,
    },
    demanded: [
      '/giver',
      '/receiver',
      '/benefit',
      '/benefit/2/value',
      '/officialActSought',
      '/officialActDone',
      '/solicited',
    ],
    computed: { totalValue: [yuan('1000.10'), { amount: '200.00', currency: 'USD' }] },
    wrongCode: '/benefit/1/type',
    moment: '/benefit/0/date',
  },
  ABUSE_OF_COERCIVE_MEASURES: {
    facts: {
      measure: 'CONTINUED_QUESTIONING',
      target: citizen,
      approvalDoc: paper,
      approvedBy: officer,
      approvedAt: at('08:00'),
      legalGroundClaimed: 'Suspected of theft',
      startAt: '2026-03-01T08:00:00+08:00',
      endAt: '2026-03-02T01:30:59+01:00',
      stillRunning: false,
      limitHours: 24,
      familyToldAt: at('07:00'),
      placeOk: false,
      purposeAbuse: 'FORCE_PAYMENT',
      restraintUsed: { type: 'handcuffs', minutes: 90 },
      property: [
        { item: 'phone', value: yuan('900'), listGiven: false, related: false, releasedAt: at('12:00') },
      ],
      bailMoney: { amount: yuan('3000'), refundedAt: at('13:00') },
      crossRegion: true,
      cooperationDoc: paper,
    },
    demanded: [
      '/measure',
      '/target',
      '/approvalDoc',
      '/approvedBy',
      '/approvedAt',
      '/legalGroundClaimed',
      '/startAt',
      '/endAt',
    ],
    computed: { overrunMinutes: 30 },
    wrongCode: '/measure',
    moment: '/property/0/releasedAt',
  },
  INTERCEPTION_OR_MISAPPROPRIATION: {
    facts: {
      fundType: 'BAIL_MONEY',
      sourceDocs: [paper],
      dueAmount: yuan('10000.00'),
      handedAmount: yuan('9999.99'),
      dueAt: '2026-02-28T00:00:00+08:00',
      handedAt: at('23:59'),
      whereItWent: 'UNIT_SLUSH_FUND',
      approvals: [paper],
      account,
      beneficiaries: [{ officer, amount: yuan('0.01') }],
      itemUsed: { by: officer, from: '2026-01-01', to: '2026-01-01' },
      ledgerExists: false,
      reconciliations: [{ date: '2026-03-01', by: officer, result: 'One fen short' }],
    },
    demanded: ['/fundType', '/dueAmount', '/handedAmount', '/whereItWent'],
    computed: { shortfall: yuan('0.01'), delayDays: 2 },
    wrongCode: '/whereItWent',
    moment: '/reconciliations/0/date',
  },
  VICE_PARTICIPATION: {
    facts: {
      kind: 'SHELTERING_A_VENUE',
      role: 'PROTECTOR',
      venue: { name: 'Golden', address: '1 Street', operator: 'Wang' },
      licence: 'L-1',
      stakeMoney: yuan('100'),
      frequency: 'weekly',
      test: { type: 'hair', at: at('10:00'), result: 'NEGATIVE', lab: 'City lab' },
      protectionActs: [{ kind: 'TIP_OFF', date: '2026-02-02', document: paper, description: 'A call' }],
      moneyTaken: yuan('100'),
      foundBy: 'OTHER_POLICE',
    },
    demanded: ['/kind', '/role'],
    computed: {},
    wrongCode: '/test/result',
    moment: '/test/at',
  },
  RENT_SEEKING: {
    facts: {
      power: 'SPECIAL_TRADE',
      beneficiary: citizen,
      relatedPersons: [{ ...anybody, relation: 'brother', interest: 'SHARE' }],
      interest: 'SECURITY_FEE',
      value: yuan('1'),
      registryExtract: paper,
      decisionInfluenced: [paper],
      declaredEarlier: false,
      orderToWithdrawGiven: true,
      orderToWithdrawObeyed: false,
    },
    demanded: ['/power', '/beneficiary', '/declaredEarlier'],
    computed: {},
    wrongCode: '/relatedPersons/0/interest',
    moment: '/registryExtract/date',
  },
  COLD_SERVICE: {
    facts: {
      setting: 'WINDOW',
      requestMade: 'A residence permit',
      requestInDuty: true,
      behaviour: ['SENT_AWAY', 'EXTRA_PAPERS'],
      timesVisited: 3,
      legalTimeLimit: 15,
      actualDays: 40,
      serviceNo: 'Q17',
      recordingId: 'V-1',
      outcomeForTheCitizen: 'Permit on the third visit',
      apologyMade: true,
      serviceDoneAt: at('16:00'),
      ratingBefore: 1,
      ratingAfter: 4,
    },
    demanded: ['/setting', '/requestMade', '/requestInDuty', '/behaviour'],
    computed: { overrunDays: 25 },
    wrongCode: '/setting',
    moment: '/serviceDoneAt',
  },
  RETALIATION: {
    facts: {
      protectedPerson: officer,
      protectedAct: 'REFUSAL',
      adverseAct: 'Sent to a far station',
      decidedBy: officer,
      dates: { protectedAct: '2026-02-27', adverseAct: '2026-03-02' },
      link: 'Said so in the meeting',
    },
    demanded: ['/protectedPerson', '/protectedAct', '/adverseAct'],
    computed: { daysAfterProtectedAct: 3 },
    wrongCode: '/protectedAct',
    moment: '/dates/adverseAct',
  },
  LEAK_OF_COMPLAINT: {
    facts: {
      protectedPerson: citizen,
      protectedAct: 'COMPLAINT',
      whatLeaked: 'The name of the reporter',
      whoHadAccess: [{ person: officer, at: at('11:00'), logEntry: '4711' }],
      toWhom: [officer],
      dates: { protectedAct: '2026-02-27', leak: '2026-02-28' },
      link: 'Only one had read it',
    },
    demanded: ['/protectedPerson', '/protectedAct', '/whatLeaked'],
    computed: {},
    wrongCode: '/protectedAct',
    moment: '/whoHadAccess/0/at',
  },
  OTHER: {
    facts: { description: 'Slept on watch.' },
    demanded: ['/description'],
    computed: {},
    wrongCode: '/consequence',
    moment: '/discoveredAt',
  },
};

const full = (category: AllegationCategory): Record<string, any> =>
  JSON.parse(JSON.stringify({ ...common, ...examples[category].facts }));

/** A full example of that category with one value replaced; undefined removes it. */
function having(category: AllegationCategory, pointer: string, value: unknown): Record<string, any> {
  const facts = full(category);
  const path = pointer.slice(1).split('/');
  const last = path.pop()!;
  // Facts of thirteen shapes are walked by names that only the test knows.
  const owner = path.reduce((node: any, name) => node[name], facts);
  if (!(last in owner)) throw new Error(`the example of ${category} has no ${pointer}`);
  if (value === undefined) delete owner[last];
  else owner[last] = value;
  return facts;
}

function refusal(category: AllegationCategory, input: unknown, pointer?: string): InputError[] {
  try {
    parseFacts(category, input, pointer);
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ code: 'invalid-input', status: 400 });
    return (error as DomainError).extra.errors as InputError[];
  }
  throw new Error('the facts were accepted');
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const factNames = (type: object): string[] => [
  ...new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(type as new () => object, '', true, false)
      .map(({ propertyName }) => propertyName),
  ),
];

describe('the list of categories', () => {
  it('is covered by classes, titles, immediate actions and examples', () => {
    for (const table of [factsClasses, categoryTitles, immediateActions, examples]) {
      expect(Object.keys(table)).toEqual([...allegationCategories]);
    }
  });

  it('has an example for every field of every class', () => {
    const unseen = new Map<object, Set<string>>();
    const see = (value: unknown): void => {
      if (Array.isArray(value)) return value.forEach(see);
      if (typeof value !== 'object' || value === null) return;
      const open = unseen.get(value.constructor) ?? new Set(factNames(value.constructor));
      unseen.set(value.constructor, open);
      for (const [name, member] of Object.entries(value)) {
        open.delete(name);
        see(member);
      }
    };
    for (const category of allegationCategories) see(parseFacts(category, full(category)));
    expect([...unseen].flatMap(([type, names]) => [...names].map((name) => [type, name]))).toEqual([]);
  });

  it('gives each immediate action a code of its own, a text and a source', () => {
    for (const actions of Object.values(immediateActions)) {
      expect(new Set(actions.map(({ code }) => code)).size).toBe(actions.length);
      for (const { code, text, within, source } of actions) {
        expect(code).toMatch(/^[A-Z][A-Z0-9_]*$/);
        expect(text).toMatch(/\.$/);
        expect(source).not.toBe('');
        expect(within?.n ?? 0).toBeGreaterThanOrEqual(0);
      }
    }
  });
});

describe.each([...allegationCategories])('facts of %s', (category) => {
  const { demanded, computed, wrongCode, moment } = examples[category];

  it('are accepted and come back as they were', () => {
    const facts = parseFacts(category, full(category));
    expect(facts).toBeInstanceOf(factsClasses[category]);
    expect(plain(facts)).toEqual(full(category));
    expect(plain(parseFacts(category, plain(facts)))).toEqual(full(category));
  });

  it.each([undefined, null, {}])('may be absent at intake: %p', (input) => {
    const facts = parseFacts(category, input);
    expect(plain(facts)).toEqual({});
    expect(computedFacts(category, facts)).toEqual({});
  });

  it('may be null one by one, which is the same as absent', () => {
    for (const name of factNames(factsClasses[category])) {
      const facts = parseFacts(category, { ...full(category), [name]: null });
      expect(facts).not.toHaveProperty(name);
    }
  });

  it('lack nothing in the full example', () => {
    expect(missingBeforeReport(category, parseFacts(category, full(category)))).toEqual([]);
  });

  it.each([...commonDemands, ...demanded])('are not ready for the report without %s', (pointer) => {
    for (const value of [undefined, null, '', ' ', []]) {
      expect(missingBeforeReport(category, having(category, pointer, value) as never)).toEqual([pointer]);
    }
    expect(missingBeforeReport(category, parseFacts(category, having(category, pointer, undefined)))).toEqual(
      [pointer],
    );
  });

  it('demand exactly what the table says', () => {
    const top = (pointers: string[]) => pointers.filter((pointer) => pointer.lastIndexOf('/') === 0).sort();
    expect(missingBeforeReport(category, parseFacts(category, {})).sort()).toEqual(
      top([...commonDemands, ...demanded]),
    );
    const found = new Set<string>();
    const collect = (value: unknown, pointer: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Array.isArray(value)) for (const name of demandedOf(value)) found.add(`${pointer}/${name}`);
      for (const [name, member] of Object.entries(value)) {
        collect(member, Array.isArray(value) ? `${pointer}/*` : `${pointer}/${name}`);
      }
    };
    collect(parseFacts(category, full(category)), '');
    const general = [...commonDemands, ...demanded].map((pointer) => pointer.replaceAll(/\/\d+/g, '/*'));
    expect([...found].sort()).toEqual([...new Set(general)].sort());
  });

  it('refuse the facts of other categories by name', () => {
    const own = new Set(factNames(factsClasses[category]));
    for (const other of allegationCategories) {
      for (const [name, value] of Object.entries(examples[other].facts)) {
        if (own.has(name)) continue;
        expect(refusal(category, { ...full(category), [name]: value })).toEqual([
          { pointer: `/facts/${name}`, message: `${name} is not a fact of ${category}` },
        ]);
      }
    }
  });

  it('refuse unknown fields at any depth', () => {
    expect(refusal(category, { ...full(category), 'a/b~c': 1 })).toEqual([
      { pointer: '/facts/a~1b~0c', message: `a/b~c is not a fact of ${category}` },
    ]);
    const facts = full(category);
    facts.gains.amount.tax = '1';
    expect(refusal(category, facts)).toMatchObject([{ pointer: '/facts/gains/amount/tax' }]);
  });

  it('refuse a code that is not in the list', () => {
    expect(refusal(category, having(category, wrongCode, 'NO_SUCH_CODE'))).toEqual([
      {
        pointer: `/facts${wrongCode}`,
        message: expect.stringContaining('must be one of the following values'),
      },
    ]);
  });

  it.each(['2026-02-30', '2026-02-30T10:00:00+08:00', '2026-03-02T10:00:00', 'yesterday', 5, true])(
    'refuse %p for a day or instant',
    (value) => {
      expect(refusal(category, having(category, moment, value))).toEqual([
        { pointer: `/facts${moment}`, message: expect.stringContaining('existing') },
      ]);
    },
  );

  it('compute what follows from them, parsed or stored', () => {
    expect(computedFacts(category, parseFacts(category, full(category)))).toEqual(computed);
    expect(computedFacts(category, full(category) as never)).toEqual(computed);
  });

  it('refuse as input what is computed', () => {
    for (const [name, value] of Object.entries(computed)) {
      expect(refusal(category, { ...full(category), [name]: value })).toEqual([
        { pointer: `/facts/${name}`, message: `${name} is not a fact of ${category}: it is computed` },
      ]);
    }
  });

  it('refuse an object of the wrong shape wherever there is one', () => {
    for (const [name, value] of Object.entries(full(category))) {
      const wrong = Array.isArray(value) ? [{}, 'x', [null], [value], [[]]] : ['', [value], 0.5, [[]]];
      if (typeof value !== 'object') continue;
      for (const bad of wrong) {
        expect(refusal(category, { ...full(category), [name]: bad })[0]?.pointer).toMatch(`/facts/${name}`);
      }
    }
  });

  it('refuse text in the place of a number or a truth value, and never convert it', () => {
    for (const [name, value] of Object.entries(full(category))) {
      if (typeof value !== 'number' && typeof value !== 'boolean') continue;
      for (const bad of [String(value), [value], {}, 1.5]) {
        expect(refusal(category, { ...full(category), [name]: bad })).toMatchObject([
          { pointer: `/facts/${name}` },
        ]);
      }
    }
  });

  it.each([[[]], ['text'], [1], [true]])('refuse %p in the place of the facts', (input) => {
    expect(refusal(category, input)).toMatchObject([{ pointer: '/facts' }]);
  });
});

describe('the place of an error', () => {
  it('is a pointer down to the nested field, from the root that the caller names', () => {
    const facts = having('ARBITRARY_FINE', '/payers/1/amount/amount', '12,50');
    expect(refusal('ARBITRARY_FINE', facts, '/allegations/2/facts')).toEqual([
      {
        pointer: '/allegations/2/facts/payers/1/amount/amount',
        message: expect.stringContaining('decimal string'),
      },
    ]);
  });

  it('is told for all errors at once, one for each place', () => {
    const facts = full('ARBITRARY_FINE');
    facts.payers[0].amount.currency = 5;
    facts.payers[1] = null;
    facts.kind = 7;
    facts.powerUsed = 'STOP';
    facts.surplus = 1;
    expect(
      refusal('ARBITRARY_FINE', facts)
        .map(({ pointer }) => pointer)
        .sort(),
    ).toEqual([
      '/facts/kind',
      '/facts/payers',
      '/facts/payers/0/amount/currency',
      '/facts/payers/1',
      '/facts/powerUsed',
      '/facts/surplus',
    ]);
    expect(refusal('ARBITRARY_FINE', { powerUsed: 'STOP' })[0]?.message).toBe('powerUsed must be an array');
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('shows a field called %s', (name) => {
    expect(refusal('OTHER', JSON.parse(`{"${name}": {"description": "x"}}`))).toEqual([
      { pointer: `/facts/${name}`, message: `${name} is not a fact` },
    ]);
    expect(refusal('OTHER', JSON.parse(`{"gains": {"${name}": 1}}`))).toMatchObject([
      { pointer: `/facts/gains/${name}` },
    ]);
  });

  it('shows text that cannot be stored, and nesting without end', () => {
    expect(refusal('OTHER', { description: 'a\u0000' })).toMatchObject([{ pointer: '/facts/description' }]);
    const deep = JSON.parse(`${'{"gains":'.repeat(5000)}1${'}'.repeat(5000)}`);
    expect(refusal('OTHER', deep).map(({ message }) => message)).toContainEqual(
      expect.stringContaining('20 deep'),
    );
  });
});

describe('limits', () => {
  it.each<[AllegationCategory, string, unknown]>([
    ['OTHER', '/description', 'x'.repeat(4001)],
    ['OTHER', '/vehicleNo', 'x'.repeat(201)],
    ['OTHER', '/powerUsed', ['STOP', 'STOP']],
    ['OTHER', '/subTypeCode', 'lower case'],
    ['ARBITRARY_FINE', '/payers', Array.from({ length: 2001 }, () => ({}))],
    ['COLD_SERVICE', '/timesVisited', -1],
    ['COLD_SERVICE', '/ratingAfter', 6],
    ['NON_POLICE_DEPLOYMENT', '/officersSent', 1e9],
    ['NON_POLICE_DEPLOYMENT', '/dutyClaimed', 15],
    ['FAVOUR_CASE', '/interferenceRecordId', 'not-an-id'],
    ['COERCED_CONFESSION', '/sessions/0/recordingHash', 'ab'],
    ['COERCED_CONFESSION', '/intakeBodyCheck/photos', ['x']],
    ['ABUSE_OF_COERCIVE_MEASURES', '/limitHours', 0],
  ])('of %s hold at %s', (category, pointer, value) => {
    expect(refusal(category, having(category, pointer, value))).toMatchObject([
      { pointer: `/facts${pointer}` },
    ]);
  });
});

describe('an end before its start', () => {
  it.each<[AllegationCategory, string, string, string]>([
    ['COERCED_CONFESSION', '/sessions/0/end', 'start', at('08:59')],
    ['COERCED_CONFESSION', '/medicalExam/doneAt', 'requestedAt', at('20:59')],
    ['COERCED_CONFESSION', '/detentionCentreAt', 'custodyStart', at('07:59')],
    ['ARBITRARY_FINE', '/bankAt', 'handedInAt', '2026-03-05T01:29:59+08:00'],
    ['NON_POLICE_DEPLOYMENT', '/endedAt', 'startedAt', '2026-03-02T00:59:59Z'],
    ['ABUSE_OF_COERCIVE_MEASURES', '/endAt', 'startAt', '2026-03-01T00:59:59+01:00'],
    ['INTERCEPTION_OR_MISAPPROPRIATION', '/itemUsed/to', 'from', '2025-12-31'],
  ])('is refused: %s %s', (category, pointer, start, value) => {
    const name = pointer.slice(pointer.lastIndexOf('/') + 1);
    expect(refusal(category, having(category, pointer, value))).toEqual([
      { pointer: `/facts${pointer}`, message: `${name} must not be before ${start}` },
    ]);
  });

  it('is told by instants, not by their letters', () => {
    const facts = having('NON_POLICE_DEPLOYMENT', '/endedAt', '2026-03-02t01:00:00z');
    expect(() => parseFacts('NON_POLICE_DEPLOYMENT', facts)).not.toThrow();
  });

  it('cannot be told while one of them is open or wrong', () => {
    expect(() =>
      parseFacts('NON_POLICE_DEPLOYMENT', having('NON_POLICE_DEPLOYMENT', '/startedAt', undefined)),
    ).not.toThrow();
    expect(
      refusal('NON_POLICE_DEPLOYMENT', having('NON_POLICE_DEPLOYMENT', '/startedAt', 'soon')),
    ).toMatchObject([{ pointer: '/facts/startedAt' }]);
  });
});

describe('what the report demands', () => {
  it('names what is missing inside an entry, even of an empty one', () => {
    expect(missingBeforeReport('ARBITRARY_FINE', having('ARBITRARY_FINE', '/payers', [{}]) as never)).toEqual(
      ['/payers/0/amount', '/payers/0/receiptIssuer'],
    );
  });

  it('does not take an empty reference for an answer', () => {
    for (const empty of [[{}], [{ name: ' ' }]]) {
      const facts = having('COERCED_CONFESSION', '/sessions/0/interrogators', empty);
      expect(missingBeforeReport('COERCED_CONFESSION', facts as never)).toEqual([
        '/sessions/0/interrogators',
      ]);
    }
  });

  it('takes "there was none" for an answer', () => {
    const unrequested = having('NON_POLICE_DEPLOYMENT', '/deploymentRequest', { exists: false });
    expect(missingBeforeReport('NON_POLICE_DEPLOYMENT', unrequested as never)).toEqual([]);
    const unexamined = having('COERCED_CONFESSION', '/medicalExam', { done: false });
    expect(missingBeforeReport('COERCED_CONFESSION', unexamined as never)).toEqual([]);

    const measure = full('ABUSE_OF_COERCIVE_MEASURES');
    for (const name of ['approvedBy', 'approvedAt', 'endAt']) delete measure[name];
    expect(missingBeforeReport('ABUSE_OF_COERCIVE_MEASURES', measure as never)).toEqual([
      '/approvedBy',
      '/approvedAt',
      '/endAt',
    ]);
    const unapproved = { ...measure, approvalDoc: { exists: false }, stillRunning: true };
    expect(missingBeforeReport('ABUSE_OF_COERCIVE_MEASURES', unapproved as never)).toEqual([]);
  });

  it('takes zero and false for answers', () => {
    const facts = { ...full('NON_POLICE_DEPLOYMENT'), officersSent: 0, onDuty: false };
    expect(missingBeforeReport('NON_POLICE_DEPLOYMENT', facts as never)).toEqual([]);
  });
});

const cents = fc.bigInt({ min: 0n, max: 999_999_999_999_999n });
const money = fc.record({
  amount: cents.map((value) => fromHundredths(value, 'CNY').amount),
  currency: fc.constantFrom('CNY', 'USD', 'HKD'),
});
const total = (amounts: readonly MoneyDto[], currency: string): bigint =>
  amounts.filter((one) => one.currency === currency).reduce((sum, one) => sum + hundredths(one), 0n);
const instant = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const day = instant.map((text) => text.slice(0, 10));

describe('sums', () => {
  it.each<[AllegationCategory, string, string, string]>([
    ['ARBITRARY_FINE', 'payers', 'amount', 'totalAmount'],
    ['MONEY_CASE', 'benefit', 'value', 'totalValue'],
  ])('of %s: the parts make the whole, currency by currency', (category, list, part, whole) => {
    fc.assert(
      fc.property(fc.array(money, { maxLength: 30 }), (amounts) => {
        const facts = parseFacts(category, { [list]: amounts.map((amount) => ({ [part]: amount })) });
        const sums = computedFacts(category, facts)[whole] as MoneyDto[];
        expect(new Set(sums.map(({ currency }) => currency))).toEqual(
          new Set(amounts.map(({ currency }) => currency)),
        );
        for (const sum of sums) expect(hundredths(sum)).toBe(total(amounts, sum.currency));
      }),
    );
  });

  it('leave entries without an amount aside', () => {
    const facts = parseFacts('ARBITRARY_FINE', { payers: [{}, { amount: yuan('1.5') }] });
    expect(computedFacts('ARBITRARY_FINE', facts)).toEqual({ totalAmount: [yuan('1.50')] });
  });
});

describe('the overcharge', () => {
  const overcharge = (facts: object) =>
    computedFacts('ARBITRARY_FINE', parseFacts('ARBITRARY_FINE', facts)).overcharge as MoneyDto[] | undefined;

  it('is counted payer by payer, never negative, never above the total', () => {
    fc.assert(
      fc.property(fc.array(cents, { maxLength: 20 }), cents, (amounts, maximum) => {
        const payers = amounts.map((amount) => ({ amount: fromHundredths(amount, 'CNY') }));
        const sum = total(overcharge({ payers, legalMaximum: fromHundredths(maximum, 'CNY') }) ?? [], 'CNY');
        expect(sum).toBe(amounts.reduce((all, one) => all + (one > maximum ? one - maximum : 0n), 0n));
        expect(sum).toBeLessThanOrEqual(amounts.reduce((all, one) => all + one, 0n));
      }),
    );
  });

  it('is the whole where no basis exists, and unknown while the maximum is', () => {
    const payers = [{ amount: yuan('5') }];
    expect(overcharge({ payers, basisExists: false })).toEqual([yuan('5.00')]);
    expect(overcharge({ payers, basisExists: true })).toBeUndefined();
    expect(overcharge({ payers, legalMaximum: { amount: '1', currency: 'USD' } })).toEqual([]);
  });
});

describe('delays and overruns', () => {
  const computed = (category: AllegationCategory, facts: object) =>
    computedFacts(category, parseFacts(category, facts));

  it.each([
    ['2026-02-27', '2026-02-27T20:00:00+08:00', 0],
    ['2026-02-27', '2026-03-03T23:59:59+08:00', 0], // Friday to Tuesday: two working days
    ['2026-02-27', '2026-03-03T16:00:00Z', 1], // Wednesday in China
    ['2026-02-28', '2026-03-03T10:00:00+08:00', 0], // from Saturday
    ['2026-02-28', '2026-03-04T10:00:00+08:00', 1],
    ['2026-02-27', '2026-03-08T10:00:00+08:00', 3], // to Sunday
    ['2026-03-05', '2026-03-02T10:00:00+08:00', 0], // handed in before it was paid
  ])('a fine of %s handed in at %s is %i working days late', (date, handedInAt, days) => {
    expect(computed('ARBITRARY_FINE', { payers: [{ date }], handedInAt }).delayWorkdays).toBe(days);
  });

  it('count from the first payment, and both steps', () => {
    const payers = [{ date: '2026-03-05' }, {}, { date: '2026-03-02' }];
    const facts = { payers, handedInAt: '2026-03-06T10:00:00+08:00', bankAt: '2026-03-13T10:00:00+08:00' };
    expect(computed('ARBITRARY_FINE', facts)).toMatchObject({
      officerDelayWorkdays: 2,
      organDelayWorkdays: 3,
      delayWorkdays: 5,
    });
  });

  it('count working days as a calendar does', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 400 }), (date, length) => {
        let weekdays = 0;
        const cursor = new Date(`${date}T04:00:00Z`);
        for (let i = 0; i < length; i++) {
          cursor.setUTCDate(cursor.getUTCDate() + 1);
          if (cursor.getUTCDay() % 6 !== 0) weekdays++;
        }
        const facts = { payers: [{ date }], handedInAt: cursor.toISOString() };
        expect(computed('ARBITRARY_FINE', facts).delayWorkdays).toBe(Math.max(0, weekdays - 2));
      }),
    );
  });

  it('overrun is whole minutes past the limit and never negative', () => {
    fc.assert(
      fc.property(
        instant,
        fc.nat(30 * 24 * 3600),
        fc.integer({ min: 1, max: 600 }),
        (startAt, seconds, limitHours) => {
          const endAt = new Date(Date.parse(startAt) + seconds * 1000).toISOString();
          const { overrunMinutes } = computed('ABUSE_OF_COERCIVE_MEASURES', { startAt, endAt, limitHours });
          expect(overrunMinutes).toBe(Math.max(0, Math.floor((seconds - limitHours * 3600) / 60)));
        },
      ),
    );
  });

  it('shortfall and what was handed in make the amount due, unless more was handed in', () => {
    fc.assert(
      fc.property(cents, cents, (due, handed) => {
        const { shortfall } = computed('INTERCEPTION_OR_MISAPPROPRIATION', {
          dueAmount: fromHundredths(due, 'CNY'),
          handedAmount: fromHundredths(handed, 'CNY'),
        });
        expect(hundredths(shortfall as MoneyDto)).toBe(due > handed ? due - handed : 0n);
      }),
    );
    const two = { dueAmount: yuan('1'), handedAmount: { amount: '1', currency: 'USD' } };
    expect(computed('INTERCEPTION_OR_MISAPPROPRIATION', two)).toEqual({});
  });

  it('delay in days is never negative, and neither is the time past a service limit', () => {
    fc.assert(
      fc.property(
        instant,
        instant,
        fc.nat(3000),
        fc.nat(3000),
        (dueAt, handedAt, legalTimeLimit, actualDays) => {
          const { delayDays } = computed('INTERCEPTION_OR_MISAPPROPRIATION', { dueAt, handedAt });
          expect(delayDays).toBeGreaterThanOrEqual(0);
          if (handedAt <= dueAt) expect(delayDays).toBe(0);
          const { overrunDays } = computed('COLD_SERVICE', { legalTimeLimit, actualDays });
          expect(overrunDays).toBe(Math.max(0, actualDays - legalTimeLimit));
        },
      ),
    );
  });

  it('officer hours grow with officers and time', () => {
    fc.assert(
      fc.property(instant, fc.nat(1000), fc.nat(500), (startedAt, hours, officersSent) => {
        const endedAt = new Date(Date.parse(startedAt) + hours * 3_600_000).toISOString();
        const facts = { startedAt, endedAt, officersSent };
        expect(computed('NON_POLICE_DEPLOYMENT', facts)).toEqual({ officerHours: hours * officersSent });
      }),
    );
  });

  it('an adverse act before the protected one counts backwards', () => {
    const dates = { protectedAct: '2026-03-02', adverseAct: '2026-03-01' };
    expect(computed('RETALIATION', { dates })).toEqual({ daysAfterProtectedAct: -1 });
  });
});
