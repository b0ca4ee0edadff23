import { NumberInput, SimpleGrid } from '@mantine/core';
import type { JSX } from 'react';
import { options } from '../../../i18n/codes.ts';
import { bound, type Fields } from './binding.ts';
import { CodeSelect, TextList, YesNoSelect } from './Inputs.tsx';
import type { ForceValues } from './values.ts';
import { useFieldWords } from './words.ts';

const counts = ['officers', 'auxiliaries', 'vehicles', 'dogs', 'drones'] as const;

/** Who and what is sent, or was there. */
export function ForceFields(props: Fields<ForceValues>): JSX.Element {
  const words = useFieldWords();
  const { force: labels } = words.labels;
  const field = bound({ ...props, at: 'force.' });
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {counts.map((name) => (
        <NumberInput
          key={name}
          label={labels[name]}
          min={0}
          allowDecimal={false}
          clampBehavior="none"
          required={name === 'officers'}
          {...field.number(name)}
        />
      ))}
      <CodeSelect label={labels.weapons} data={options(words.codes.weapons)} {...field.one('weapons')} />
      <YesNoSelect label={labels.bodyCameras} {...field.one('bodyCameras')} />
      <YesNoSelect label={labels.uniformed} {...field.one('uniformed')} />
      <TextList label={labels.units} {...field.many('units')} />
      <TextList label={labels.equipment} {...field.many('equipment')} />
    </SimpleGrid>
  );
}
