import { createHash } from 'node:crypto';
import type {
  AllegationView,
  CaseFileView,
  CaseHistory,
  HistoryEntryView,
} from '../../src/casefiles/dto/case-file.view.js';
import { eventWords, type EventType } from '../../src/audit/events.js';

const id = (n: number): string => `019cac00-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

const organ = 'Lantian County Public Security Bureau 蓝田县公安局';
const officer = '李国强 Li Guoqiang #073318';
const second = '周敏 Zhou Min #073402';

const statement = `2026年2月27日上午十点左右，我在北门夜市摆摊，两名穿警服的人说我“占道经营”，要罚五百元。我问有没有决定书，高个子的说：“要单子就按一千罚。”我用手机扫了他给的二维码，收款人显示“*国强”，不是单位账户，也没有给我任何收据。旁边卖水果的马师傅和修手机的小艾（艾尼瓦尔·买买提，ئەنىۋەر مەمەت）同一天也交了钱。
第二天我到派出所问，窗口的人让我“别没事找事”。二月二十八日晚上高个子又来摊位，说再去反映就别想在这条街做生意了。

I attach ① the screenshot of the payment (¥500.00, 10:14:32), ② a photo of the two officers' patrol car, plate 陕A·1234警, and ③ the names of two witnesses. 😀`;

const allegation = (over: Partial<AllegationView>): AllegationView => ({
  id: id(11),
  caseId: id(1),
  no: 1,
  category: 'ARBITRARY_FINE',
  occurredFrom: '2026-02-27T02:10:00.000Z',
  occurredTo: '2026-02-27T02:40:00.000Z',
  occurredPrecision: 'INSTANT',
  place: 'North Gate night market, row C 北门夜市 C 排',
  organId: id(3),
  organ: 'North Gate Police Station 北门派出所',
  facts: {},
  computed: {},
  missing: [],
  sourceWords: null,
  version: 3,
  subjects: [],
  affectedPersons: [],
  findings: [],
  measures: [],
  ...over,
});

