import type { ComponentType, JSX } from 'react';
import type { components } from '../api/client.ts';
import type { InEach, Language } from '../i18n/language.ts';
import type { AppAbility } from './ability.ts';

export type Me = components['schemas']['MeView'];

/** One line of "what waits for me" on the home page. */
export interface Waiting {
  readonly key: string;
  readonly label: string;
  /** How many there are; a line with 0 is not shown. */
  readonly count: number;
  /** The filtered list that holds them. */
  readonly to: string;
  /** In this order on the page. */
  readonly urgency: 'overdue' | 'soon' | 'waiting';
}

/** What figures are asked for: days of the law, both included, and an organ with all under it. */
export interface FiguresAsked {
  readonly from: string;
  readonly to: string;
  readonly organId: string | undefined;
}

interface Route {
  /** Such as `cases/:id`, without the slash in front. */
  readonly path: string;
  /** The module of the page, loaded when somebody goes there; the page is its default export. */
  readonly page: () => Promise<{ default: ComponentType }>;
  /** Who may open it where that differs from the area. */
  readonly mayOpen?: (ability: AppAbility) => boolean;
}

/**
 * A part of the console: the folder `src/pages/<area>` with an `area.ts` that exports one of these as `area`. It is
 * loaded at once, so it holds no page itself.
 */
export interface Area {
  /** Its place in the navigation, in tens. */
  readonly order: number;
  readonly title: InEach;
  readonly icon: (props: { size?: number }) => JSX.Element;
  /** Where the navigation leads; undefined: the area is not in the navigation. */
  readonly to?: string;
  /** Shows or hides it; the server decides. */
  readonly mayOpen: (ability: AppAbility) => boolean;
  readonly routes: readonly Route[];
  /** Its figures on the page of statistics, under the title of the area, for who may count. */
  readonly figures?: {
    readonly mayOpen: (ability: AppAbility) => boolean;
    readonly panel: () => Promise<{ default: ComponentType<FiguresAsked> }>;
    /** Where all of them are as CSV. */
    readonly csv: (asked: FiguresAsked) => string;
  };
  /** What of this area waits for the person, as lines of the home page. */
  readonly waiting?: () => Promise<{
    waiting: (ability: AppAbility, me: Me, language: Language) => Promise<Waiting[]>;
  }>;
}

/** Every area, found by its file: nobody has to list one. */
export const areas: readonly Area[] = Object.values(
  import.meta.glob<Area>('../pages/*/area.ts', { eager: true, import: 'area' }),
).sort((a, b) => a.order - b.order);
