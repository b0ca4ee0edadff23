/**
 * SQL that makes a change of the table's rows fail at COMMIT unless the same transaction appended an event to the
 * stream that the rows belong to: the row's own (`id`), its case's, its deployment's, its user's, or the system's.
 */
export const audited = (
  table: string,
  stream: 'id' | 'case_id' | 'deployment_id' | 'user_id' | 'system',
  schema: 'app' | 'vault' = 'app',
): string => `
  CREATE CONSTRAINT TRIGGER ${table}_audited AFTER INSERT OR UPDATE OR DELETE ON ${schema}."${table}"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION
  ${stream === 'system' ? 'audit.require_system_event()' : `audit.require_event_by_${stream}()`};
  ALTER TABLE ${schema}."${table}" ENABLE ALWAYS TRIGGER ${table}_audited`;
