import { Option, type Command } from 'commander';
import { readFileSync } from 'node:fs';
import { DomainError, type InputError } from '../common/errors.js';
import { testedByItsDay } from './check.js';
import { fieldWords } from './code-words.js';
import { DeploymentRequestDto } from './dto/deployment-request.dto.js';
import { inLanguage, languages, said, type Language, type Words } from '../common/words.js';
import type { DutyTestResult } from './duty-test.js';
import { checkedRequest } from './request-checks.js';

const DONE = 0;
/** Not police work, or nothing that may go ahead without a higher approval. */
const NO = 1;
const WRONG_USE = 2;
const WIDTH = 100;

const refused: ReadonlySet<string> = new Set(['NOT_POLICE_WORK', 'NEEDS_HIGHER_APPROVAL']);

/** Lines of at most that width, the further ones indented. */
function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + word.length + 1 > WIDTH - indent.length) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line].join(`\n${indent}`);
}

/** The result for a terminal: the answer first, then what it stands on. */
export function resultInWords(result: DutyTestResult, language: Language): string {
  const { outcome, level, decidedBy, warnings, reasons, edgeCases } = inLanguage(result, language);
  const text = (words: Words): string => words[language];
  const shown = warnings.filter(({ code }) => code !== 'MISSING');
  const missing = warnings.filter(({ code }) => code === 'MISSING');
  const block = (title: string, lines: readonly string[]): string[] =>
    lines.length > 0 ? ['', title, ...lines] : [];
  return [
    `${outcome}   ${level} (${decidedBy})`,
    ...block(
      text(said`Wants a written answer`),
      shown.map(({ code, where, text: hit, start, message }) => {
        const place = start === undefined ? fieldWords(where) : said`${fieldWords(where)} at ${start}`;
        return `  ${code}  ${wrapped(text(said`"${hit}" (${place}): ${message}`), '    ')}`;
      }),
    ),
    ...block(
      text(said`Questions`),
      reasons.flatMap(({ question, asks, answer, looked, article, changes, decisive }) => [
        `${decisive ? '>' : ' '} ${String(question).padStart(2)}  ${asks}`,
        `      ${wrapped(answer, '      ')} [${article}]`,
        ...(decisive
          ? [
              `      ${wrapped(text(said`looked at: ${looked}`), '      ')}`,
              `      ${wrapped(text(said`would change it: ${changes}`), '      ')}`,
            ]
          : []),
      ]),
    ),
    ...block(
      text(said`How such cases are handled`),
      edgeCases.map(({ text: handled, article }) => `  ${wrapped(`${handled} [${article}]`, '  ')}`),
    ),
    ...block(
      text(said`Missing`),
      missing.map(({ where, message }) => `  ${text(fieldWords(where))}: ${message}`),
    ),
    '',
    text(said`The test prepares a decision and takes none.`),
  ].join('\n');
}

/** @returns the exit code: 0 police may go, 1 the answer is no, 2 the file is no request */
export function checkFile(
  path: string,
  { json, language }: { readonly json: boolean; readonly language: Language },
  out: (text: string) => void,
  err: (text: string) => void,
): number {
  let request: DeploymentRequestDto;
  try {
    request = checkedRequest(DeploymentRequestDto, JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof DomainError) {
      const errors = (error.extra['errors'] ?? []) as InputError[];
      err([error.message, ...errors.map(({ pointer, message }) => `  ${pointer}: ${message}`)].join('\n'));
    } else if (error instanceof SyntaxError) err(`${path} is not JSON.`);
    else if ((error as NodeJS.ErrnoException).code) err(`${path} cannot be read.`);
    else throw error;
    return WRONG_USE;
  }
  const result = testedByItsDay(request);
  out(json ? JSON.stringify(inLanguage(result, language), null, 2) : resultInWords(result, language));
  return refused.has(result.outcome) ? NO : DONE;
}

export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description(
      'is this request for police police work? Exits 0 if police may go, 1 if the answer is no, 2 if it is no request',
    )
    .argument('<request>', 'request as JSON, as POST /deployments/check takes it')
    .option('--json', 'print the result as JSON', false)
    .addOption(
      new Option('--language <language>', 'in which it is answered').choices(languages).default('en'),
    )
    .action((path: string, options: { json: boolean; language: Language }) => {
      process.exitCode = checkFile(
        path,
        options,
        (text) => void process.stdout.write(`${text}\n`),
        (text) => void process.stderr.write(`${text}\n`),
      );
    });
}
