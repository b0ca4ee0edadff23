import { unstorable } from '../common/text.js';

const KEY = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const MAX_DEPTH = 8;

/**
 * RFC 8785 (JCS) restricted to what an event may hold: objects with plain keys, arrays, strings without lone
 * surrogates or NUL, booleans, null and safe integers. Refuses everything else instead of repairing it, since two
 * programs would repair it differently.
 * @throws TypeError that names the place
 */
export function canonical(value: unknown, at = '$', depth = 0): string {
  if (depth > MAX_DEPTH) throw new TypeError(`${at} is nested deeper than ${MAX_DEPTH}`);
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'number':
      // Negative zero would be written 0, and a float differently by each language.
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
        throw new TypeError(`${at} is a number other than a safe integer`);
      }
      return String(value);
    case 'string': {
      const wrong = unstorable(value);
      if (wrong) throw new TypeError(`${at} holds ${wrong}`);
      return JSON.stringify(value);
    }
    case 'object':
      return value === null ? 'null' : compound(value, at, depth);
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      throw new TypeError(`${at} is a ${typeof value}`);
  }
}

function compound(value: object, at: string, depth: number): string {
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item, i) => canonical(item, `${at}[${i}]`, depth + 1)).join(',')}]`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (
    (prototype !== Object.prototype && prototype !== null) ||
    Object.getOwnPropertySymbols(value).length > 0
  ) {
    throw new TypeError(`${at} is not a plain object`);
  }
  // JCS sorts keys by UTF-16 code units, which is how JavaScript compares strings.
  const members = Object.keys(value).sort();
  const wrong = members.find((key) => !KEY.test(key));
  if (wrong !== undefined) throw new TypeError(`${at} has the key ${JSON.stringify(wrong.slice(0, 64))}`);
  return `{${members
    .map(
      (key) =>
        `${JSON.stringify(key)}:${canonical((value as Record<string, unknown>)[key], `${at}.${key}`, depth + 1)}`,
    )
    .join(',')}}`;
}
