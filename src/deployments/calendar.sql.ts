/** So many of a day are named; the list has all, by the same day. */
export const NAMED_A_DAY = 25;

/** Columns of what takes place, below. */
export const TAKES_PLACE: Readonly<Record<string, string>> = {
  id: 'deployment.id',
  reference: 'deployment.reference',
  status: 'deployment.status',
  operation: 'deployment.operation',
  organ_id: 'deployment.organId',
  activity_type: 'deployment.activityType',
  place: 'deployment.place',
  starts_at: 'deployment.startsAt',
  ends_at: 'deployment.endsAt',
  officers: 'deployment.officers',
};

/** A day of the calendar, as the statement below answers it: without days on which nothing takes place. */
export interface RawDay {
  day: string;
  count: number;
  officers: number;
  named: {
    id: string;
    reference: string;
    status: string;
    operation: string;
    organId: string;
    activityType: string | null;
    place: string;
    startsAt: string;
    endsAt: string;
    officers: number;
  }[];
}

/**
 * What takes place on each day: how many, with how many officers, and the first of them.
 * @param seen a statement that answers the columns of TAKES_PLACE
 * @param at the numbers of the parameters: first and last day
 */
export const calendarOf = (seen: string, at: { from: number; to: number }): string => `
  WITH seen AS MATERIALIZED (${seen}),
  placed AS (
    SELECT seen.*, to_char(d.day, 'YYYY-MM-DD') AS day,
      row_number() OVER (PARTITION BY d.day ORDER BY seen.starts_at, seen.id) AS n
    FROM generate_series($${at.from}::timestamp, $${at.to}::timestamp, '1 day') AS d (day)
      JOIN seen ON seen.starts_at < (d.day + interval '1 day') AT TIME ZONE 'Asia/Shanghai'
        AND seen.ends_at > d.day AT TIME ZONE 'Asia/Shanghai')
  SELECT day, count(*)::int AS count, sum(officers)::int AS officers,
    json_agg(json_build_object('id', id, 'reference', reference, 'status', status, 'operation', operation,
      'organId', organ_id, 'activityType', activity_type, 'place', place, 'startsAt', starts_at, 'endsAt', ends_at,
      'officers', officers) ORDER BY n) FILTER (WHERE n <= ${NAMED_A_DAY}) AS named
  FROM placed GROUP BY day`;
