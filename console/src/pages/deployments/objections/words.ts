import { catalogue } from '../../../i18n/catalogue.ts';

export const [useObjectionWords] = catalogue(
  {
    title: 'Objections to orders',
    lead: 'What officers object to an order by 警察法 33: your own, and as the organ above those of officers under you. Whoever gave the order reads nothing here.',
    none: 'No objection is open to you',
    noneHint: 'An officer who was sent objects on the page of the request.',
    when: 'When',
    request: 'Request',
    open: 'To the request',
    text: 'What is objected to',
    notices: 'Too many late emergencies',
    noNotices: 'No organ filed three emergencies of a quarter too late.',
    organ: 'Organ',
    quarter: 'Quarter',
    count: 'Late',
  },
  {
    title: '对命令的异议',
    lead: '民警依警察法第三十三条对命令提出的异议：您本人提出的，以及您作为上级机关可查看的下级民警的异议。下达命令者不能查看。',
    none: '没有您可查看的异议',
    noneHint: '被派出的民警可在申请页面提出异议。',
    when: '时间',
    request: '申请',
    open: '查看申请',
    text: '异议内容',
    notices: '逾期补报过多',
    noNotices: '没有单位在一个季度内三次逾期补报。',
    organ: '单位',
    quarter: '季度',
    count: '逾期次数',
  },
);
