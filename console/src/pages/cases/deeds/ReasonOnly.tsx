import type { ComponentType } from 'react';
import { api, type components } from '../../../api/client.ts';
import { onCase, type FormProps } from './DeedForm.tsx';
import { useDraft } from './draft.ts';
import { Step } from './Step.tsx';

type Dto = components['schemas']['ReasonDto'];

type Deed =
  | 'reclaim'
  | 'start-preliminary'
  | 'legal-opinion'
  | 'close-without-case'
  | 'resume'
  | 'legal-review'
  | 'close';

/** The form of a step that asks why, and nothing else. */
export const reasonOnly = (deed: Deed, { final = false } = {}): ComponentType<FormProps> =>
  function ReasonOnly(props) {
    const form = useDraft<Dto>({}, {});
    return (
      <Step<Dto>
        {...props}
        deed={deed}
        form={form}
        final={final}
        send={(body) => api.POST(`/api/v1/cases/{id}/${deed}`, { ...onCase(props.row), body })}
      />
    );
  };
