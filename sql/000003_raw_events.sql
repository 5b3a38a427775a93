-- Events as they came (or enriched) by day of append, and what tells a commit whose answer was lost from one that was not made.

ALTER TABLE progress ADD COLUMN last_commit text;

-- Filled where RAW_EVENTS says so. Partitions raw_events_<day> are made when the first event of a day is written, and dropped
-- whole when the day is past its retention.
CREATE TABLE raw_events (
  append_day timestamptz NOT NULL,           -- midnight UTC of append_time
  topic text COLLATE "C" NOT NULL,
  incarnation text COLLATE "C" NOT NULL,
  "partition" integer NOT NULL,
  "offset" bigint NOT NULL,
  append_time timestamptz NOT NULL,
  event_time timestamptz NOT NULL,
  key text COLLATE "C",
  kind text COLLATE "C" NOT NULL,            -- raw, enriched
  value json NOT NULL,
  PRIMARY KEY (append_day, topic, incarnation, "partition", "offset")
) PARTITION BY RANGE (append_day);

CREATE VIEW raw_ticks AS
SELECT
  value ->> 'symbol' COLLATE "C" AS symbol,
  event_time,
  (value ->> 'price')::numeric AS price,
  (value ->> 'size')::numeric AS size,
  value ->> 'side' AS side,
  value ->> 'trade_id' AS trade_id,
  value ->> 'interval' AS "interval",
  (value ->> 'open')::numeric AS open,
  (value ->> 'high')::numeric AS high,
  (value ->> 'low')::numeric AS low,
  (value ->> 'close')::numeric AS close,
  (value ->> 'volume')::numeric AS volume,
  value ->> 'source' AS source,
  append_time, append_day, topic, incarnation, "partition", "offset"
FROM raw_events WHERE topic IN ('market.trades', 'market.bars');
