-- What is needed to go on reading a log that may have changed behind the reader: a topic made anew, partitions added,
-- records deleted before they were read or before their windows could be rebuilt.

ALTER TABLE progress
  ADD COLUMN witness text,                  -- offset, append time and key hash of the last record read
  ADD COLUMN partition_count integer,       -- of the topic when the row was written
  ADD COLUMN frozen_end_ms bigint,          -- windows that end here or before stand as they are
  ADD COLUMN partial_start_ms bigint;       -- windows that start here or before may lack events
