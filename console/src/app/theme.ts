import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** Ink: the blue-black of a fountain pen. Text on it and it on paper keep 4.5:1 from shade 6 on. */
const ink: MantineColorsTuple = [
  '#eef4f8',
  '#dbe6ee',
  '#b7ccda',
  '#8fb0c5',
  '#6c97b2',
  '#4a7b9a',
  '#2f6485',
  '#214e6b',
  '#183c54',
  '#102a3c',
];
/** Seal: the vermilion of a chop. Only for what is overdue, refused or final. */
const seal: MantineColorsTuple = [
  '#fdf0ed',
  '#f8dcd6',
  '#efb6aa',
  '#e68e7c',
  '#dd6c55',
  '#cf513a',
  '#b23a26',
  '#94301f',
  '#772719',
  '#561b11',
];

/** Mantine's grounds and lines of the dark appearance, with some of the ink in them. */
const dark: MantineColorsTuple = [
  '#dfe5e8',
  '#b9c3c9',
  '#9aa6ae',
  '#5d6a73',
  '#3f4b54',
  '#2c3840',
  '#1c262d',
  '#12181c',
  '#0e1317',
  '#0a0e11',
];

const sans = [
  'system-ui',
  '-apple-system',
  "'Segoe UI'",
  'Roboto',
  "'Helvetica Neue'",
  'Arial',
  "'PingFang SC'",
  "'Microsoft YaHei'",
  "'Noto Sans CJK SC'",
  "'Noto Sans SC'",
  "'Source Han Sans SC'",
  'sans-serif',
].join(', ');
const serif = [
  'Charter',
  "'Bitstream Charter'",
  "'Iowan Old Style'",
  'Cambria',
  "'Liberation Serif'",
  'Georgia',
  "'Songti SC'",
  "'Noto Serif CJK SC'",
  "'Source Han Serif SC'",
  'SimSun',
  'serif',
].join(', ');

export const theme = createTheme({
  colors: { ink, seal, dark },
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 5 },
  autoContrast: true,
  defaultRadius: 3,
  fontFamily: sans,
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', 'SF Mono', 'Liberation Mono', monospace",
  headings: { fontFamily: serif, fontWeight: '600' },
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    // Its header is none of the page: a reader of landmarks would find two banners.
    Modal: { defaultProps: { centered: true, radius: 3, attributes: { header: { role: 'presentation' } } } },
    Button: { defaultProps: { size: 'sm' } },
  },
});

/** Mantine's grey for secondary text is too pale for WCAG 1.4.3 on paper. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fbfaf7',
    '--mantine-color-text': '#1a2228',
    '--mantine-color-dimmed': '#55616a',
    '--mantine-color-placeholder': '#66717a',
    '--mantine-color-error': '#a32c18',
    '--mantine-color-anchor': '#214e6b',
  },
  dark: {
    '--mantine-color-body': '#12181c',
    '--mantine-color-text': '#dfe5e8',
    '--mantine-color-dimmed': '#a3afb7',
    '--mantine-color-placeholder': '#94a1a9',
    '--mantine-color-error': '#f09683',
    '--mantine-color-anchor': '#8fb9d4',
  },
});
