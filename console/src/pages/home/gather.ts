import type { AppAbility } from '../../app/ability.ts';
import { areas, type Area, type Me, type Waiting } from '../../app/area.ts';
import type { Language } from '../../i18n/language.ts';

/** What could not be counted: a line, or all of an area. */
interface Missing {
  readonly key: string;
  readonly label: string;
  readonly error: unknown;
}

export interface Gathered {
  /** The most urgent first, and none without anything to do. */
  readonly lines: readonly Waiting[];
  readonly missing: readonly Missing[];
}

const ranks: readonly Waiting['urgency'][] = ['overdue', 'soon', 'waiting'];

/** The lines of all areas. One that does not come takes no other away. */
export async function gather(may: AppAbility, me: Me, language: Language): Promise<Gathered> {
  const open = areas.filter(({ mayOpen, waiting }) => waiting !== undefined && mayOpen(may));
  const all = (await Promise.all(open.map((area) => linesOf(area, may, me, language)))).flat();
  const missing = all.filter(isMissing);
  const [first] = missing;
  // Nothing came at all: then it is the page that failed, and it is asked for again as every page is.
  if (first !== undefined && missing.length === all.length) throw first.error;
  const lines = all
    .filter((line): line is Waiting => !isMissing(line) && line.count > 0)
    .sort((a, b) => ranks.indexOf(a.urgency) - ranks.indexOf(b.urgency));
  return { lines, missing };
}

async function linesOf(
  { title, waiting }: Area,
  may: AppAbility,
  me: Me,
  language: Language,
): Promise<readonly (Waiting | Missing)[]> {
  try {
    return await (await waiting!()).waiting(may, me, language);
  } catch (error) {
    return [{ key: title.en, label: title[language], error }];
  }
}

/** An area hands over a line that it could not count with the error. */
const isMissing = (line: Waiting | Missing): line is Missing => 'error' in line;
