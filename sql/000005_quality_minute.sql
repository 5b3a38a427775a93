-- Quality at the door: a row for each topic and minute of event time. score = weight_passed / weight.

CREATE TABLE quality_minute (
  topic text COLLATE "C" NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL,
  score numeric,
  "rows" bigint,
  weight bigint,
  weight_passed bigint,
  failed json,                     -- rows that failed, by rule or by the reason of their dead letter
  quality_generation integer,
  quality_revision bigint,
  processed_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, window_start)
);
CREATE INDEX quality_minute_window_start ON quality_minute (window_start);
