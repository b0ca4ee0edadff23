import { NumberInput, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import type { JSX } from 'react';
import { useOrganOptions } from '../../../api/hooks.ts';
import { options } from '../../../i18n/codes.ts';
import { bound, type Fields } from '../fields/binding.ts';
import { CodeSelect, CodesField, InstantInput, TextList, YesNoSelect } from '../fields/Inputs.tsx';
import type { LawValues, LimitsValues, MoneyValues, RequesterValues, WhatValues } from '../fields/values.ts';
import { useFieldWords } from '../fields/words.ts';

const columns = { base: 1, sm: 2 };
/** A long text that grows while one writes. */
const long = { autosize: true, minRows: 2, maxRows: 14 } as const;

export function RequesterFields(props: Fields<RequesterValues>): JSX.Element {
  const words = useFieldWords();
  const organs = useOrganOptions();
  const { requester: labels } = words.labels;
  const field = bound({ ...props, at: 'requester.' });
  const paper = bound({
    value: props.value.document,
    onChange: (document) => props.onChange({ ...props.value, document }),
    errors: props.errors,
    at: 'requester.document.',
  });
  // GOVERNMENT is another spelling of PARTY_OR_GOVERNMENT.
  const kinds = options(words.codes.requester).filter(({ value }) => value !== 'GOVERNMENT');
  return (
    <SimpleGrid cols={columns} spacing="sm">
      <TextInput label={labels.name} required {...field.text('name')} />
      <CodeSelect label={labels.type} required data={kinds} {...field.one('type')} />
      <CodeSelect label={labels.organId} data={organs} {...field.one('organId')} />
      <TextInput label={labels.contact} {...field.text('contact')} />
      <TextInput label={labels.document.number} {...paper.text('number')} />
      <TextInput label={labels.document.title} {...paper.text('title')} />
      <TextInput label={labels.signedBy} {...field.text('signedBy')} />
    </SimpleGrid>
  );
}

export function WhatFields<V extends WhatValues>(props: Fields<V>): JSX.Element {
  const words = useFieldWords();
  const { labels, codes } = words;
  const field = bound<WhatValues>({
    value: props.value,
    onChange: (changed) => props.onChange({ ...props.value, ...changed }),
    errors: props.errors,
  });
  return (
    <Stack gap="sm">
      <Textarea label={labels.purpose} required {...long} {...field.text('purpose')} />
      <SimpleGrid cols={columns} spacing="sm">
        <CodeSelect
          label={labels.activityType}
          data={options(codes.activity)}
          {...field.one('activityType')}
        />
        <TextInput label={labels.place} required {...field.text('place')} />
        <InstantInput label={labels.startsAt} required {...field.text('startsAt')} />
        <InstantInput label={labels.endsAt} required {...field.text('endsAt')} />
        <NumberInput
          label={labels.expectedPeople}
          min={0}
          allowDecimal={false}
          clampBehavior="none"
          {...field.number('expectedPeople')}
        />
        <CodeSelect label={labels.riskLevel} data={options(codes.risk)} {...field.one('riskLevel')} />
        <YesNoSelect label={labels.lifeOrCrimeAtStake} {...field.one('lifeOrCrimeAtStake')} />
        <YesNoSelect label={labels.opposingPartiesPresent} {...field.one('opposingPartiesPresent')} />
      </SimpleGrid>
      <CodesField label={labels.disputes} codes={codes.dispute} {...field.many('disputes')} />
      <TextList label={labels.documentNumbers} {...field.many('documentNumbers')} />
    </Stack>
  );
}

export function LawFields(props: Fields<LawValues>): JSX.Element {
  const words = useFieldWords();
  const { law: labels } = words.labels;
  const field = bound({ ...props, at: 'law.' });
  const duties = Object.fromEntries(
    Object.entries(words.codes.duty).map(([n, name]) => [n, words.duty(n, name)]),
  );
  return (
    <Stack gap="sm">
      <CodesField
        label={labels.duties}
        description={words.hints.duties}
        codes={duties}
        {...field.many('duties')}
      />
      <TextList label={labels.articles} description={words.hints.articles} {...field.many('articles')} />
      <SimpleGrid cols={columns} spacing="sm">
        <TextInput label={labels.leadAgency} {...field.text('leadAgency')} />
        <Textarea label={labels.leadAgencyBasis} {...long} {...field.text('leadAgencyBasis')} />
        <Textarea label={labels.assistanceDocument} {...long} {...field.text('assistanceDocument')} />
        <Textarea label={labels.whyNotOwnStaff} {...long} {...field.text('whyNotOwnStaff')} />
      </SimpleGrid>
    </Stack>
  );
}

export function LimitsFields(props: Fields<LimitsValues>): JSX.Element {
  const { limits: labels } = useFieldWords().labels;
  const field = bound({ ...props, at: 'limits.' });
  return (
    <SimpleGrid cols={columns} spacing="sm">
      <TextInput label={labels.commander} {...field.text('commander')} />
      <Textarea label={labels.stopConditions} {...long} {...field.text('stopConditions')} />
      <Textarea label={labels.forbiddenActs} {...long} {...field.text('forbiddenActs')} />
      <TextInput label={labels.medical} {...field.text('medical')} />
      <TextInput label={labels.interpreter} {...field.text('interpreter')} />
      <TextInput label={labels.videoPlan} {...field.text('videoPlan')} />
    </SimpleGrid>
  );
}

export function MoneyFields(props: Fields<MoneyValues>): JSX.Element {
  const words = useFieldWords();
  const { money: labels } = words.labels;
  const field = bound({ ...props, at: 'money.' });
  const fee = bound({
    value: props.value.fee,
    onChange: (changed) => props.onChange({ ...props.value, fee: changed }),
    errors: props.errors,
    at: 'money.fee.',
  });
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {words.hints.money}
      </Text>
      <SimpleGrid cols={columns} spacing="sm">
        <TextInput label={`${labels.fee}: ${words.amount}`} inputMode="decimal" {...fee.text('amount')} />
        <TextInput label={`${labels.fee}: ${words.currency}`} {...fee.text('currency')} />
        <YesNoSelect label={labels.meals} {...field.one('meals')} />
        <TextInput label={labels.sponsor} {...field.text('sponsor')} />
        <TextInput label={labels.payer} {...field.text('payer')} />
      </SimpleGrid>
    </Stack>
  );
}
