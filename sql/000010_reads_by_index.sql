-- Views that are read page by page and newest first, from indices: what a row shows is computed for the rows that are
-- read, not for all before a limit. Same columns as before; only bits are gone from the money around a moment.

-- In the order of time (of both views below), of a stream's moments as they are merged, and of moment_context.
DROP INDEX moments_window_start;
CREATE INDEX moments_window_start ON moments (window_start, key, moment_id);
CREATE INDEX moments_merged ON moments (key, window_start, moment_id) WHERE status = 'active';
CREATE INDEX moments_context ON moments (key, moment_id, window_start);
-- How far back of a moment another one that reaches it may begin.
CREATE INDEX moments_length ON moments ((window_end - window_start)) WHERE status = 'active';

-- Money of the five minutes from then on, by currency: of windows that touch and do not overlap. Bits are no money.
CREATE OR REPLACE FUNCTION revenue_of(stream text, moment timestamptz) RETURNS json STABLE RETURN (
  SELECT json_object_agg(currency, amount ORDER BY currency) FROM (
    SELECT sums ->> 'currency' AS currency, trim_scale(sum((sums ->> 'amount')::numeric))::text AS amount
    FROM generate_series(0, 4) AS minute
    JOIN stream_minute AS s ON s.stream_id = stream AND s.window_start = moment + minute * interval '1 minute',
      json_array_elements(s.transaction_sums) AS sums
    WHERE sums ->> 'type' <> 'bits'
    GROUP BY 1
  ) AS money
);

-- The two parts of the union are bare tables, so that it comes in the order of their indices. A row that is in both is
-- left out after the join, not below it, where the first row of a page would be looked for through the whole table; and
-- the joins are by LIMIT, since a merge would read its other side from the start for each page.
CREATE OR REPLACE VIEW stream_summary_minute AS
SELECT j.stream_id, j.window_start, j.window_end, c.chat_count, c.unique_chatters, c.messages_per_chatter,
  c.avg_sentiment, c.toxic_share, c.top_emotes, s.last_viewers, s.mean_viewers, s.peak_viewers,
  round(c.chat_count / nullif(s.mean_viewers, 0), 6) AS messages_per_viewer,
  s.transaction_count, s.transaction_sums,
  -- Money by currency, never added up over several; bits are no money and have a column of their own.
  (SELECT json_object_agg(currency, amount ORDER BY currency) FROM (
    SELECT sums ->> 'currency' AS currency, trim_scale(sum((sums ->> 'amount')::numeric))::text AS amount
    FROM json_array_elements(s.transaction_sums) AS sums WHERE sums ->> 'type' <> 'bits' GROUP BY 1
  ) AS money) AS revenue_per_minute,
  (SELECT trim_scale(sum((sums ->> 'amount')::numeric)) FROM json_array_elements(s.transaction_sums) AS sums
    WHERE sums ->> 'type' = 'bits') AS bits_per_minute,
  s.raid_count, s.raid_viewers, s.last_raid_from,
  -- What was said last at the end of the window, in it or before.
  (SELECT m.last_title FROM stream_minute AS m
    WHERE m.stream_id = j.stream_id AND m.window_start <= j.window_start AND m.last_title IS NOT NULL
    ORDER BY m.window_start DESC LIMIT 1) AS title,
  (SELECT m.last_category FROM stream_minute AS m
    WHERE m.stream_id = j.stream_id AND m.window_start <= j.window_start AND m.last_title IS NOT NULL
    ORDER BY m.window_start DESC LIMIT 1) AS category
FROM (
  SELECT true AS of_chat, stream_id, window_start, window_end FROM chat_summary_minute
  UNION ALL
  SELECT false, stream_id, window_start, window_end FROM stream_minute
) AS j
LEFT JOIN LATERAL (
  SELECT one.* FROM chat_summary_minute AS one
  WHERE one.stream_id = j.stream_id AND one.window_start = j.window_start LIMIT 1
) AS c ON true
LEFT JOIN LATERAL (
  SELECT one.* FROM stream_minute AS one
  WHERE one.stream_id = j.stream_id AND one.window_start = j.window_start LIMIT 1
) AS s ON true
WHERE j.of_chat OR c.stream_id IS NULL;

-- Whether no moment that began before, in the order of (window_start, moment_id), reaches this one to within a minute.
-- None that began longer ago than the longest lasts can; the seconds are added up, since a day is not always 24 hours.
CREATE FUNCTION begins_merged_moment(stream text, began timestamptz, id text) RETURNS boolean STABLE RETURN (
  SELECT true FROM moments AS m
  WHERE m.status = 'active' AND m.key = stream AND (m.window_start, m.moment_id) < (began, id)
    AND m.window_start >= began - interval '1 minute' - (
      SELECT make_interval(secs => extract(epoch FROM max(one.window_end - one.window_start))::double precision)
      FROM moments AS one WHERE one.status = 'active'
    )
    AND m.window_end >= began - interval '1 minute'
  LIMIT 1
) IS NULL;

-- A row for each moment that begins one: it and those up to the next of its stream that does.
CREATE OR REPLACE VIEW merged_moments AS
SELECT m.key AS stream_id, m.window_start, members.peak_at, members.window_end, members.kinds, members.intensity,
  -- Before the first and after the last of them.
  viewers_before(m.key, m.window_start) AS viewers_before,
  viewers_after(m.key, members.window_end) AS viewers_after,
  viewers_after(m.key, members.window_end) - viewers_before(m.key, m.window_start) AS viewers_change,
  revenue_of(m.key, m.window_start - interval '5 minutes') AS revenue_before,
  revenue_of(m.key, m.window_start) AS revenue_after, members.members
FROM moments AS m
LEFT JOIN LATERAL (
  SELECT n.window_start, n.moment_id FROM moments AS n
  WHERE n.status = 'active' AND n.key = m.key AND (n.window_start, n.moment_id) > (m.window_start, m.moment_id)
    AND begins_merged_moment(n.key, n.window_start, n.moment_id)
  ORDER BY n.window_start, n.moment_id LIMIT 1
) AS next ON true
CROSS JOIN LATERAL (
  SELECT max(window_end) AS window_end,
    (array_agg(peak_at ORDER BY intensity DESC NULLS LAST, window_start, moment_id))[1] AS peak_at,
    max(intensity) AS intensity,
    to_json(array_agg(DISTINCT kind)) AS kinds,
    json_agg(json_build_object('moment_id', moment_id, 'kind', kind, 'value', value, 'baseline', baseline,
      'score', score, 'explanation', explanation, 'happened', happened) ORDER BY window_start, moment_id) AS members
  FROM moments AS one
  WHERE one.status = 'active' AND one.key = m.key
    AND (one.window_start, one.moment_id) >= (m.window_start, m.moment_id)
    AND (one.window_start, one.moment_id) < (coalesce(next.window_start, 'infinity'), coalesce(next.moment_id, ''))
) AS members
WHERE m.status = 'active' AND begins_merged_moment(m.key, m.window_start, m.moment_id);
