import { Button, Fieldset, Text } from '@mantine/core';
import { useState, type JSX } from 'react';
import { Link } from 'react-router';
import { api, ifMatch } from '../../api/client.ts';
import { useDeed } from '../../api/hooks.ts';
import { CheckedText } from '../../ui/CheckedText.tsx';
import { ConfirmDeed } from '../../ui/ConfirmDeed.tsx';
import { Assess, Objection, Return, ToRefusal } from './deeds/LegalForms.tsx';
import { Complete, Deviate, Dispatch, RecordPaper, SignOff, type DeedProps } from './deeds/SceneForms.tsx';
import { useDeedWords } from './deeds/words.ts';
import { namesIn, refusedIn, type Errors } from './fields/binding.ts';
import { TextList } from './fields/Inputs.tsx';
import { useRequestWords } from './request/words.ts';
import type { Deployment } from './states.tsx';
import { findingsByCode, findingText } from './findings.ts';
import { useWarningName } from './warning-names.ts';
import { useWords } from './words.ts';

type Deed = Deployment['allowed'][number];
/** Steps that want a reason and nothing else. */
const plain = ['withdraw', 'refuse', 'request-review', 'request-opinion', 'declare-conflict'] as const;
const approvals = ['approve', 'stand-by'] as const;
/** Steps with a form of their own. */
const forms = {
  assess: Assess,
  return: Return,
  dispatch: Dispatch,
  'record-paper': RecordPaper,
  'report-deviation': Deviate,
  complete: Complete,
  'sign-off': SignOff,
} satisfies Partial<Record<Deed, (props: DeedProps) => JSX.Element>>;
type Formed = keyof typeof forms;
type Plain = (typeof plain)[number];
type Approval = (typeof approvals)[number];

const isIn = <T extends string>(list: readonly T[], deed: Deed): deed is T & Deed =>
  (list as readonly string[]).includes(deed);

interface Answer {
  readonly reason: string;
  readonly legalBasis: string;
}
const nothing: Answer = { reason: '', legalBasis: '' };
const isWhole = ({ reason, legalBasis }: Answer): boolean => reason.trim() !== '' && legalBasis.trim() !== '';

/** What the details of a signature hold. */
interface Signed {
  readonly answers?: readonly { readonly code: string }[];
  readonly override?: object;
}

/** The signatures that count: those of the present round. */
const signedIn = ({ steps, round }: Deployment): Signed[] =>
  steps
    .filter((step) => isIn(approvals, step.deed) && step.round === round)
    .map(({ details }) => details as Signed);

/** Outcomes that speak against an approval: it wants a reason of its own. */
const against: Readonly<Record<Approval, readonly string[]>> = {
  approve: ['NOT_POLICE_WORK', 'STANDBY_ONLY', 'NEEDS_HIGHER_APPROVAL'],
  'stand-by': ['NOT_POLICE_WORK', 'NEEDS_HIGHER_APPROVAL'],
};

/** Decisions come first, and what puts them off behind them. */
const order: readonly Deed[] = ['submit', 'approve', 'stand-by', 'refuse', 'return', 'request-opinion'];
const rankOf = (deed: Deed): number => (order.indexOf(deed) + 1 || order.length + 1) - 1;

/** The step that the procedure foresees, with a button that stands out: never an approval against the test. */
const isForeseen = (deed: Deed, { outcome, allowed }: Deployment): boolean =>
  deed === 'submit' ||
  (deed === 'approve' && (outcome === null || !against.approve.includes(outcome))) ||
  allowed.length === 1;

/** The steps that this person may take now, as buttons, each with its form. */
export function Decide({ row, onReload }: { row: Deployment; onReload: () => void }): JSX.Element {
  const words = useWords();
  const { change } = useRequestWords();
  const [open, setOpen] = useState<Deed>();
  const done = { invalidates: [['deployments']], said: words.done };
  const params = { path: { id: row.id }, header: ifMatch(row.version) };
  const submit = useDeed({
    ...done,
    run: () => api.POST('/api/v1/deployments/{id}/submit', { params }),
  });
  const step = useDeed({
    ...done,
    run: ({ deed, reason }: { deed: Plain; reason: string }) =>
      api.POST(`/api/v1/deployments/{id}/${deed}`, { params, body: { reason } }),
  });
  const close = (): void => setOpen(undefined);
  // The interface does not say whether a paper is still due; what it keeps of the order does.
  const buttons = row.allowed
    .filter(
      (deed) => deed !== 'record-paper' || (row.oralOrder !== null && row.oralOrder.paperReceivedAt === null),
    )
    .sort((a, b) => rankOf(a) - rankOf(b));
  const Form = open !== undefined && open in forms ? forms[open as Formed] : undefined;
  return (
    <>
      {buttons.map((deed) => (
        <Button
          key={deed}
          variant={isForeseen(deed, row) ? 'filled' : 'default'}
          onClick={() => setOpen(deed)}
        >
          {words.deeds[deed]}
        </Button>
      ))}
      {row.allowed.includes('submit') && (
        <Button component={Link} variant="default" to={`/deployments/${row.id}/edit`}>
          {change}
        </Button>
      )}
      <Objection row={row} />
      <ToRefusal row={row} />
      {Form && <Form row={row} onClose={close} onReload={onReload} />}
      {open === 'submit' && (
        <ConfirmDeed
          opened
          onClose={close}
          title={words.deeds.submit}
          explain={words.explain.other}
          confirm={words.deeds.submit}
          run={() => submit.mutateAsync(undefined)}
          onReload={onReload}
        />
      )}
      {open !== undefined && isIn(plain, open) && (
        <ConfirmDeed
          opened
          onClose={close}
          title={words.deeds[open]}
          explain={open === 'refuse' ? words.explain.refuse : words.explain.other}
          confirm={words.deeds[open]}
          final={open === 'refuse'}
          reason="required"
          run={(reason) => step.mutateAsync({ deed: open, reason })}
          onReload={onReload}
        />
      )}
      {open !== undefined && isIn(approvals, open) && (
        <Approve row={row} deed={open} onClose={close} onReload={onReload} />
      )}
    </>
  );
}

