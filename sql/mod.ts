/**
 * THE LIST of migrations: numbered, forward only, each applied once and never changed afterwards.
 * @module
 */
import foundation from "./000001_foundation.sql" with { type: "text" };
import chatSessions from "./000002_chat_sessions.sql" with { type: "text" };
import rawEvents from "./000003_raw_events.sql" with { type: "text" };
import logPlaces from "./000004_log_places.sql" with { type: "text" };
import qualityMinute from "./000005_quality_minute.sql" with { type: "text" };
import metrics from "./000006_metrics.sql" with { type: "text" };
import streamMinute from "./000007_stream_minute.sql" with { type: "text" };
import moments from "./000008_moments.sql" with { type: "text" };
import mergedMoments from "./000009_merged_moments.sql" with { type: "text" };
import readsByIndex from "./000010_reads_by_index.sql" with { type: "text" };

/** A migration: its number and name from the file's name, and its SQL. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** All migrations in order. */
export const migrations: readonly Migration[] = [
  { name: "000001_foundation", sql: foundation },
  { name: "000002_chat_sessions", sql: chatSessions },
  { name: "000003_raw_events", sql: rawEvents },
  { name: "000004_log_places", sql: logPlaces },
  { name: "000005_quality_minute", sql: qualityMinute },
  { name: "000006_metrics", sql: metrics },
  { name: "000007_stream_minute", sql: streamMinute },
  { name: "000008_moments", sql: moments },
  { name: "000009_merged_moments", sql: mergedMoments },
  { name: "000010_reads_by_index", sql: readsByIndex },
];
