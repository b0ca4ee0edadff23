import { DomainError } from '../common/errors.js';

/** Longer texts are not matched: a badly written pattern could take very long on them. */
export const MAX_MATCHED = 500;
const MAX_PATTERN = 200;
const MAX_UNBOUNDED = 2;

/**
 * What is wrong with a regular expression of a mapping; undefined when it can be used. Mappings come from users and
 * JavaScript's expressions can run for ever, so what could is refused: a repetition of something that repeats or
 * branches, more than two open repetitions, references back and looking around.
 */
export function patternProblem(source: string): string | undefined {
  if (source.length > MAX_PATTERN) return `has more than ${MAX_PATTERN} characters`;
  try {
    new RegExp(source, 'iu');
  } catch (error) {
    return `is no regular expression (${(error as Error).message})`;
  }
  // Without escapes, classes and named groups only the structure is left.
  const shape = source
    .replaceAll(/\\[kpP](<[^>]*>|\{[^}]*\})|\\u(\{[^}]*\}|[\dA-Fa-f]{4})|\\[^1-9]/g, 'x')
    .replaceAll(/\[(\\.|[^\]])*\]/g, 'x')
    .replaceAll(/\(\?<(?![=!])[^>]*>/g, '(');
  if (/\\[1-9]/.test(shape) || source.includes('\\k<'))
    return 'refers back to a group, which is not supported';
  if (/\(\?<?[=!]/.test(shape)) return 'looks ahead or behind, which is not supported';
  if ((shape.match(/[*+]|\{\d+,\}/g) ?? []).length > MAX_UNBOUNDED) {
    return `has more than ${MAX_UNBOUNDED} repetitions without an end (*, +)`;
  }
  return repeatsRepetition(shape) ? 'repeats a group that repeats or branches itself' : undefined;
}

const QUANTIFIER = /^([*+]|\{\d+(,\d*)?\})/;

/** True for a group with a repetition or an alternative inside and a repetition behind it. */
function repeatsRepetition(shape: string): boolean {
  const open: boolean[] = [];
  for (let i = 0; i < shape.length; i++) {
    const rest = shape.slice(i + 1);
    if (shape[i] === '(') open.push(false);
    else if (shape[i] === ')') {
      const repeats = open.pop() ?? false;
      if (repeats && QUANTIFIER.test(rest)) return true;
      // What repeats inside repeats for the group around it as well.
      if ((repeats || QUANTIFIER.test(rest)) && open.length > 0) open[open.length - 1] = true;
    } else if (open.length > 0 && (shape[i] === '|' || QUANTIFIER.test(shape.slice(i)))) {
      open[open.length - 1] = true;
    }
  }
  return false;
}

/** Far more than an honest pattern needs for one value. */
const SLOW_MS = 100;

/** What a pattern makes of a text; undefined where it does not match. One that takes long stops the import. */
export function replaced(expression: RegExp, text: string, replacement: string): string | undefined {
  const run = (): { result: string | undefined; slow: boolean } => {
    const start = performance.now();
    const result = expression.test(text) ? text.replace(expression, replacement) : undefined;
    return { result, slow: performance.now() - start > SLOW_MS };
  };
  const { result, slow } = run();
  // Twice in a row, so that it was not only this process that had to wait.
  if (slow && run().slow) {
    throw new DomainError(
      'invalid-mapping',
      400,
      `The pattern ${expression.source} of the mapping takes too long. Write it with fewer repetitions (*, +).`,
    );
  }
  return result;
}
