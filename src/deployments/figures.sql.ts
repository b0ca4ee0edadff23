/**
 * The figures as one JSON object. `seen` stands for the requests that count: those submitted in the period that the
 * reader may count. Each number is defined here, and nowhere else.
 */
const hours = (minutes: string): string => `round(sum(${minutes}) / 60.0, 2)::float`;

const listed = (columns: string, rest: string): string =>
  `(SELECT coalesce(json_agg(r), '[]') FROM (SELECT ${columns} FROM ${rest}) r)`;

export const FIGURES = `json_build_object(
  'requests', (SELECT count(*) FROM seen),
  'officerHours', (SELECT coalesce(${hours('r.officer_minutes')}, 0) FROM seen JOIN app.deployment_report r ON r.deployment_id = seen.id),
  'requestsByDay', ${listed(
    `to_char(seen.submitted_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS day, o.name AS organ, count(*) AS count`,
    'seen JOIN app.organ o ON o.id = seen.organ_id GROUP BY 1, 2 ORDER BY 1, 2',
  )},
  'hoursByDuty', ${listed(
    `d.duty AS code, count(*) AS deployments, ${hours('r.officer_minutes')} AS "officerHours"`,
    `seen JOIN app.deployment_report r ON r.deployment_id = seen.id
     CROSS JOIN LATERAL jsonb_array_elements_text(seen.law->'duties') AS d (duty) GROUP BY d.duty ORDER BY d.duty::int`,
  )},
  'hoursByNpCode', ${listed(
    `c.code, count(*) AS deployments, ${hours('r.officer_minutes')} AS "officerHours"`,
    `seen JOIN app.deployment_report r ON r.deployment_id = seen.id
     CROSS JOIN LATERAL unnest(seen.np_codes) AS c (code) GROUP BY c.code ORDER BY c.code`,
  )},
  'byRequester', ${listed(
    'requester_type AS "requesterType", outcome, count(*) AS count',
    'seen GROUP BY 1, 2 ORDER BY 1, 2',
  )},
  'refusals', ${listed(
    'o.name AS organ, count(*) AS count',
    `seen JOIN app.organ o ON o.id = seen.organ_id WHERE seen.status IN ('REFUSED', 'UNDER_REVIEW', 'REFUSED_FINALLY')
     GROUP BY 1 ORDER BY 1`,
  )},
  'overrides', ${listed(
    'a.code, count(DISTINCT seen.id) AS count',
    `seen JOIN app.deployment_deed s ON s.deployment_id = seen.id AND s.deed IN ('approve', 'stand-by')
     CROSS JOIN LATERAL (
       SELECT answer->>'code' AS code FROM jsonb_array_elements(s.details->'answers') AS answer
       UNION SELECT 'OUTCOME' WHERE s.details ? 'override') a
     WHERE seen.status IN ('APPROVED', 'STAND_BY') GROUP BY 1 ORDER BY 1`,
  )},
  'lates', ${listed(
    'o.name AS organ, count(*) AS count, sum(seen.hours_late) AS hours',
    'seen JOIN app.organ o ON o.id = seen.organ_id WHERE seen.hours_late IS NOT NULL GROUP BY 1 ORDER BY 1',
  )},
  'repeatRequesters', ${listed(
    `CASE requester_type WHEN 'CITIZEN' THEN NULL ELSE requester_name END AS requester,
     requester_type AS "requesterType", count(*) AS count,
     count(*) FILTER (WHERE status IN ('REFUSED', 'UNDER_REVIEW', 'REFUSED_FINALLY')) AS refused`,
    `seen GROUP BY requester_name, requester_type HAVING count(*) > 1 ORDER BY count(*) DESC, requester_name LIMIT 100`,
  )})`;
