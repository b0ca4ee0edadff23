import pg from 'pg';

/** More than the application has, so that texts which vary without end do not fill the server's memory. */
const MAX_PREPARED = 500;
/** One that is longer inserts many rows at once, hardly twice the same number. */
const MAX_LENGTH = 16_384;

const names = new Map<string, string>();

/** The name under which each connection prepares a text, or undefined for one that is not prepared. */
function nameOf(text: string): string | undefined {
  let name = names.get(text);
  if (name === undefined && names.size < MAX_PREPARED && text.length <= MAX_LENGTH) {
    names.set(text, (name = `s${names.size}`));
  }
  return name;
}

/**
 * A connection that prepares each statement with parameters once: planning a wide read takes the database longer than
 * running it. TypeORM names no statements. Behind PgBouncer in transaction mode this needs its version 1.21 or later.
 */
export class PreparingClient extends pg.Client {
  override query = ((...given: unknown[]): unknown => {
    const [text, values] = given;
    const name = typeof text === 'string' && Array.isArray(values) && values.length > 0 && nameOf(text);
    const send = super.query.bind(this) as (...args: unknown[]) => unknown;
    return name ? send({ name, text, values }, ...given.slice(2)) : send(...given);
  }) as pg.Client['query'];
}