const fine = allegation({
  facts: {
    kind: 'FINE',
    discoveredAt: '2026-03-02T09:15:00+08:00',
    onDuty: true,
    uniformed: true,
    vehicleNo: '陕A·1234警',
    powerUsed: ['FINE'],
    consequence: 'SERIOUS',
    consequenceText:
      'Three traders paid; one closed the stall for nine days out of fear. 三名摊主缴款，其中一人停业九天。',
    legalBasisClaimed: 'Occupying the road to trade (占道经营); no provision was named.',
    basisExists: false,
    procedure: 'NONE',
    payers: [
      {
        person: { name: '王桂兰 Wang Guilan' },
        amount: { amount: '500.00', currency: 'CNY' },
        date: '2026-02-27',
        method: 'QR_CODE',
        accountOwner: '李国强',
        receiptIssuer: 'NONE',
        amountPaid: { amount: '500.00', currency: 'CNY' },
      },
      {
        person: { name: '马德福 Ma Defu' },
        amount: { amount: '1300.00', currency: 'CNY' },
        date: '2026-02-27',
        method: 'CASH',
        receiptIssuer: 'OTHER',
        receiptNo: 'NG-0031',
        amountOnReceipt: { amount: '300.00', currency: 'CNY' },
        amountPaid: { amount: '1300.00', currency: 'CNY' },
      },
      {
        person: { name: '艾尼瓦尔·买买提' },
        firm: '小艾手机维修',
        amount: { amount: '500.00', currency: 'CNY' },
        date: '2026-02-27',
        method: 'QR_CODE',
        receiptIssuer: 'NONE',
      },
    ],
    handedInAt: '2026-03-05T16:30:00+08:00',
    quotaExisted: true,
    quotaDocument: { exists: true, title: '北门派出所二月份工作任务分解表', date: '2026-02-02' },
  } as AllegationView['facts'],
  computed: {
    totalAmount: [{ amount: '2300.00', currency: 'CNY' }],
    overcharge: [{ amount: '2300.00', currency: 'CNY' }],
    officerDelayWorkdays: 2,
    delayWorkdays: 2,
  },
  missing: [],
  subjects: [
    {
      id: id(21),
      officerId: id(31),
      officer,
      description: 'tall, badge ends in 18',
      role: 'PRINCIPAL',
      identifiedAt: '2026-03-09T02:00:00.000Z',
    },
    {
      id: id(22),
      officerId: id(32),
      officer: second,
      description: null,
      role: 'PARTICIPANT',
      identifiedAt: null,
    },
  ],
  affectedPersons: [
    {
      name: '王桂兰 Wang Guilan',
      organisation: null,
      vulnerabilities: ['ELDERLY'],
      injuryLevel: 'NONE',
      loss: { amount: '500.00', currency: 'CNY' },
    },
    {
      name: '马德福 Ma Defu',
      organisation: null,
      vulnerabilities: [],
      injuryLevel: 'NONE',
      loss: { amount: '1300.00', currency: 'CNY' },
    },
    {
      name: '艾尼瓦尔·买买提',
      organisation: '小艾手机维修',
      vulnerabilities: [],
      injuryLevel: 'NONE',
      loss: { amount: '500.00', currency: 'CNY' },
    },
  ],
  measures: [],
  findings: [
    {
      id: id(41),
      stage: 'RECOMMENDED',
      revision: 1,
      outcome: 'PARTLY_SUBSTANTIATED',
      reason: 'Two payments are proven; the third rests on one witness only.',
      mitigating: [],
      aggravating: [],
      sourceWords: null,
      recordedBy: id(51),
      recordedByName: '陈晓燕 Chen Xiaoyan',
      recordedAt: '2026-04-20T07:12:09.000Z',
    },
    {
      id: id(42),
      stage: 'RECOMMENDED',
      revision: 2,
      outcome: 'SUBSTANTIATED',
      reason:
        'The payment platform confirmed on 22 April that both QR codes belong to the personal account of the subject. The hearing of all three payers, the receipt stub NG-0031 and the body camera of 27 February agree. No decision was made out, and no basis exists for a fine of that kind by the station.\n收款二维码均为李国强个人账户，三名缴款人陈述、票据存根与执法记录仪内容相互印证，足以认定。',
      mitigating: [{ code: 'RETURNED_GAINS', proof: 'Bank slip of 5 March, evidence 14' }],
      aggravating: [{ code: 'THREATENED_REPORTER', proof: 'Voice message of 28 February, evidence 9' }],
      sourceWords: null,
      recordedBy: id(51),
      recordedByName: '陈晓燕 Chen Xiaoyan',
      recordedAt: '2026-04-24T03:40:51.000Z',
    },
    {
      id: id(43),
      stage: 'FINAL',
      revision: 1,
      outcome: 'SUBSTANTIATED',
      reason:
        'As recommended. The subject admitted the facts in his statement of 6 May and disputed the number of payers only; the platform record answers that. 事实清楚，证据确凿。',
      mitigating: [{ code: 'RETURNED_GAINS', proof: 'Bank slip of 5 March, evidence 14' }],
      aggravating: [],
      sourceWords: null,
      recordedBy: id(52),
      recordedByName: '赵立新 Zhao Lixin',
      recordedAt: '2026-05-18T08:02:33.000Z',
    },
  ],
});

const retaliation = allegation({
  id: id(12),
  no: 2,
  category: 'RETALIATION',
  occurredFrom: '2026-02-28T12:30:00.000Z',
  occurredTo: null,
  place: 'North Gate night market 北门夜市',
  facts: {
    discoveredAt: '2026-03-02T09:15:00+08:00',
    onDuty: false,
    protectedPerson: { name: '王桂兰 Wang Guilan' },
    protectedAct: 'COMPLAINT',
    adverseAct:
      'Came to the stall in plain clothes and threatened to drive the trader from the street if she complained again. '
        .repeat(3)
        .trim(),
    dates: { protectedAct: '2026-02-28', adverseAct: '2026-02-28' },
    consequence: 'MINOR',
  } as AllegationView['facts'],
  computed: { daysAfterProtectedAct: 0 },
  missing: ['/decidedBy', '/witnesses/0/name'],
  subjects: [
    {
      id: id(23),
      officerId: null,
      officer: null,
      description: 'the tall one of the two 高个子，警号末两位 18',
      role: 'UNKNOWN',
      identifiedAt: null,
    },
  ],
  affectedPersons: [
    {
      name: '王桂兰 Wang Guilan',
      organisation: null,
      vulnerabilities: ['ELDERLY'],
      injuryLevel: 'SLIGHT',
      loss: null,
    },
  ],
  measures: [],
  findings: [
    {
      id: id(44),
      stage: 'RECOMMENDED',
      revision: 1,
      outcome: 'NOT_SUBSTANTIATED',
      reason: 'The voice message does not name the speaker, and a comparison was not possible.',
      mitigating: [],
      aggravating: [],
      sourceWords: null,
      recordedBy: id(51),
      recordedByName: '陈晓燕 Chen Xiaoyan',
      recordedAt: '2026-04-24T03:44:10.000Z',
    },
  ],
});

