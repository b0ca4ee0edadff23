import { Button, Select } from '@mantine/core';
import { useState, type JSX } from 'react';
import { api, ifMatch } from '../../api/client.ts';
import { useDeed } from '../../api/hooks.ts';
import { options, useCodes, type CaseDeed } from '../../i18n/codes.ts';
import { ConfirmDeed } from '../../ui/ConfirmDeed.tsx';
import type { CaseFile } from './CasePage.tsx';
import { useWords } from './words.ts';

/** Steps that want a reason and nothing else. */
const plain = [
  'accept',
  'reclaim',
  'start-preliminary',
  'legal-opinion',
  'close-without-case',
  'file',
  'start-investigation',
  'resume',
  'legal-review',
  'close',
] as const;
/** Steps that want one of these grounds as well. */
const grounds = {
  suspend: ['CRIMINAL_CASE', 'JUDGMENT_AWAITED', 'SUBJECT_CANNOT_ATTEND', 'FORCE_MAJEURE'],
  decline: ['NO_SUBSTANCE', 'REPEATED', 'OTHER_PROCEDURE'],
} as const;
type Plain = (typeof plain)[number];
type Grounded = keyof typeof grounds;

const isPlain = (deed: CaseDeed): deed is Plain => (plain as readonly string[]).includes(deed);
const isGrounded = (deed: CaseDeed): deed is Grounded => deed in grounds;

/** The steps that this person may take now, as buttons, each with its form. */
export function Deeds({ row, onReload }: { row: CaseFile; onReload: () => void }): JSX.Element {
  const words = useWords();
  const { caseDeed } = useCodes();
  const [open, setOpen] = useState<Plain | Grounded>();
  const [ground, setGround] = useState<string | null>(null);
  const params = { path: { id: row.id }, header: ifMatch(row.version) };
  const step = useDeed({
    invalidates: [['cases']],
    said: words.done,
    run: ({ deed, reason }: { deed: Plain | Grounded; reason: string }) =>
      isPlain(deed)
        ? api.POST(`/api/v1/cases/{id}/${deed}`, { params, body: { reason } })
        : deed === 'suspend'
          ? api.POST('/api/v1/cases/{id}/suspend', {
              params,
              body: { reason, ground: ground as (typeof grounds.suspend)[number] },
            })
          : api.POST('/api/v1/cases/{id}/decline', {
              params,
              body: { reason, ground: ground as (typeof grounds.decline)[number] },
            }),
  });
  return (
    <>
      {row.allowed
        .filter((deed): deed is Plain | Grounded => isPlain(deed) || isGrounded(deed))
        .map((deed) => (
          <Button
            key={deed}
            variant="default"
            onClick={() => {
              setGround(null);
              setOpen(deed);
            }}
          >
            {caseDeed[deed]}
          </Button>
        ))}
      {open && (
        <ConfirmDeed
          opened
          onClose={() => setOpen(undefined)}
          title={caseDeed[open]}
          explain={words.explain}
          confirm={caseDeed[open]}
          final={open === 'decline' || open === 'close' || open === 'close-without-case'}
          ready={isPlain(open) || ground !== null}
          reason="required"
          run={(reason) => step.mutateAsync({ deed: open, reason })}
          onReload={onReload}
        >
          {isGrounded(open) && (
            <Select
              label={words.ground}
              required
              value={ground}
              onChange={setGround}
              data={options(words.grounds).filter(({ value }) =>
                (grounds[open] as readonly string[]).includes(value),
              )}
            />
          )}
        </ConfirmDeed>
      )}
    </>
  );
}
