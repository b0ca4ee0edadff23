import {
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Radio,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { useCommonWords } from '../../i18n/common.ts';
import { formatTime, LEGAL_ZONE, legalToday } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/language.ts';
import { strayCharacters, withoutStrays } from '../../ui/typed.ts';
import { parseMoment, textMistake } from './checks.ts';
import type { Moment } from './draft.ts';
import { useField } from './form.tsx';
import classes from './intake.module.css';
import type { Path } from './paths.ts';
import { useWords } from './words.ts';

interface Common {
  readonly path: Path;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly required?: boolean;
}

/** A text. What was pasted stays as it is until the person lets it be cleaned or shortens it. */
export function TextField({
  path,
  label,
  hint,
  required = false,
  max,
  rows,
}: Common & { max: number; rows?: number }): JSX.Element {
  const words = useWords();
  const { value = '', set, error } = useField<string>(path);
  const strays = strayCharacters(value);
  const props = {
    label,
    description: hint,
    required,
    value,
    error: textMistake(value, max, words) ?? error,
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => set(currentTarget.value),
    autoComplete: 'off',
  };
  return (
    <div data-path={path}>
      {rows === undefined ? <TextInput {...props} /> : <Textarea {...props} rows={rows} />}
      {strays > 0 && (
        <Button size="compact-sm" variant="default" mt={6} onClick={() => set(withoutStrays(value))}>
          {words.takeOut}
        </Button>
      )}
    </div>
  );
}

/** This minute in the legal zone. */
const legalNow = (): Moment => ({
  day: legalToday(),
  time: new Intl.DateTimeFormat('en-GB', { timeZone: LEGAL_ZONE, timeStyle: 'short' }).format(new Date()),
});

/** A day and a time in the legal zone, as people write them; says how it was understood. */
export function MomentField({
  path,
  label,
  hint,
  required = false,
  now = false,
}: Common & { now?: boolean }): JSX.Element {
  const words = useWords();
  const language = useLanguage();
  const { value = { day: '', time: '' }, set, error } = useField<Moment>(path);
  const parsed = value.day.trim() === '' ? undefined : parseMoment(value, words);
  return (
    <fieldset className={classes['moment']} data-path={path}>
      <legend>
        {label}
        {required && <span aria-hidden="true"> *</span>}
      </legend>
      {hint && (
        <Text size="xs" c="dimmed" mb={4}>
          {hint}
        </Text>
      )}
      <Group gap="sm" align="flex-start">
        <TextInput
          label={words.day}
          placeholder="2026-03-02"
          required={required}
          value={value.day}
          error={error !== undefined}
          onChange={({ currentTarget }) => set({ ...value, day: currentTarget.value })}
          autoComplete="off"
          maw={180}
        />
        <TextInput
          label={words.time}
          placeholder="09:15"
          value={value.time}
          error={error !== undefined}
          onChange={({ currentTarget }) => set({ ...value, time: currentTarget.value })}
          autoComplete="off"
          maw={120}
        />
        {now && (
          <Button variant="default" mt={24} onClick={() => set(legalNow())}>
            {words.now}
          </Button>
        )}
      </Group>
      {error !== undefined && (
        <Text size="xs" c="var(--mantine-color-error)" mt={4} role="note">
          {error}
        </Text>
      )}
      {parsed && 'at' in parsed && error === undefined && (
        <Text size="xs" c="dimmed" mt={4}>
          {words.understoodAs(formatTime(parsed.at, language))}
        </Text>
      )}
    </fieldset>
  );
}

export function ChoiceField<C extends string>({
  path,
  label,
  hint,
  required = false,
  options,
}: Common & { options: readonly { value: C; label: string }[] }): JSX.Element {
  const common = useCommonWords();
  const { value = null, set, error } = useField<C | null>(path);
  return (
    <div data-path={path}>
      <Select
        label={label}
        description={hint}
        required={required}
        data={[...options]}
        value={value}
        error={error}
        onChange={(chosen) => set(chosen)}
        placeholder={common.notGiven}
        clearable={!required}
        searchable={options.length > 8}
      />
    </div>
  );
}

/** One of a few, each with what it means. */
export function RadioField({
  path,
  label,
  hint,
  required = false,
  options,
}: Common & { options: readonly { value: string; label: string; hint?: string }[] }): JSX.Element {
  const { value = null, set, error } = useField<string | null>(path);
  return (
    <div data-path={path}>
      <Radio.Group
        label={label}
        description={hint}
        withAsterisk={required}
        value={value}
        error={error}
        onChange={set}
      >
        <Stack gap="xs" my={6}>
          {options.map((option) => (
            <Radio key={option.value} value={option.value} label={option.label} description={option.hint} />
          ))}
        </Stack>
      </Radio.Group>
    </div>
  );
}

/** Yes, no, or not known yet: what was not answered is not sent. */
export function YesNoField({ path, label, hint }: Common): JSX.Element {
  const words = useWords();
  const common = useCommonWords();
  const { value = '', set, error } = useField<string>(path);
  return (
    <div data-path={path}>
      <Radio.Group label={label} description={hint} value={value} error={error} onChange={set}>
        <Group gap="lg" my={6}>
          <Radio value="yes" label={common.yes} />
          <Radio value="no" label={common.no} />
          <Radio value="" label={words.notKnown} />
        </Group>
      </Radio.Group>
    </div>
  );
}

export function ChoicesField({
  path,
  label,
  hint,
  options,
}: Common & { options: readonly { value: string; label: string }[] }): JSX.Element {
  const { value = [], set, error } = useField<string[]>(path);
  return (
    <div data-path={path}>
      <Checkbox.Group label={label} description={hint} value={value} error={error} onChange={set}>
        <Group gap="xs" my={6}>
          {options.map((option) => (
            <Checkbox key={option.value} value={option.value} label={option.label} miw={200} />
          ))}
        </Group>
      </Checkbox.Group>
    </div>
  );
}

/** The currencies that come up; the interface takes any. */
const currencies = ['CNY', 'HKD', 'MOP', 'TWD', 'USD', 'EUR', 'JPY'];

export function MoneyField({ path, label, hint }: Common): JSX.Element {
  const words = useWords();
  const {
    value = { amount: '', currency: 'CNY' },
    set,
    error,
  } = useField<{ amount: string; currency: string }>(path, true);
  return (
    <div data-path={path}>
      <TextInput
        label={label}
        description={hint}
        inputMode="decimal"
        value={value.amount}
        error={error}
        onChange={({ currentTarget }) => set({ ...value, amount: currentTarget.value })}
        autoComplete="off"
        maw={320}
        rightSectionWidth={92}
        rightSection={
          <NativeSelect
            variant="unstyled"
            aria-label={words.currencyOf(label)}
            data={currencies}
            value={value.currency}
            onChange={({ currentTarget }) => set({ ...value, currency: currentTarget.value })}
          />
        }
      />
    </div>
  );
}
