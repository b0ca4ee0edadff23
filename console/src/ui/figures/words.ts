import { catalogue } from '../../i18n/catalogue.ts';

/** What all figures say. */
export const [useFigureTableWords] = catalogue(
  {
    hidden: 'hidden',
    sum: 'Sum',
    chartOf: (title: string) => `Chart: ${title}. The table below holds the same numbers.`,
    nothing: 'Nothing in this period.',
    smallNumbers: (below: number) =>
      `Numbers below ${below} are hidden, and with them others that would give them away. A zero is shown.`,
  },
  {
    hidden: '不显示',
    sum: '合计',
    chartOf: (title: string) => `图表：${title}。下方表格为相同数据。`,
    nothing: '所选时段没有数据。',
    smallNumbers: (below: number) => `小于 ${below} 的数字及可推知该数字的其他数字不予显示；零照常显示。`,
  },
);
