import { ConflictGround } from '../../access/conflicts.js';
import type { Relation } from '../../access/relations.js';
import type { Role } from '../../access/roles.js';
import { eventWords } from '../../audit/events.js';
import type { Access } from '../past-access.js';
import type { ReadLogEntry } from '../read-log.entity.js';

/** A line of the policy by which somebody could read, and the organs of the grants that gave them the role. */
export class AccessLineView {
  role: Role;
  /** How they stood to the case. */
  relation: Relation;
  organIds: string[];
  /** What they broke the glass by (`/break-glass/{id}`); null for every other relation. */
  brokenGlassId: string | null;
}

/** Somebody who could read the case, from one instant of the day to another. */
export class PossibleReaderView {
  userId: string;
  username: string;
  displayName: string;
  officerId: string | null;
  from: string;
  /** Null: until the day ended, or until now. */
  until: string | null;
  through: AccessLineView[];
  /** The parts of the case that they could see. */
  fields: string[];

  static of({ person, officerId, from, until, through, fields }: Access): PossibleReaderView {
    const { userId, username, displayName } = person;
    return Object.assign(new PossibleReaderView(), {
      userId,
      username,
      displayName,
      officerId,
      from: from.toISOString(),
      until: until?.toISOString() ?? null,
      through,
      fields,
    });
  }
}

/** Somebody whose roles would have let them read, and what kept them away. */
export class KeptOutView extends PossibleReaderView {
  grounds: ConflictGround[];

  static override of(access: Access): KeptOutView {
    const { grounds } = access;
    return Object.assign(new KeptOutView(), PossibleReaderView.of(access), { grounds });
  }
}

/** Who could read a case on a day, minute by minute, and who was kept away from it. */
export class CaseReadersView {
  caseId: string;
  on: string;
  /** What the answer reaches to: the end of the day, or now. */
  until: string;
  readers: PossibleReaderView[];
  keptOut: KeptOutView[];
}

export class ReadView {
  /** The event in the trail that proves it. */
  id: string;
  at: string;
  userId: string;
  role: string;
  organId: string | null;
  type: string;
  /** The same in words. */
  words: string;
  caseId: string | null;
  target: ReadTargetView;
  /** Why, as the reader said; null where they said nothing. */
  purpose: ReadPurposeView | null;
  /** What the search was for, by its kind. */
  hits: string[];

  static of(row: ReadLogEntry): ReadView {
    const { id, at, userId, role, organId, type, caseId, hits } = row;
    return Object.assign(new ReadView(), {
      id,
      at: at.toISOString(),
      userId,
      role,
      organId,
      type,
      words: eventWords[type],
      caseId,
      target: { kind: row.targetKind, id: row.targetId },
      purpose: row.purposeCode === null ? null : { code: row.purposeCode, reference: row.purposeRef },
      hits,
    });
  }
}

export class ReadTargetView {
  kind: string;
  id: string;
}

export class ReadPurposeView {
  code: string;
  reference: string | null;
}

/** Reads, the newest first. */
export class ReadPage {
  items: ReadView[];
  nextCursor: string | null;
  total?: number;
}
