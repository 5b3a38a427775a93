-- Sessions of a stream's chat: a row each, deleted when another session takes it in or it starts earlier.

CREATE TABLE chat_sessions (
  stream_id text COLLATE "C" NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL,
  chat_count bigint,
  chat_sessions_generation integer,
  chat_sessions_revision bigint,
  processed_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (stream_id, window_start)
);
CREATE INDEX chat_sessions_window_start ON chat_sessions (window_start);