function Approve({
  row,
  deed,
  onClose,
  onReload,
}: {
  row: Deployment;
  deed: Approval;
  onClose: () => void;
  onReload: () => void;
}): JSX.Element {
  const words = useWords();
  const warningName = useWarningName();
  const [answers, setAnswers] = useState<Readonly<Record<string, Answer>>>({});
  const [override, setOverride] = useState(nothing);
  const [conditions, setConditions] = useState<string[]>([]);
  const deedWords = useDeedWords();
  // What the first of two signers answered stands; the second answers what is left.
  const before = signedIn(row);
  const answered = new Set(before.flatMap(({ answers = [] }) => answers.map(({ code }) => code)));
  const findings = findingsByCode(row.test?.warnings ?? []);
  const codes = [...findings.keys()].filter((code) => code !== 'MISSING' && !answered.has(code));
  const overrides =
    row.outcome !== null &&
    against[deed].includes(row.outcome) &&
    before.every((one) => one.override === undefined);
  const approve = useDeed({
    invalidates: [['deployments']],
    said: words.done,
    run: (reason: string) =>
      api.POST(`/api/v1/deployments/{id}/${deed}`, {
        params: { path: { id: row.id }, header: ifMatch(row.version) },
        body: {
          reason,
          conditions,
          answers: codes.map((code) => ({ code, ...(answers[code] ?? nothing) })),
          ...(overrides ? { override } : {}),
        },
      }),
  });
  const given = [...codes.map((code) => answers[code] ?? nothing), ...(overrides ? [override] : [])];
  return (
    <ConfirmDeed
      opened
      onClose={onClose}
      title={words.deeds[deed]}
      explain={words.explain[deed]}
      confirm={words.deeds[deed]}
      final
      reason="required"
      ready={given.every(isWhole)}
      shownFields={[
        ...codes.flatMap((_, n) => answerNames(`answers.${n}`)),
        ...(overrides ? answerNames('override') : []),
        ...namesIn('conditions', conditions),
      ]}
      run={(reason) => approve.mutateAsync(reason)}
      onReload={onReload}
    >
      {(errors) => (
        <>
          {codes.map((code, n) => (
            <AnswerFields
              key={code}
              legend={`${words.answerTo} ${warningName(code)}`}
              about={findings.get(code)!.map(findingText).join(' · ')}
              value={answers[code] ?? nothing}
              onChange={(answer) => setAnswers((before) => ({ ...before, [code]: answer }))}
              errors={errors}
              at={`answers.${n}`}
            />
          ))}
          {overrides && (
            <AnswerFields
              legend={words.override}
              value={override}
              onChange={setOverride}
              errors={errors}
              at="override"
            />
          )}
          <TextList
            label={deedWords.conditions}
            description={deedWords.conditionsHint}
            value={conditions}
            onChange={setConditions}
            error={refusedIn(errors, 'conditions', conditions)}
          />
        </>
      )}
    </ConfirmDeed>
  );
}

/** The names under which what an answer holds may be refused. */
const answerNames = (at: string): string[] => [`${at}.reason`, `${at}.legalBasis`];

/** Why something is done against the test, and by which law. */
function AnswerFields({
  legend,
  about,
  value,
  onChange,
  errors,
  at,
}: {
  legend: string;
  about?: string;
  value: Answer;
  onChange: (answer: Answer) => void;
  errors: Errors;
  at: string;
}): JSX.Element {
  const words = useWords();
  return (
    <Fieldset legend={legend}>
      {about && <Text size="sm">{about}</Text>}
      <CheckedText
        label={words.reason}
        max={4000}
        rows={[2, 12]}
        required
        value={value.reason}
        onChange={(reason) => onChange({ ...value, reason })}
        error={errors[`${at}.reason`]}
      />
      <CheckedText
        label={words.legalBasis}
        max={200}
        required
        value={value.legalBasis}
        onChange={(legalBasis) => onChange({ ...value, legalBasis })}
        error={errors[`${at}.legalBasis`]}
      />
    </Fieldset>
  );
}
