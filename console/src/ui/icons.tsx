import type { JSX } from 'react';

/** Drawn here, in one stroke width, instead of a package of five thousand. Always beside a text, so hidden from readers. */
const icon =
  (...paths: string[]) =>
  ({ size = 18 }: { size?: number }): JSX.Element => (
    <svg
      width={`${size / 16}rem`}
      height={`${size / 16}rem`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {paths.map((d) => (
        <path key={d} d={d} />
      ))}
    </svg>
  );

export const HomeIcon = icon('M4 11l8-7 8 7', 'M6 10v10h12V10');
export const CasesIcon = icon('M4 7h6l2 2h8v11H4z', 'M8 13h8', 'M8 16h5');
export const IntakeIcon = icon('M12 4v10', 'M8 10l4 4 4-4', 'M4 15v5h16v-5');
export const DeploymentsIcon = icon('M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z', 'M9 12l2 2 4-4');
export const AuditIcon = icon('M5 4h11l3 3v13H5z', 'M9 12l2 2 4-4', 'M9 8h5');
export const StatisticsIcon = icon('M4 20h16', 'M7 20v-7', 'M12 20V5', 'M17 20v-10');
export const AdminIcon = icon(
  'M4 7h10',
  'M18 7h2',
  'M16 5v4',
  'M4 12h3',
  'M11 12h9',
  'M9 10v4',
  'M4 17h10',
  'M18 17h2',
  'M16 15v4',
);
export const AccountIcon = icon('M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z', 'M4 21c0-4 3.5-6 8-6s8 2 8 6');
export const SearchIcon = icon('M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14z', 'M16 16l4 4');
export const MenuIcon = icon('M4 7h16', 'M4 12h16', 'M4 17h16');
export const CloseIcon = icon('M6 6l12 12', 'M18 6L6 18');
export const SunIcon = icon(
  'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8z',
  'M12 2v2',
  'M12 20v2',
  'M2 12h2',
  'M20 12h2',
  'M5 5l1.4 1.4',
  'M17.6 17.6L19 19',
  'M5 19l1.4-1.4',
  'M17.6 6.4L19 5',
);
export const MoonIcon = icon('M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z');
export const DownloadIcon = icon('M12 4v11', 'M8 11l4 4 4-4', 'M5 20h14');
export const ExportsIcon = icon('M4 13v7h16v-7', 'M12 15V4', 'M8 8l4-4 4 4');
export const LockIcon = icon('M6 11h12v9H6z', 'M9 11V8a3 3 0 0 1 6 0v3');
export const AlertIcon = icon('M12 4l9 16H3z', 'M12 10v4', 'M12 17v.5');
export const CheckIcon = icon('M5 12l5 5 9-10');
export const KeyIcon = icon('M8 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8z', 'M12 12h9', 'M18 12v3');
export const PrintIcon = icon('M7 9V4h10v5', 'M7 17H4V9h16v8h-3', 'M7 14h10v6H7z');

/** The mark: a bob on its line. */
export const Mark = ({ size = 26 }: { size?: number }): JSX.Element => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path d="M16 1v16" stroke="currentColor" strokeWidth="1.6" />
    <path d="M11 16.5h10l-1 5L16 31l-4-9.5z" fill="var(--seal)" />
  </svg>
);
