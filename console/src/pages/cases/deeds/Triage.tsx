import { Select } from '@mantine/core';
import type { JSX } from 'react';
import { api, type components } from '../../../api/client.ts';
import { useCaseCodes } from '../../../i18n/case-codes.ts';
import { options } from '../../../i18n/codes.ts';
import { CheckedText } from '../../../ui/CheckedText.tsx';
import { onCase, type FormProps } from './DeedForm.tsx';
import { useDraft } from './draft.ts';
import { useGrounds } from './grounds.ts';
import { CaseSelect, OrganSelect, Tags } from './inputs.tsx';
import { Step } from './Step.tsx';
import { useDeedWords } from './words.ts';

type Schemas = components['schemas'];

export function Accept(props: FormProps): JSX.Element {
  const { fields } = useDeedWords();
  const codes = useCaseCodes();
  const form = useDraft<Schemas['AcceptDto']>({ severity: '' }, {});
  return (
    <Step
      {...props}
      deed="accept"
      form={form}
      send={(body) => api.POST('/api/v1/cases/{id}/accept', { ...onCase(props.row), body })}
    >
      <Select
        label={fields.severity}
        data={options(codes.severity)}
        clearable
        {...form.getInputProps('severity')}
      />
    </Step>
  );
}

export function Decline(props: FormProps): JSX.Element {
  const { fields } = useDeedWords();
  const grounds = useGrounds('NO_SUBSTANCE', 'REPEATED', 'OTHER_PROCEDURE');
  const form = useDraft<Schemas['DeclineDto']>({ ground: '' }, { ground: 'required' });
  return (
    <Step
      {...props}
      deed="decline"
      final
      form={form}
      send={(body) => api.POST('/api/v1/cases/{id}/decline', { ...onCase(props.row), body })}
    >
      <Select label={fields.ground} required data={grounds} {...form.getInputProps('ground')} />
    </Step>
  );
}

export function Transfer(props: FormProps): JSX.Element {
  const { fields, hints } = useDeedWords();
  const form = useDraft<Schemas['TransferDto']>(
    { targetOrganId: '', legalBasis: '', papers: [] },
    { targetOrganId: 'required', legalBasis: 'required' },
  );
  return (
    <Step
      {...props}
      deed="transfer"
      form={form}
      send={(body) => api.POST('/api/v1/cases/{id}/transfer', { ...onCase(props.row), body })}
    >
      <OrganSelect label={fields.targetOrganId} required {...form.getInputProps('targetOrganId')} />
      <CheckedText label={fields.legalBasis} required max={500} {...form.getInputProps('legalBasis')} />
      <Tags label={fields.papers} description={hints.papers} {...form.getInputProps('papers')} />
    </Step>
  );
}

export function Merge(props: FormProps): JSX.Element {
  const { fields, hints } = useDeedWords();
  const form = useDraft<Schemas['MergeDto']>({ masterCaseId: '' }, { masterCaseId: 'required' });
  return (
    <Step
      {...props}
      deed="merge"
      final
      form={form}
      send={(body) => api.POST('/api/v1/cases/{id}/merge', { ...onCase(props.row), body })}
    >
      <CaseSelect
        label={fields.masterCaseId}
        description={hints.masterCaseId}
        required
        except={props.row.id}
        {...form.getInputProps('masterCaseId')}
      />
    </Step>
  );
}
