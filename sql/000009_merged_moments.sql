-- What one event makes of a chat and of its viewers is several moments, each exactly once by its own pipeline. Here they
-- are one: moments of a stream that overlap, or lie at most a minute (a window) apart. routes/(_lib)/merged_moments.ts
-- does the same with those that a dashboard holds.

-- What viewers and money did around a moment is asked of functions in the list of columns, so that it is looked up for the
-- rows that are read only, not for all before a limit.

-- Viewers of the last window that ended before, within five minutes.
CREATE FUNCTION viewers_before(stream text, moment timestamptz) RETURNS numeric STABLE RETURN (
  SELECT s.mean_viewers FROM stream_minute AS s
  WHERE s.stream_id = stream AND s.mean_viewers IS NOT NULL
    AND s.window_start <= moment - interval '1 minute' AND s.window_start > moment - interval '6 minutes'
  ORDER BY s.window_start DESC LIMIT 1
);

-- Viewers of the first window that began then or later, within five minutes.
CREATE FUNCTION viewers_after(stream text, moment timestamptz) RETURNS numeric STABLE RETURN (
  SELECT s.mean_viewers FROM stream_minute AS s
  WHERE s.stream_id = stream AND s.mean_viewers IS NOT NULL
    AND s.window_start >= moment AND s.window_start < moment + interval '5 minutes'
  ORDER BY s.window_start LIMIT 1
);

-- Money of the five minutes from then on, by currency: of windows that touch and do not overlap.
CREATE FUNCTION revenue_of(stream text, moment timestamptz) RETURNS json STABLE RETURN (
  SELECT json_object_agg(currency, amount ORDER BY currency) FROM (
    SELECT sums ->> 'currency' AS currency, trim_scale(sum((sums ->> 'amount')::numeric))::text AS amount
    FROM generate_series(0, 4) AS minute
    JOIN stream_minute AS s ON s.stream_id = stream AND s.window_start = moment + minute * interval '1 minute',
      json_array_elements(s.transaction_sums) AS sums
    GROUP BY 1
  ) AS money
);

-- As before, with the numbers themselves and the revision: new columns can only stand at the end.
CREATE OR REPLACE VIEW moment_context AS
SELECT m.key AS stream_id, m.moment_id, m.window_start, m.peak_at, m.window_end, m.kind, m.status, m.score, m.intensity,
  m.explanation, m.happened,
  viewers_before(m.key, m.window_start) AS viewers_before, viewers_after(m.key, m.window_end) AS viewers_after,
  viewers_after(m.key, m.window_end) - viewers_before(m.key, m.window_start) AS viewers_change,
  revenue_of(m.key, m.window_start - interval '5 minutes') AS revenue_before,
  revenue_of(m.key, m.window_start) AS revenue_after,
  raid.last_raid_from AS announced_raid_from, raid.raid_viewers,
  m.pipeline, m.metric, m.value, m.baseline, m.moment_generation, m.moment_revision
FROM moments AS m
LEFT JOIN LATERAL (
  SELECT s.last_raid_from, s.raid_viewers FROM stream_minute AS s
  WHERE s.stream_id = m.key AND s.last_raid_from IS NOT NULL
    AND s.window_start > m.window_start - interval '2 minutes' AND s.window_start < m.window_end
  ORDER BY s.raid_viewers DESC, s.window_start LIMIT 1
) AS raid ON true;

-- Without WITH, so that a reader's limit reaches below the columns.
CREATE VIEW merged_moments AS
SELECT m.stream_id, m.window_start, m.peak_at, m.window_end, m.kinds, m.intensity,
  -- Before the first and after the last of them.
  viewers_before(m.stream_id, m.window_start) AS viewers_before,
  viewers_after(m.stream_id, m.window_end) AS viewers_after,
  viewers_after(m.stream_id, m.window_end) - viewers_before(m.stream_id, m.window_start) AS viewers_change,
  revenue_of(m.stream_id, m.window_start - interval '5 minutes') AS revenue_before,
  revenue_of(m.stream_id, m.window_start) AS revenue_after, m.members
FROM (
  SELECT key AS stream_id, min(window_start) AS window_start, max(window_end) AS window_end,
    (array_agg(peak_at ORDER BY intensity DESC NULLS LAST, window_start, moment_id))[1] AS peak_at,
    max(intensity) AS intensity,
    to_json(array_agg(DISTINCT kind)) AS kinds,
    json_agg(json_build_object('moment_id', moment_id, 'kind', kind, 'value', value, 'baseline', baseline,
      'score', score, 'explanation', explanation, 'happened', happened) ORDER BY window_start, moment_id) AS members
  FROM (
    SELECT marked.*, count(*) FILTER (WHERE goes_on IS NOT TRUE) OVER (
      PARTITION BY key ORDER BY window_start, moment_id
    ) AS number
    FROM (
      SELECT one.*, one.window_start <= interval '1 minute' + max(one.window_end) OVER (
        PARTITION BY one.key ORDER BY one.window_start, one.moment_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) AS goes_on
      FROM moments AS one WHERE one.status = 'active'
    ) AS marked
  ) AS numbered
  GROUP BY key, number
) AS m;
