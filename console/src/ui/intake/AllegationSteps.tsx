import { useId, type JSX } from 'react';
import { Radio, Stack } from '@mantine/core';
import { options, useCodes } from '../../i18n/codes.ts';
import { isCommonFact } from '../../i18n/facts/description.ts';
import { Loaded } from '../states.tsx';
import { newPerson, newSubject, withCategory, type AllegationDraft } from './draft.ts';
import { ChoiceField, ChoicesField, MomentField, MoneyField, TextField } from './fields.tsx';
import { useField } from './form.tsx';
import { ListField } from './ListField.tsx';
import { OfficerField } from './OfficerField.tsx';
import { useWords } from './words.ts';
import { organOptions, useOrgans } from './organs.ts';

interface Props {
  /** Which allegation, counted from 0. */
  readonly no: number;
}

export function CategoryFields({ no }: Props): JSX.Element {
  const words = useWords().steps.category;
  const codes = useCodes();
  const name = useId();
  const path = `allegations.${no}`;
  const { value: allegation, set } = useField<AllegationDraft>(path);
  const { error } = useField(`${path}.category`);
  if (!allegation) return <></>;
  return (
    <div data-path={`${path}.category`}>
      <Radio.Group
        name={name}
        label={words.category}
        description={words.categoryHint}
        withAsterisk
        value={allegation.category}
        error={error}
        onChange={(category) => set(withCategory(allegation, category, isCommonFact))}
      >
        <Stack gap="sm" my="sm">
          {options(codes.category).map(({ value, label }) => (
            <Radio key={value} value={value} label={label} description={words.kinds[value]} />
          ))}
        </Stack>
      </Radio.Group>
    </div>
  );
}

export function OccurrenceFields({ no }: Props): JSX.Element {
  const words = useWords().steps.occurrence;
  const path = `allegations.${no}`;
  const organs = useOrgans();
  return (
    <>
      <MomentField path={`${path}.occurredFrom`} label={words.from} hint={words.fromHint} />
      <MomentField path={`${path}.occurredTo`} label={words.to} hint={words.toHint} />
      <TextField path={`${path}.place`} label={words.place} max={500} />
      <Loaded query={organs}>
        {(all) => (
          <ChoiceField
            path={`${path}.organId`}
            label={words.organ}
            hint={words.organHint}
            options={organOptions(all)}
          />
        )}
      </Loaded>
    </>
  );
}

export function OfficersFields({ no }: Props): JSX.Element {
  const words = useWords().steps.officers;
  return (
    <ListField
      path={`allegations.${no}.subjects`}
      label={words.officer}
      hint={words.hint}
      addLabel={words.add}
      fresh={newSubject}
      max={100}
    >
      {(path) => (
        <>
          <OfficerField path={`${path}.officerId`} label={words.known} />
          <TextField
            path={`${path}.description`}
            label={words.description}
            hint={words.descriptionHint}
            max={1000}
            rows={2}
          />
          <ChoiceField path={`${path}.role`} label={words.role} options={options(words.roles)} required />
        </>
      )}
    </ListField>
  );
}

export function PeopleFields({ no }: Props): JSX.Element {
  const words = useWords().steps.people;
  return (
    <ListField
      path={`allegations.${no}.affectedPersons`}
      label={words.person}
      hint={words.hint}
      addLabel={words.add}
      fresh={newPerson}
      max={100}
    >
      {(path) => (
        <>
          <TextField path={`${path}.name`} label={words.name} max={200} />
          <TextField path={`${path}.organisation`} label={words.organisation} max={200} />
          <ChoicesField
            path={`${path}.vulnerabilities`}
            label={words.vulnerabilities}
            options={options(words.kinds)}
          />
          <ChoiceField path={`${path}.injuryLevel`} label={words.injury} options={options(words.injuries)} />
          <MoneyField path={`${path}.loss`} label={words.loss} />
        </>
      )}
    </ListField>
  );
}
