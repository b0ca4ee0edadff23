/** The kinds of misconduct that an allegation may be of: ten of practice, two that guard reporters, and the rest. */
export const allegationCategories = [
  'COERCED_CONFESSION',
  'ARBITRARY_FINE',
  'FAVOUR_CASE',
  'NON_POLICE_DEPLOYMENT',
  'MONEY_CASE',
  'ABUSE_OF_COERCIVE_MEASURES',
  'INTERCEPTION_OR_MISAPPROPRIATION',
  'VICE_PARTICIPATION',
  'RENT_SEEKING',
  'COLD_SERVICE',
  'RETALIATION',
  'LEAK_OF_COMPLAINT',
  'OTHER',
] as const;

export type AllegationCategory = (typeof allegationCategories)[number];

/** What people call a category. */
export const categoryTitles: Readonly<
  Record<AllegationCategory, { readonly en: string; readonly zh: string }>
> = {
  COERCED_CONFESSION: { en: 'Coerced confession', zh: '刑讯逼供' },
  ARBITRARY_FINE: { en: 'Arbitrary fine or fee', zh: '乱罚款、乱收费' },
  FAVOUR_CASE: { en: 'Favour case', zh: '关系案、人情案' },
  NON_POLICE_DEPLOYMENT: { en: 'Non-police deployment', zh: '参与非警务活动' },
  MONEY_CASE: { en: 'Money case', zh: '金钱案' },
  ABUSE_OF_COERCIVE_MEASURES: { en: 'Abuse of coercive measures', zh: '滥用强制措施' },
  INTERCEPTION_OR_MISAPPROPRIATION: { en: 'Interception or misappropriation', zh: '截留挪用' },
  VICE_PARTICIPATION: { en: 'Gambling, prostitution or drugs', zh: '黄赌毒' },
  RENT_SEEKING: { en: 'Rent-seeking', zh: '权力寻租' },
  COLD_SERVICE: { en: 'Cold service or petty extortion', zh: '冷硬横推、吃拿卡要' },
  RETALIATION: { en: 'Retaliation', zh: '打击报复' },
  LEAK_OF_COMPLAINT: { en: 'Leak of a complaint', zh: '泄露举报' },
  OTHER: { en: 'Other', zh: '其他' },
};
