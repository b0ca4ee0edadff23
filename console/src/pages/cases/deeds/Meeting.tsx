import { Fieldset, Stack } from '@mantine/core';
import type { JSX } from 'react';
import type { components } from '../../../api/client.ts';
import { CheckedText } from '../../../ui/CheckedText.tsx';
import type { Draft, DraftForm } from './draft.ts';
import { DayInput, Tags } from './inputs.tsx';
import { useDeedWords } from './words.ts';

type Dto = components['schemas']['MeetingDto'];

/** There is no decision without the minutes of the meeting: what the form holds of it before anything is typed. */
export const noMeeting: Draft<Dto> = { heldOn: '', attendees: [], recused: [], vote: '', minutes: '' };

export const meetingRules = {
  'meeting.heldOn': 'notLater',
  'meeting.attendees': 'required',
  'meeting.minutes': 'required',
} as const;

interface Props {
  /** The form's own, for `meeting.heldOn` and so on. */
  readonly inputProps: (path: `meeting.${keyof Dto}`) => ReturnType<DraftForm<Dto>['getInputProps']>;
}

export function MeetingFields({ inputProps }: Props): JSX.Element {
  const { fields, hints } = useDeedWords();
  return (
    <Fieldset legend={fields.meeting}>
      <Stack gap="sm">
        <DayInput label={fields.heldOn} required {...inputProps('meeting.heldOn')} />
        <Tags
          label={fields.attendees}
          description={hints.names}
          required
          {...inputProps('meeting.attendees')}
        />
        <Tags label={fields.recused} description={hints.names} {...inputProps('meeting.recused')} />
        <CheckedText label={fields.vote} max={2000} {...inputProps('meeting.vote')} />
        <CheckedText
          label={fields.minutes}
          rows={[4, 16]}
          max={100_000}
          required
          {...inputProps('meeting.minutes')}
        />
      </Stack>
    </Fieldset>
  );
}
