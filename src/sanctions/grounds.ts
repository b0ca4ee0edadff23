import type { Transaction } from '../audit/unit-of-work.js';
import { conflict, invalidInput } from '../common/errors.js';
import { AllegationSubject } from '../intake/allegation.entity.js';
import { sanctionable, type Finding } from '../investigations/finding.entity.js';
import type { ProposeSanctionDto } from './dto/sanction.dto.js';
import type { Sanction } from './sanction.entity.js';

/**
 * A proposal rests on allegations of this case against this officer that were found substantiated.
 * @param findings those in force
 */
export async function refuseUnfounded(
  tx: Transaction,
  caseId: string,
  dto: ProposeSanctionDto,
  findings: readonly Finding[],
): Promise<void> {
  const subjects = await tx.manager.findBy(AllegationSubject, { caseId, officerId: dto.officerId });
  if (subjects.length === 0) {
    throw invalidInput([
      { pointer: '/officerId', message: 'is not a subject of an allegation of this case' },
    ]);
  }
  const errors = dto.allegationIds.flatMap((allegationId, i) => {
    const pointer = `/allegationIds/${i}`;
    if (!subjects.some((subject) => subject.allegationId === allegationId)) {
      return [{ pointer, message: 'is not an allegation of this case against this officer' }];
    }
    const own = findings.filter((finding) => finding.allegationId === allegationId);
    const finding = own.find(({ stage }) => stage === 'FINAL') ?? own[0];
    return finding && sanctionable.includes(finding.outcome)
      ? []
      : [{ pointer, message: 'was not found substantiated, not even in part' }];
  });
  if (errors.length > 0) throw invalidInput(errors);
}

/** A decided sanction rests on final findings: the meeting may see it otherwise than the report did. */
export function refuseUnproven({ id, allegationIds }: Sanction, findings: readonly Finding[]): void {
  const unproven = allegationIds.filter(
    (allegationId) =>
      !findings.some(
        ({ allegationId: of, stage, outcome }) =>
          of === allegationId && stage === 'FINAL' && sanctionable.includes(outcome),
      ),
  );
  if (unproven.length > 0) {
    throw conflict(
      'sanction-unfounded',
      'A sanction is decided only where the final finding says substantiated, at least in part. Refuse this one.',
      { sanction: id, allegations: unproven },
    );
  }
}