export const aCaseFile = (over: Partial<CaseFileView> = {}): CaseFileView => ({
  id: id(1),
  reference: 'PL-2026-000123',
  status: 'SERVED',
  channel: 'HOTLINE',
  receivedAt: '2026-03-02T01:15:00.000Z',
  registeredAt: '2026-03-02T01:32:41.120Z',
  organId: id(2),
  receivingOrganId: id(2),
  reporterKind: 'CONFIDENTIAL',
  categories: ['ARBITRARY_FINE', 'RETALIATION'],
  investigatorIds: [id(51), id(53)],
  rulebookVersion: '2020-07',
  filedOn: '2026-03-16',
  decisionDueOn: '2026-09-16',
  decidedOn: '2026-05-18',
  masterCaseId: null,
  version: 17,
  organ,
  statement,
  reporter: { kind: 'CONFIDENTIAL', name: { $redacted: 'reporter' }, contact: { $redacted: 'reporter' } },
  allegations: [fine, retaliation],
  investigators: [
    {
      id: id(61),
      userId: id(51),
      name: '陈晓燕 Chen Xiaoyan',
      isLead: true,
      assignedAt: '2026-03-04T02:00:00.000Z',
      withdrawnAt: null,
      withdrawnReason: null,
    },
    {
      id: id(62),
      userId: id(54),
      name: '高翔 Gao Xiang',
      isLead: false,
      assignedAt: '2026-03-04T02:00:00.000Z',
      withdrawnAt: '2026-03-11T01:10:00.000Z',
      withdrawnReason: 'served in the same station until 2024',
    },
    {
      id: id(63),
      userId: id(53),
      name: '林书豪 Lin Shuhao',
      isLead: false,
      assignedAt: '2026-03-11T01:20:00.000Z',
      withdrawnAt: null,
      withdrawnReason: null,
    },
  ],
  sanctions: [
    {
      id: id(71),
      officerId: id(31),
      officer,
      track: 'EMPLOYER_DISCIPLINE',
      kind: 'MAJOR_DEMERIT',
      status: 'SERVED',
      allegationIds: [id(11)],
      basis: ['行政处罚法 79', '政务处分法 36'],
      reason:
        'First act; the money was returned before filing; three payers within one hour, and a threat when a receipt was asked for.',
      effectiveFrom: '2026-05-18',
      endsOn: '2027-11-18',
      servedOn: '2026-05-22',
      sourceWords: null,
      version: 3,
      allowed: [],
    },
  ],
  deeds: [
    [
      'accept',
      'REGISTERED',
      'TRIAGED_ACCEPTED',
      '吴建华 Wu Jianhua',
      '2026-03-03T02:00:00.000Z',
      'Within our jurisdiction; the station itself has no part in it.',
      {},
    ],
    [
      'start-preliminary',
      'TRIAGED_ACCEPTED',
      'PRELIMINARY',
      '吴建华 Wu Jianhua',
      '2026-03-04T02:10:00.000Z',
      'Two investigators without a conflict are assigned.',
      { plan: 'Secure camera and platform records first.' },
    ],
    [
      'file',
      'PRELIMINARY',
      'FILED',
      '郑海峰 Zheng Haifeng',
      '2026-03-16T01:00:00.000Z',
      '符合立案条件，同意立案。',
      { decisionDueOn: '2026-09-16' },
    ],
    [
      'start-investigation',
      'FILED',
      'INVESTIGATING',
      '陈晓燕 Chen Xiaoyan',
      '2026-03-16T06:20:00.000Z',
      'Plan approved.',
      {},
    ],
    [
      'report',
      'INVESTIGATING',
      'REPORTED',
      '陈晓燕 Chen Xiaoyan',
      '2026-04-24T04:00:00.000Z',
      'All facts that the law demands are on record.',
      { secondSigner: '林书豪' },
    ],
    [
      'serve-notice',
      'REPORTED',
      'NOTICE_SERVED',
      '何婉清 He Wanqing',
      '2026-04-28T03:00:00.000Z',
      'Served in person.',
      { servedOn: '2026-04-28', proof: 'signed receipt' },
    ],
    [
      'record-defence',
      'NOTICE_SERVED',
      'DEFENCE_HEARD',
      '何婉清 He Wanqing',
      '2026-05-06T07:00:00.000Z',
      'Heard with a record.',
      {
        declined: false,
        statement:
          'I took the money and paid it in later. There were two payers, not three. 我收了钱，后来交了，是两个人，不是三个。',
      },
    ],
    [
      'legal-review',
      'DEFENCE_HEARD',
      'LEGAL_REVIEWED',
      '何婉清 He Wanqing',
      '2026-05-11T09:00:00.000Z',
      'Facts clear, procedure kept, proposal within the band.',
      {},
    ],
    [
      'decide',
      'DELIBERATED',
      'DECIDED_SANCTION',
      '赵立新 Zhao Lixin',
      '2026-05-18T08:10:00.000Z',
      'As proposed.',
      {
        meeting: {
          heldOn: '2026-05-18',
          attendees: ['郑海峰', '赵立新', '孙玉梅'],
          minutes: 'Heard, discussed, agreed by all.',
        },
      },
    ],
    [
      'serve-decision',
      'DECIDED_SANCTION',
      'SERVED',
      '吴建华 Wu Jianhua',
      '2026-05-22T02:00:00.000Z',
      'Served on the subject and the station.',
      { servedOn: '2026-05-22' },
    ],
  ].map(
    ([deed, from, to, doneByName, doneAt, reason, details]) =>
      ({
        deed,
        from,
        to,
        doneBy: id(50),
        doneByName,
        doneAt,
        reason,
        details,
      }) as CaseFileView['deeds'][number],
  ),
  allowed: ['close'],
  recordable: [],
  redacted: ['reporterIdentity'],
  ...over,
});

