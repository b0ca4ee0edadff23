import { Stack, Text } from '@mantine/core';
import { useEffect, useRef, type JSX } from 'react';
import { fieldsOf, type FactField } from '../../i18n/facts/description.ts';
import { useFactWords } from '../../i18n/facts/words.ts';
import { ChoiceField, ChoicesField, MomentField, MoneyField, TextField, YesNoField } from './fields.tsx';
import { isBlank } from './facts.ts';
import { useField } from './form.tsx';
import classes from './intake.module.css';
import { ListField } from './ListField.tsx';
import { OfficerField } from './OfficerField.tsx';
import type { Path } from './paths.ts';
import { useWords } from './words.ts';

/** The longest code, digest or number: as long as the digest of a recording. */
const CODE_LENGTH = 64;

/** The form of a type of facts, built from what the interface says of it. */
export function FactFields({
  type,
  path,
  only,
}: {
  type: string;
  path: Path;
  only?: (name: string) => boolean;
}): JSX.Element {
  return (
    <Stack gap="md">
      {fieldsOf(type)
        .filter(({ name }) => only?.(name) ?? true)
        .map((field) => (
          <FactInput key={field.name} type={type} field={field} path={`${path}.${field.name}`} />
        ))}
    </Stack>
  );
}

function FactInput({ type, field, path }: { type: string; field: FactField; path: Path }): JSX.Element {
  const words = useWords();
  const facts = useFactWords();
  const label = facts.name(type, field.name);
  const hint = field.demanded ? words.demanded : undefined;
  const options = (field.options ?? []).map((code) => ({
    value: code,
    label: facts.code(type, field.name, code),
  }));
  const common = { path, label, hint };
  switch (field.kind) {
    case 'text':
      return <TextField {...common} max={field.max ?? 200} />;
    case 'long':
      return <TextField {...common} max={field.max ?? 4000} rows={4} />;
    case 'code':
      return <TextField {...common} max={CODE_LENGTH} />;
    case 'integer':
    case 'day':
      return (
        <TextField {...common} max={20} {...(field.kind === 'day' ? { hint: hint ?? words.dayHint } : {})} />
      );
    case 'boolean':
      return <YesNoField {...common} />;
    case 'instant':
      return <MomentField {...common} />;
    case 'choice':
      return <ChoiceField {...common} options={options} />;
    case 'choices':
      return <ChoicesField {...common} options={options} />;
    case 'money':
      return <MoneyField {...common} />;
    case 'officer':
      return <OfficerField {...common} />;
    case 'group':
      return <GroupInput {...common} type={field.of ?? ''} />;
    case 'list':
      return (
        <ListField {...common} fresh={{}} max={field.max ?? 100}>
          {(entry) => <FactFields type={field.of ?? ''} path={entry} />}
        </ListField>
      );
  }
}

/** Facts that belong together, folded until they are wanted or hold something. */
function GroupInput({
  type,
  path,
  label,
  hint,
}: {
  type: string;
  path: Path;
  label: string;
  hint: string | undefined;
}): JSX.Element {
  const { value, error } = useField<object>(path, true);
  const details = useRef<HTMLDetailsElement>(null);
  const opens = !isBlank(value) || error !== undefined;
  // It is opened, but never closed, under somebody's hands.
  useEffect(() => {
    if (opens && details.current) details.current.open = true;
  }, [opens]);
  return (
    <details ref={details} className={classes['group']} data-path={path}>
      <summary>
        {label}
        {hint && (
          <Text span size="xs" c="dimmed">
            {' '}
            · {hint}
          </Text>
        )}
      </summary>
      <div className={classes['inside']}>
        <FactFields type={type} path={path} />
      </div>
    </details>
  );
}
