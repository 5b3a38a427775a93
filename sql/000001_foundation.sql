-- Progress, keyed state, run counts, and the tables of the first pipelines.
-- Keys are ordered by code point ("C"), whatever the database's locale. JSON columns are json, not jsonb: the order of
-- keys is part of what is shown.
-- Words: an epoch rises with each owner of a partition; (generation, revision) tells which of two panes is newer.

CREATE TABLE progress (
  pipeline text COLLATE "C" NOT NULL,
  topic text COLLATE "C" NOT NULL,
  "partition" integer NOT NULL,
  epoch bigint NOT NULL,
  next_offset bigint NOT NULL DEFAULT 0,
  watermark_ms bigint,
  event_time_ms_max bigint,
  idle_watermark_ms bigint,        -- granted by idling at next_offset, not yet acted upon
  rebuild_offset bigint NOT NULL DEFAULT 0,
  incarnation text,                -- null: acquired, nothing committed yet
  generation integer NOT NULL DEFAULT 0,
  definition text NOT NULL DEFAULT '',
  seqs json NOT NULL DEFAULT '[]',
  counts json NOT NULL DEFAULT '{}',
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (pipeline, topic, "partition")
);

CREATE TABLE keyed_state (
  pipeline text COLLATE "C" NOT NULL,
  topic text COLLATE "C" NOT NULL,
  "partition" integer NOT NULL,
  name text COLLATE "C" NOT NULL,              -- the detector, or open_sessions
  key text COLLATE "C" NOT NULL,
  state json NOT NULL,
  PRIMARY KEY (pipeline, topic, "partition", name, key)
);

CREATE TABLE run_counts (
  run_id text COLLATE "C" NOT NULL,
  topic text COLLATE "C" NOT NULL,
  "partition" integer NOT NULL,
  pipeline text COLLATE "C" NOT NULL,          -- '' = outcomes of lines
  counter text NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (run_id, topic, "partition", pipeline, counter)
);

CREATE TABLE chat_summary_minute (
  stream_id text COLLATE "C" NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL,
  chat_count bigint,
  unique_chatters bigint,
  top_emotes json,
  chat_generation integer,
  chat_revision bigint,
  processed_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (stream_id, window_start)
);
CREATE INDEX chat_summary_minute_window_start ON chat_summary_minute (window_start);

CREATE TABLE market_candles (
  symbol text COLLATE "C" NOT NULL,
  "interval" text COLLATE "C" NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL,
  open numeric,
  high numeric,
  low numeric,
  close numeric,
  volume numeric,
  vwap numeric,
  trade_count bigint,
  candles_generation integer,
  candles_revision bigint,
  processed_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (symbol, "interval", window_start)
);
CREATE INDEX market_candles_window_start ON market_candles (window_start);

CREATE TABLE anomalies (
  anomaly_id text COLLATE "C" NOT NULL,
  event_time timestamptz NOT NULL,
  pipeline text COLLATE "C" NOT NULL,
  detector text COLLATE "C" NOT NULL,
  metric text NOT NULL,
  key text COLLATE "C" NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL,
  value double precision NOT NULL,
  baseline double precision NOT NULL,
  score double precision NOT NULL,
  status text NOT NULL,
  explanation text NOT NULL,
  anomaly_generation integer,
  anomaly_revision bigint,
  processed_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (anomaly_id)
);
CREATE INDEX anomalies_window_start ON anomalies (window_start);