type Sketch = [type: EventType, at: string, actor: string, role: string, values: Record<string, unknown>];

const sketches: Sketch[] = [
  [
    'case.registered',
    '2026-03-02T01:32:41.120Z',
    '孙丽 Sun Li',
    'INTAKE_OFFICER',
    {
      reference: 'PL-2026-000123',
      channel: 'HOTLINE',
      receivedAt: '2026-03-02T01:15:00.000Z',
      status: 'REGISTERED',
      'reporter.kind': 'CONFIDENTIAL',
      statement,
    },
  ],
  [
    'allegation.added',
    '2026-03-02T01:32:41.120Z',
    '孙丽 Sun Li',
    'INTAKE_OFFICER',
    {
      no: 1,
      category: 'ARBITRARY_FINE',
      place: fine.place,
      facts: {
        kind: 'FINE',
        basisExists: false,
        payers: [{ person: { name: '王桂兰 Wang Guilan' }, amount: { amount: '500.00', currency: 'CNY' } }],
      },
      subjects: [{ officerId: null, description: 'tall, badge ends in 18', role: 'UNKNOWN' }],
      sourceWords: null,
    },
  ],
  [
    'case.accept',
    '2026-03-03T02:00:00.000Z',
    '吴建华 Wu Jianhua',
    'SUPERVISOR',
    {
      status: { from: 'REGISTERED', to: 'TRIAGED_ACCEPTED' },
      reason: 'Within our jurisdiction; the station itself has no part in it.',
    },
  ],
  [
    'investigator.assigned',
    '2026-03-04T02:00:00.000Z',
    '吴建华 Wu Jianhua',
    'SUPERVISOR',
    { userId: id(51), isLead: true },
  ],
  [
    'allegation.updated',
    '2026-03-09T02:00:00.000Z',
    '陈晓燕 Chen Xiaoyan',
    'INVESTIGATOR',
    {
      subjects: {
        from: [{ description: 'tall, badge ends in 18', role: 'UNKNOWN' }],
        to: [
          { officerId: id(31), role: 'PRINCIPAL' },
          { officerId: id(32), role: 'PARTICIPANT' },
        ],
      },
      place: { from: 'Night market 夜市', to: 'North Gate night market, row C 北门夜市 C 排' },
      reason: 'identified from the duty roster and the body camera',
    },
  ],
  [
    'case.file',
    '2026-03-16T01:00:00.000Z',
    '郑海峰 Zheng Haifeng',
    'AGENCY_HEAD',
    {
      status: { from: 'PRELIMINARY', to: 'FILED' },
      filedOn: { from: null, to: '2026-03-16' },
      decisionDueOn: { from: null, to: '2026-09-16' },
      reason: '符合立案条件，同意立案。',
    },
  ],
  [
    'finding.recommended',
    '2026-04-24T03:40:51.000Z',
    '陈晓燕 Chen Xiaoyan',
    'INVESTIGATOR',
    { outcome: 'SUBSTANTIATED', revision: 2, reason: fine.findings[1]!.reason },
  ],
  [
    'case.decide',
    '2026-05-18T08:10:00.000Z',
    '赵立新 Zhao Lixin',
    'DECISION_MAKER',
    {
      status: { from: 'DELIBERATED', to: 'DECIDED_SANCTION' },
      decidedOn: { from: null, to: '2026-05-18' },
      reason: 'As proposed.',
    },
  ],
  [
    'sanction.decided',
    '2026-05-18T08:10:00.000Z',
    '赵立新 Zhao Lixin',
    'DECISION_MAKER',
    {
      kind: 'MAJOR_DEMERIT',
      officerId: id(31),
      effectiveFrom: { from: null, to: '2026-05-18' },
      endsOn: { from: null, to: '2027-11-18' },
    },
  ],
  [
    'sanction.served',
    '2026-05-22T02:00:00.000Z',
    '吴建华 Wu Jianhua',
    'SUPERVISOR',
    { servedOn: { from: null, to: '2026-05-22' } },
  ],
];

