import { instant } from '../database/instant.js';
import type { MeasureRecordView } from '../intake/dto/measure.view.js';
import type { AllegationView, CaseFileView } from './dto/case-file.view.js';

/** What the one statement brings; PostgreSQL writes null for a list without rows. */
export interface CaseFileRow {
  organ: string;
  statement: string;
  /** Of a reporter who named themselves openly; PostgreSQL writes bytes in base64 here. */
  reporter: { sealed: string | null; officerId: string | null } | null;
  allegations:
    | (Omit<
        AllegationView,
        'computed' | 'missing' | 'subjects' | 'affectedPersons' | 'findings' | 'measures'
      > & {
        createdAt: string;
        subjects: AllegationView['subjects'] | null;
        affectedPersons: AllegationView['affectedPersons'] | null;
        findings: AllegationView['findings'] | null;
        measures: (MeasureRecordView & { code: string })[] | null;
      })[]
    | null;
  investigators: CaseFileView['investigators'] | null;
  sanctions: Omit<CaseFileView['sanctions'][number], 'allowed'>[] | null;
  deeds: CaseFileView['deeds'] | null;
}

const officerName = (alias: string): string =>
  `nullif(concat_ws(' ', ${alias}.name, '#' || coalesce(${alias}.badge_number, ${alias}.origin_key)), '')`;

/**
 * All that belongs to the case of a query with the alias `case`, as one column: a whole case comes in one round trip,
 * and so do a hundred. Joined entities would cost a statement, or a hydration, for each relation.
 */
export const CASE_FILE = `(SELECT row_to_json(file) FROM (
SELECT o.name AS organ, s.text AS statement,
  (SELECT json_build_object('sealed', encode(v.o_sealed, 'base64'), 'officerId', v.o_officer)
   FROM vault.named("case".id) v) AS reporter,
  (SELECT json_agg(json_build_object(
     'id', a.id, 'no', a.no, 'category', a.category, 'occurredFrom', ${instant('a.occurred_from')},
     'occurredTo', ${instant('a.occurred_to')}, 'occurredPrecision', a.occurred_precision, 'place', a.place,
     'organId', a.organ_id, 'organ', ao.name, 'facts', a.facts, 'sourceWords', a.source_words, 'version', a.version, 'createdAt', ${instant('a.created_at')},
     'subjects', (SELECT json_agg(json_build_object('id', su.id, 'officerId', su.officer_id, 'officer', ${officerName('su_o')},
          'description', su.description, 'role', su.role, 'identifiedAt', ${instant('su.identified_at')}) ORDER BY su.id)
        FROM app.allegation_subject su LEFT JOIN app.officer su_o ON su_o.id = su.officer_id WHERE su.allegation_id = a.id),
     'affectedPersons', (SELECT json_agg(json_build_object('name', p.name, 'organisation', p.organisation,
          'vulnerabilities', p.vulnerabilities, 'injuryLevel', p.injury_level, 'loss', p.loss) ORDER BY p.id)
        FROM app.affected_person p WHERE p.allegation_id = a.id),
     'findings', (SELECT json_agg(json_build_object('id', f.id, 'stage', f.stage, 'revision', f.revision,
          'outcome', f.outcome, 'reason', f.reason, 'mitigating', f.mitigating, 'aggravating', f.aggravating,
          'sourceWords', f.source_words, 'recordedBy', f.recorded_by, 'recordedByName', fu.display_name,
          'recordedAt', ${instant('f.recorded_at')}) ORDER BY f.recorded_at, f.id)
        FROM app.finding f JOIN app.user_account fu ON fu.id = f.recorded_by WHERE f.allegation_id = a.id),
     'measures', (SELECT json_agg(json_build_object('code', m.code, 'id', m.id, 'outcome', m.outcome,
          'doneAt', ${instant('m.done_at')}, 'recordedLate', m.recorded_late, 'note', m.note, 'recordedBy', m.recorded_by,
          'recordedByName', mu.display_name, 'recordedAt', ${instant('m.recorded_at')}) ORDER BY m.recorded_at, m.id)
        FROM app.urgent_measure m JOIN app.user_account mu ON mu.id = m.recorded_by WHERE m.allegation_id = a.id)
     ) ORDER BY a.no)
   FROM app.allegation a LEFT JOIN app.organ ao ON ao.id = a.organ_id WHERE a.case_id = "case".id) AS allegations,
  (SELECT json_agg(json_build_object('id', i.id, 'userId', i.user_id, 'name', iu.display_name, 'isLead', i.is_lead,
     'assignedAt', ${instant('i.assigned_at')}, 'withdrawnAt', ${instant('i.withdrawn_at')},
     'withdrawnReason', i.withdrawn_reason) ORDER BY i.assigned_at, i.id)
   FROM app.investigator_assignment i JOIN app.user_account iu ON iu.id = i.user_id WHERE i.case_id = "case".id) AS investigators,
  (SELECT json_agg(json_build_object('id', n.id, 'officerId', n.officer_id, 'officer', ${officerName('n_o')},
     'track', n.track, 'kind', n.kind, 'status', n.status, 'allegationIds', n.allegation_ids, 'basis', n.basis,
     'reason', n.reason, 'effectiveFrom', n.effective_from, 'endsOn', n.ends_on, 'servedOn', n.served_on,
     'sourceWords', n.source_words, 'version', n.version) ORDER BY n.id)
   FROM app.sanction n JOIN app.officer n_o ON n_o.id = n.officer_id WHERE n.case_id = "case".id) AS sanctions,
  (SELECT json_agg(json_build_object('deed', d.deed, 'from', d.from_status, 'to', d.to_status, 'doneBy', d.done_by,
     'doneByName', du.display_name, 'doneAt', ${instant('d.done_at')}, 'reason', d.reason, 'details', d.details)
     ORDER BY d.done_at, d.id)
   FROM app.case_deed d JOIN app.user_account du ON du.id = d.done_by WHERE d.case_id = "case".id) AS deeds
FROM app.organ o
JOIN app.statement s ON s.case_id = "case".id
WHERE o.id = "case".organ_id) file)`;
