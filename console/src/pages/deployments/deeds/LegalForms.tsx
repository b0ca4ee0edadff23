import { Button, MultiSelect } from '@mantine/core';
import { useState, type JSX } from 'react';
import { Link } from 'react-router';
import { api, ifMatch } from '../../../api/client.ts';
import { useDeed } from '../../../api/hooks.ts';
import { useMay } from '../../../app/ability.ts';
import { useMe } from '../../../app/me.ts';
import { options } from '../../../i18n/codes.ts';
import { CheckedText } from '../../../ui/CheckedText.tsx';
import { ConfirmDeed } from '../../../ui/ConfirmDeed.tsx';
import { PrintIcon } from '../../../ui/icons.tsx';
import { namesIn, refusedIn } from '../fields/binding.ts';
import type { Opinion } from '../fields/codes.ts';
import { CodeSelect, TextList } from '../fields/Inputs.tsx';
import { valuesOf } from '../fields/values.ts';
import { labelOf, useFieldWords } from '../fields/words.ts';
import { useRefusalWords } from '../refusal/words.ts';
import { flat } from '../request/checks.ts';
import type { Deployment } from '../states.tsx';
import { useWords } from '../words.ts';
import type { DeedProps } from './SceneForms.tsx';
import { useDeedWords } from './words.ts';

/** The opinion of the legal section. */
export function Assess({ row, onClose, onReload }: DeedProps): JSX.Element {
  const words = useDeedWords();
  const { deeds, done } = useWords();
  const { codes } = useFieldWords();
  const [opinion, setOpinion] = useState<Opinion | null>(null);
  const [legalBasis, setLegalBasis] = useState<string[]>([]);
  const assess = useDeed({
    invalidates: [['deployments']],
    said: done,
    run: (reason: string) =>
      api.POST('/api/v1/deployments/{id}/assess', {
        params: { path: { id: row.id }, header: ifMatch(row.version) },
        body: { reason, opinion: opinion!, legalBasis },
      }),
  });
  return (
    <ConfirmDeed
      opened
      onClose={onClose}
      onReload={onReload}
      title={deeds.assess}
      explain={words.explain.assess}
      confirm={deeds.assess}
      reason="required"
      ready={opinion !== null && legalBasis.length > 0}
      shownFields={['opinion', ...namesIn('legalBasis', legalBasis)]}
      run={(reason) => assess.mutateAsync(reason)}
    >
      {(errors) => (
        <>
          <CodeSelect
            label={words.opinion}
            required
            data={options(codes.opinion)}
            value={opinion}
            onChange={(chosen) => setOpinion(chosen as Opinion | null)}
            error={errors['opinion']}
          />
          <TextList
            label={words.legalBasis}
            value={legalBasis}
            onChange={setLegalBasis}
            error={refusedIn(errors, 'legalBasis', legalBasis)}
          />
        </>
      )}
    </ConfirmDeed>
  );
}

/** Back to the requester, with the fields that have to be completed. */
export function Return({ row, onClose, onReload }: DeedProps): JSX.Element {
  const words = useDeedWords();
  const fieldWords = useFieldWords();
  const { deeds, done, explain } = useWords();
  const [fields, setFields] = useState<string[]>([]);
  const send = useDeed({
    invalidates: [['deployments']],
    said: done,
    run: (reason: string) =>
      api.POST('/api/v1/deployments/{id}/return', {
        params: { path: { id: row.id }, header: ifMatch(row.version) },
        body: { reason, fields },
      }),
  });
  const paths = Object.keys(flat(valuesOf(row.request)));
  return (
    <ConfirmDeed
      opened
      onClose={onClose}
      onReload={onReload}
      title={deeds.return}
      explain={explain.return}
      confirm={deeds.return}
      reason="required"
      shownFields={namesIn('fields', fields)}
      run={(reason) => send.mutateAsync(reason)}
    >
      {(errors) => (
        <MultiSelect
          label={words.fields}
          data={paths.map((path) => ({ value: path, label: labelOf(fieldWords, path) }))}
          value={fields}
          onChange={setFields}
          searchable
          clearable
          error={refusedIn(
            errors,
            'fields',
            fields.map((path) => labelOf(fieldWords, path)),
          )}
        />
      )}
    </ConfirmDeed>
  );
}

/** The objection of an officer who was sent (警察法 33); shown to officers only, and kept from who gave the order. */
export function Objection({ row }: { row: Deployment }): JSX.Element | null {
  const words = useDeedWords();
  const may = useMay();
  const { user } = useMe();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const object = useDeed({
    invalidates: [['deployments', 'objections']],
    said: words.objected,
    run: () =>
      api.POST('/api/v1/deployments/{id}/object', { params: { path: { id: row.id } }, body: { text } }),
  });
  const isSent = user.officerId !== null && row.officerIds.includes(user.officerId);
  if (!isSent || !may.can('object', 'Deployment')) return null;
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        {words.object}
      </Button>
      {open && (
        <ConfirmDeed
          opened
          onClose={() => setOpen(false)}
          title={words.object}
          explain={words.objectExplain}
          confirm={words.object}
          ready={text.trim().length >= 3}
          shownFields={['text']}
          run={() => object.mutateAsync(undefined)}
        >
          {(errors) => (
            <CheckedText
              label={words.objection}
              required
              max={4000}
              rows={[4, 16]}
              value={text}
              onChange={setText}
              error={errors['text']}
              data-autofocus
            />
          )}
        </ConfirmDeed>
      )}
    </>
  );
}

const refused: readonly string[] = ['REFUSED', 'UNDER_REVIEW', 'REFUSED_FINALLY'];

/** To the refusal with its reason and the right door, as a sheet to be handed out. */
export function ToRefusal({ row }: { row: Deployment }): JSX.Element | null {
  const words = useRefusalWords();
  if (!refused.includes(row.status) || row.redacted.includes('file')) return null;
  return (
    <Button
      component={Link}
      variant="default"
      leftSection={<PrintIcon size={16} />}
      to={`/deployments/${row.id}/refusal`}
    >
      {words.open}
    </Button>
  );
}
