-- What else a stream does beside its chat, by the windows of the chat, and both joined. chat_summary_minute stays the
-- chat's alone: its rows are the windows that hold messages.

ALTER TABLE chat_summary_minute
  ADD COLUMN avg_sentiment numeric,
  ADD COLUMN toxic_share numeric,
  ADD COLUMN top_toxic json,
  ADD COLUMN messages_per_chatter numeric
    GENERATED ALWAYS AS (round(chat_count::numeric / nullif(unique_chatters, 0), 3)) STORED;

CREATE TABLE stream_minute (
  stream_id text COLLATE "C" NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL,
  last_viewers numeric,
  mean_viewers numeric,
  peak_viewers numeric,
  viewers_generation integer,
  viewers_revision bigint,
  transaction_count bigint,
  transaction_sums json,           -- [{"type":"bits","currency":"BITS","count":2,"amount":"300"}]
  transactions_generation integer,
  transactions_revision bigint,
  last_title text,
  last_category text,
  stream_meta_generation integer,
  stream_meta_revision bigint,
  raid_count bigint,
  raid_viewers numeric,
  last_raid_from text,
  raids_generation integer,
  raids_revision bigint,
  processed_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (stream_id, window_start)
);
CREATE INDEX stream_minute_window_start ON stream_minute (window_start);
-- Titles are rare: what a stream was called at a moment is looked up here.
CREATE INDEX stream_minute_titles ON stream_minute (stream_id, window_start) WHERE last_title IS NOT NULL;

-- The joined row of a stream and window. Two parts, so that a range of time reaches the indices of both tables.
CREATE VIEW stream_summary_minute AS
WITH joined AS (
  SELECT c.stream_id, c.window_start, c.window_end, c.chat_count, c.unique_chatters, c.messages_per_chatter,
    c.avg_sentiment, c.toxic_share, c.top_emotes, s.last_viewers, s.mean_viewers, s.peak_viewers, s.transaction_count,
    s.transaction_sums, s.raid_count, s.raid_viewers, s.last_raid_from
  FROM chat_summary_minute AS c
  LEFT JOIN stream_minute AS s ON s.stream_id = c.stream_id AND s.window_start = c.window_start
  UNION ALL
  SELECT s.stream_id, s.window_start, s.window_end, NULL, NULL, NULL, NULL, NULL, NULL, s.last_viewers, s.mean_viewers,
    s.peak_viewers, s.transaction_count, s.transaction_sums, s.raid_count, s.raid_viewers, s.last_raid_from
  FROM stream_minute AS s
  WHERE NOT EXISTS (
    SELECT FROM chat_summary_minute AS c WHERE c.stream_id = s.stream_id AND c.window_start = s.window_start
  )
)
SELECT j.stream_id, j.window_start, j.window_end, j.chat_count, j.unique_chatters, j.messages_per_chatter,
  j.avg_sentiment, j.toxic_share, j.top_emotes, j.last_viewers, j.mean_viewers, j.peak_viewers,
  round(j.chat_count / nullif(j.mean_viewers, 0), 6) AS messages_per_viewer,
  j.transaction_count, j.transaction_sums,
  -- Money by currency, never added up over several; bits are no money and have a column of their own.
  (SELECT json_object_agg(currency, amount ORDER BY currency) FROM (
    SELECT sums ->> 'currency' AS currency, trim_scale(sum((sums ->> 'amount')::numeric))::text AS amount
    FROM json_array_elements(j.transaction_sums) AS sums WHERE sums ->> 'type' <> 'bits' GROUP BY 1
  ) AS money) AS revenue_per_minute,
  (SELECT trim_scale(sum((sums ->> 'amount')::numeric)) FROM json_array_elements(j.transaction_sums) AS sums
    WHERE sums ->> 'type' = 'bits') AS bits_per_minute,
  j.raid_count, j.raid_viewers, j.last_raid_from,
  -- What was said last at the end of the window, in it or before.
  meta.last_title AS title, meta.last_category AS category
FROM joined AS j
LEFT JOIN LATERAL (
  SELECT m.last_title, m.last_category FROM stream_minute AS m
  WHERE m.stream_id = j.stream_id AND m.window_start <= j.window_start AND m.last_title IS NOT NULL
  ORDER BY m.window_start DESC LIMIT 1
) AS meta ON true;

-- Of the sliding windows those that start on a full minute: they touch and never overlap, so that they may be added up.
CREATE VIEW stream_tumbling_minute AS
SELECT * FROM stream_summary_minute WHERE date_trunc('minute', window_start) = window_start;
