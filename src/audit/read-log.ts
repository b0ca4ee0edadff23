import type { AuditEvent, EventType } from './events.js';
import { SYSTEM_STREAM } from './streams.js';

/** The events that say that somebody looked at something, or tried to. Each has a row in `app.read_log`. */
export const readTypes: ReadonlySet<EventType> = new Set<EventType>([
  'case.read',
  'case.history-read',
  'case.recusals-read',
  'case.exported',
  'allegation.read',
  'sanction.read',
  'officer.read',
  'user.read',
  'search.run',
  'export.downloaded',
  'read.denied',
  'access-review.readers-read',
  'access-review.reads-read',
  'access-review.user-read',
]);

/** Who acted, in which capacity, for which organ: as the body of an event has it. */
export interface ActedAs {
  readonly uid: string;
  readonly role: string;
  readonly unit?: string;
}

/** What the log says of one event of reading; what it looked for is compared and not kept. */
export interface ReadNote {
  readonly id: string;
  readonly at: Date;
  readonly user_id: string;
  readonly role: string;
  readonly organ_id: string | null;
  readonly type: EventType;
  readonly case_id: string | null;
  readonly target_kind: string;
  readonly target_id: string;
  readonly purpose_code: string | null;
  readonly purpose_ref: string | null;
  readonly officer: string | null;
  readonly organ: string | null;
  readonly words: string | null;
}

/** The row that an event of reading leaves in the log; undefined for any other event. */
export function readNote(
  id: string,
  at: Date,
  { uid, role, unit }: ActedAs,
  { type, stream, target, purpose, values }: AuditEvent,
): ReadNote | undefined {
  if (!readTypes.has(type)) return undefined;
  const question = (values?.['question'] ?? {}) as Readonly<Record<string, unknown>>;
  const asked = (name: string): string | null => (typeof question[name] === 'string' ? question[name] : null);
  return {
    id,
    at,
    user_id: uid,
    role,
    organ_id: unit ?? null,
    type,
    case_id: stream === uid || stream === SYSTEM_STREAM ? null : stream,
    target_kind: target.kind,
    target_id: target.id,
    purpose_code: purpose?.code ?? null,
    purpose_ref: purpose?.ref ?? null,
    officer: asked('officerId'),
    organ: asked('organId'),
    words: asked('q'),
  };
}

/**
 * Puts the notes into the statement that appends their events, so that there is no event of a read without its row
 * and no second round trip.
 * @param parameter the number of the parameter that holds the notes
 */
export const withReadNotes = (statement: string, parameter: number): string => `
  WITH noted AS (
    INSERT INTO app.read_log (id, at, user_id, role, organ_id, type, case_id, target_kind, target_id, purpose_code,
                              purpose_ref, hits)
    SELECT n.id, n.at, n.user_id, n.role, n.organ_id, n.type,
           CASE WHEN n.type = 'read.denied' THEN app.case_behind(n.target_id::uuid) ELSE n.case_id END,
           n.target_kind, n.target_id, n.purpose_code, n.purpose_ref,
           CASE WHEN n.words IS NULL AND n.officer IS NULL AND n.organ IS NULL THEN '{}'
             ELSE app.kinds_of_look(n.user_id, NULL, array_remove(ARRAY[n.officer], NULL), n.organ, n.words,
                                    (n.at AT TIME ZONE 'Asia/Shanghai')::date) END
    FROM jsonb_to_recordset($${parameter}::jsonb) AS n (
      id uuid, at timestamptz, user_id uuid, role text, organ_id uuid, type text, case_id uuid, target_kind text,
      target_id text, purpose_code text, purpose_ref text, officer uuid, organ uuid, words text)
  )
  ${statement}`;
