import { Alert, Button, Group, List, Text } from '@mantine/core';
import { useEffect, useRef, type JSX } from 'react';
import { asProblem, type ProblemError } from '../api/problem.ts';
import { useCodes } from '../i18n/codes.ts';
import { useCommonWords } from '../i18n/common.ts';
import { currentLanguage, useLanguage, type Language } from '../i18n/language.ts';
import { AlertIcon } from './icons.tsx';
import { RegisterFactor } from './RegisterFactor.tsx';

interface Props {
  /** Whatever was thrown; nothing is shown for null. */
  readonly error: unknown;
  readonly onRetry?: () => void;
  /** Loads the present version beside what was typed; offered after 412. */
  readonly onReload?: () => void;
  /** Names of fields whose error the form shows itself; the others are listed here. */
  readonly shownFields?: readonly string[];
  /** Refusals in the words of the area, by their code; they come before the words that everybody shares. */
  readonly refusals?: Readonly<Record<string, string>>;
}

/** Refusals that end once a factor is registered, on the page of one’s account. */
const WANTS_FACTOR: readonly string[] = ['second-factor-required', 'authenticator-required'];

/** Where the server's English speaks of headers and routes. */
const FOR_PROGRAMS: readonly string[] = ['not-signed-in', 'step-up-required', ...WANTS_FACTOR];

/** A refusal in words: what is wrong and what to do. Takes the focus, so that a reader hears it. */
export function ProblemAlert({
  error,
  onRetry,
  onReload,
  shownFields = [],
  refusals,
}: Props): JSX.Element | null {
  const words = useCommonWords();
  const { caseDeed } = useCodes();
  const language = useLanguage();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error != null) ref.current?.focus();
  }, [error]);
  if (error == null) return null;
  const problem = asProblem(error);
  const others = Object.entries(problem.fields).filter(([name]) => !shownFields.includes(name));
  const allowed = problem.problem.allowed ?? [];
  return (
    <Alert ref={ref} tabIndex={-1} color="seal" variant="light" icon={<AlertIcon />} role="alert">
      <Text size="sm" fw={600}>
        {sentence(problem, { ...words.problems, ...refusals })}
      </Text>
      {problem.status === 412 && <Text size="sm">{words.problems.staleHint}</Text>}
      {others.length > 0 && (
        <>
          <Text size="sm" mt={4}>
            {words.wrongFields}
          </Text>
          <List size="sm">
            {others.map(([name, message]) => (
              <List.Item key={name}>{withName(name, message, language)}</List.Item>
            ))}
          </List>
        </>
      )}
      {allowed.length > 0 && (
        <Text size="sm" mt={4}>
          {words.allowedNow}{' '}
          {allowed.map((code) => (caseDeed as Readonly<Record<string, string>>)[code] ?? code).join(', ')}
        </Text>
      )}
      <Group gap="sm" mt={6}>
        {problem.status === 412 && onReload && (
          <Button size="xs" variant="default" onClick={onReload}>
            {words.reload}
          </Button>
        )}
        {WANTS_FACTOR.includes(problem.code) && <RegisterFactor />}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {words.retry}
          </Button>
        )}
        {problem.problem.instance && (
          <Text size="xs" c="dimmed">
            {words.problemRequest(problem.problem.instance)}
          </Text>
        )}
      </Group>
    </Alert>
  );
}

/** A message with the field that it is about; some of the English ones begin with its name. */
function withName(name: string, message: string, language: Language): string {
  if (language === 'zh') return `${message}（${name}）`;
  return message.startsWith(name) ? message : `${name}: ${message}`;
}

/** The words of the catalogue where there are some; else what the server says, in the language of the page. */
function sentence(problem: ProblemError, known: Readonly<Record<string, string>>): string {
  if (problem.status === 412) return known['stale']!;
  const text = known[problem.code];
  if (text === undefined) return problem.problem.detail;
  if (FOR_PROGRAMS.includes(problem.code)) return text;
  // In English the server's own words say more than ours; its Chinese ones leave out what only programs need.
  return currentLanguage() === 'en' && problem.status >= 400 && problem.status < 500
    ? problem.problem.detail
    : text;
}
