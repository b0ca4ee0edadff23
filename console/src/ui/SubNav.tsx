import type { JSX } from 'react';
import { NavLink } from 'react-router';
import classes from './SubNav.module.css';

interface Props {
  readonly label: string;
  readonly pages: readonly { readonly to: string; readonly label: string }[];
}

/** The way between the pages of one area, above their content. */
export const SubNav = ({ label, pages }: Props): JSX.Element => (
  <nav className={classes['nav']} aria-label={label} data-print="no">
    {pages.map((page) => (
      // What lies below a page is marked as that page, unless it is one of the others.
      <NavLink key={page.to} to={page.to} end={pages.some(({ to }) => to.startsWith(`${page.to}/`))}>
        {page.label}
      </NavLink>
    ))}
  </nav>
);
