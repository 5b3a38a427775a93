-- What one event makes of a chat and of its viewers is several moments, each exactly once by its own pipeline. Here they
-- are one: moments of a stream that overlap, or lie at most a minute (a window) apart. routes/(_lib)/merged_moments.ts
-- does the same with those that a dashboard holds.

-- As before, with the numbers themselves and the revision: new columns can only stand at the end.
CREATE OR REPLACE VIEW moment_context AS
SELECT m.key AS stream_id, m.moment_id, m.window_start, m.peak_at, m.window_end, m.kind, m.status, m.score, m.intensity,
  m.explanation, m.happened,
  before.mean_viewers AS viewers_before, after.mean_viewers AS viewers_after,
  after.mean_viewers - before.mean_viewers AS viewers_change,
  earned.revenue_before, earned.revenue_after, raid.last_raid_from AS announced_raid_from, raid.raid_viewers,
  m.pipeline, m.metric, m.value, m.baseline, m.moment_generation, m.moment_revision
FROM moments AS m
LEFT JOIN LATERAL (
  SELECT s.mean_viewers FROM stream_minute AS s
  WHERE s.stream_id = m.key AND s.mean_viewers IS NOT NULL
    AND s.window_start <= m.window_start - interval '1 minute' AND s.window_start > m.window_start - interval '6 minutes'
  ORDER BY s.window_start DESC LIMIT 1
) AS before ON true
LEFT JOIN LATERAL (
  SELECT s.mean_viewers FROM stream_minute AS s
  WHERE s.stream_id = m.key AND s.mean_viewers IS NOT NULL
    AND s.window_start >= m.window_end AND s.window_start < m.window_end + interval '5 minutes'
  ORDER BY s.window_start LIMIT 1
) AS after ON true
LEFT JOIN LATERAL (
  SELECT json_object_agg(currency, amount ORDER BY currency) FILTER (WHERE NOT is_after) AS revenue_before,
    json_object_agg(currency, amount ORDER BY currency) FILTER (WHERE is_after) AS revenue_after
  FROM (
    SELECT s.window_start >= m.window_start AS is_after, sums ->> 'currency' AS currency,
      trim_scale(sum((sums ->> 'amount')::numeric))::text AS amount
    FROM stream_minute AS s, json_array_elements(s.transaction_sums) AS sums
    -- Windows that lie a whole number of minutes from the start touch and do not overlap.
    WHERE s.stream_id = m.key AND mod(extract(epoch FROM s.window_start - m.window_start), 60) = 0
      AND s.window_start >= m.window_start - interval '5 minutes' AND s.window_start < m.window_start + interval '5 minutes'
    GROUP BY 1, 2
  ) AS money
) AS earned ON true
LEFT JOIN LATERAL (
  SELECT s.last_raid_from, s.raid_viewers FROM stream_minute AS s
  WHERE s.stream_id = m.key AND s.last_raid_from IS NOT NULL
    AND s.window_start > m.window_start - interval '2 minutes' AND s.window_start < m.window_end
  ORDER BY s.raid_viewers DESC, s.window_start LIMIT 1
) AS raid ON true;

CREATE VIEW merged_moments AS
WITH marked AS (
  SELECT m.*, m.window_start <= interval '1 minute' + max(m.window_end) OVER (
    PARTITION BY m.key ORDER BY m.window_start, m.moment_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ) AS goes_on
  FROM moments AS m WHERE m.status = 'active'
), numbered AS (
  SELECT m.*, count(*) FILTER (WHERE goes_on IS NOT TRUE) OVER (
    PARTITION BY m.key ORDER BY m.window_start, m.moment_id
  ) AS number
  FROM marked AS m
), merged AS (
  SELECT key AS stream_id, min(window_start) AS window_start, max(window_end) AS window_end,
    (array_agg(peak_at ORDER BY intensity DESC NULLS LAST, window_start, moment_id))[1] AS peak_at,
    max(intensity) AS intensity,
    to_json(array_agg(DISTINCT kind)) AS kinds,
    (array_agg(moment_id ORDER BY window_start, moment_id))[1] AS first_id,
    (array_agg(moment_id ORDER BY window_end DESC, window_start, moment_id))[1] AS last_id,
    json_agg(json_build_object('moment_id', moment_id, 'kind', kind, 'value', value, 'baseline', baseline,
      'score', score, 'explanation', explanation, 'happened', happened) ORDER BY window_start, moment_id) AS members
  FROM numbered GROUP BY key, number
)
-- What was before the first of them, and after the last one: viewers and money around all.
SELECT m.stream_id, m.window_start, m.peak_at, m.window_end, m.kinds, m.intensity, first.viewers_before,
  last.viewers_after, last.viewers_after - first.viewers_before AS viewers_change, first.revenue_before,
  first.revenue_after, m.members
FROM merged AS m
JOIN moment_context AS first ON first.moment_id = m.first_id
JOIN moment_context AS last ON last.moment_id = m.last_id;
