import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.layer.css';
import type { JSX } from 'react';
import { formatNumber } from '../../i18n/format.ts';

/** Told apart by hue and by lightness, on light and on dark ground. */
const series = ['ink.5', 'seal.5', 'teal.7', 'yellow.7', 'grape.6', 'cyan.6', 'orange.7', 'lime.8'] as const;
export const color = (i: number): string => series[i % series.length]!;
/** The drawing is for the eye alone: its numbers stand in the table. */
export const quiet = { accessibilityLayer: false } as const;
export const chart = { h: 240, withLegend: true, gridAxis: 'y', tickLine: 'none' } as const;
export const still = { isAnimationActive: false } as const;

interface Props {
  /** A group of bars for each, which `name` says; what is hidden is left out. */
  readonly data: readonly Record<string, string | number | null>[];
  readonly bars: readonly { readonly name: string; readonly label: string }[];
}

/** Bars, piled up where there are several. */
export const Bars = ({ data, bars }: Props): JSX.Element => (
  <BarChart
    {...chart}
    type="stacked"
    withLegend={bars.length > 1}
    data={[...data]}
    dataKey="name"
    series={bars.map((bar, i) => ({ ...bar, color: color(i) }))}
    valueFormatter={(value) => formatNumber(value)}
    maxBarWidth={56}
    barChartProps={quiet}
    barProps={still}
  />
);