const entry = ([type, at, actor, role, values]: Sketch, seq: number): HistoryEntryView => ({
  seq,
  at,
  event: id(1000 + seq),
  type,
  words: eventWords[type],
  actor: { uid: id(2000 + seq), name: actor, role, unit: id(2), sid: '1f0c9a4be2d7' },
  target: { kind: 'case', id: id(1), rev: seq + 1 },
  values: Object.entries(values).map(([name, value]) => ({ name, value })),
  erased: [],
  altered: [],
  proof: {
    envelope: `plumbline-entry/v1\nseq ${seq}\n`,
    body: '{"v":1}',
    leaf: createHash('sha256').update(`leaf ${seq}`).digest('base64'),
    signature: createHash('sha512').update(`signature ${seq}`).digest('base64'),
    writer: 'api-1-20260914',
    disclosures: [],
  },
});

/** A made-up history from intake to service, with as many events as wanted. */
export function aCaseHistory(over: Partial<CaseFileView> = {}, count = sketches.length): CaseHistory {
  const exportedAt = '2026-05-25T06:30:12.000Z';
  const exported: Sketch = [
    'case.exported',
    exportedAt,
    '审计员 Auditor Han Mei',
    'AUDITOR',
    { format: 'pdf', purpose: 'Handed to the provincial commission on its request of 20 May' },
  ];
  const events = Array.from({ length: count }, (_, i) => sketches[i % sketches.length]!);
  return {
    exportedAt,
    exportedBy: '韩梅 Han Mei',
    purpose:
      'Handed to the provincial commission on its request of 20 May. 应省纪检监察机关五月二十日来函调取。',
    file: aCaseFile(over),
    events: [...events, exported].map(entry),
  };
}
