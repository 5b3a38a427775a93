-- Moments: stretches of time in which something happened, one row each, and what viewers and money did around them.

CREATE TABLE moments (
  moment_id text COLLATE "C" NOT NULL,
  pipeline text COLLATE "C" NOT NULL,
  detector text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,            -- chat, viewers, raid, toxicity
  metric text NOT NULL,
  key text COLLATE "C" NOT NULL,
  window_start timestamptz NOT NULL,         -- when it began
  peak_at timestamptz NOT NULL,
  window_end timestamptz NOT NULL,           -- when it ended
  value double precision NOT NULL,
  baseline double precision NOT NULL,
  score double precision NOT NULL,
  intensity double precision,                -- value by baseline
  status text NOT NULL,
  explanation text NOT NULL,
  happened json NOT NULL,
  moment_generation integer,
  moment_revision bigint,
  processed_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (moment_id)
);
CREATE INDEX moments_window_start ON moments (window_start);

-- Viewers: the last window that ended before the moment began, and the first that began when it had ended, each within
-- five minutes. Money: of the five minutes before it began, and of the five minutes from then on, by currency.
CREATE VIEW moment_context AS
SELECT m.key AS stream_id, m.moment_id, m.window_start, m.peak_at, m.window_end, m.kind, m.status, m.score, m.intensity,
  m.explanation, m.happened,
  before.mean_viewers AS viewers_before, after.mean_viewers AS viewers_after,
  after.mean_viewers - before.mean_viewers AS viewers_change,
  earned.revenue_before, earned.revenue_after, raid.last_raid_from AS announced_raid_from, raid.raid_viewers
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
