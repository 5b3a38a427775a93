/**
 * Chat joined with what its streams said of themselves: a pipeline by category, and short ways to send both topics.
 * @module
 */
import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import { type StreamMetaEvent, streamMetaEvents } from "../../core/events/stream_meta.ts";
import type { NewRecord } from "../../core/ports.ts";
import { formatTime, seconds } from "../../core/time.ts";
import { tumbling } from "../../core/window.ts";
import { type Lookup, lookup, type LookupDefinition } from "../../processor/lookup.ts";
import { count, distinct } from "../../processor/metrics/mod.ts";
import { type Pipeline, pipeline } from "../../processor/pipeline.ts";
import { type Engine, noonMs, type Running } from "./engine_kit.ts";

/** What the lookup adds. */
export interface Category {
  readonly category: string;
}

/** The category of a chat event's stream; an empty one is a row that is gone. */
export function categoryOf(
  options: Partial<LookupDefinition<ChatEvent, StreamMetaEvent, Category>> = {},
): Lookup<ChatEvent, Category> {
  return lookup<ChatEvent, StreamMetaEvent, Category>({
    name: "category_of",
    version: 1,
    table: streamMetaEvents,
    key: (event) => event.stream_id,
    fields: ["category"],
    as: (row) => row.category === "" ? null : { category: row.category },
    otherwise: { category: "none" },
    ...options,
  });
}

/** Chat by category: 10-second windows, no patience for disorder, so long for lateness. */
export function byCategory(of: Lookup<ChatEvent, Category> = categoryOf(), latenessMs = seconds(20)): Pipeline {
  return pipeline<ChatEvent, [], Category>({
    name: "by_category",
    contract: chatEvents,
    lookup: of,
    key: "category",
    window: tumbling({ sizeMs: seconds(10) }),
    outOfOrdernessMs: 0,
    allowedLatenessMs: latenessMs,
    metrics: { events: count(), streams: distinct((event) => event.stream_id) },
    table: "by_category_rows",
  });
}

/** What a stream says of itself at a second after noon. */
export interface Said {
  readonly at: number;
  readonly key?: string;
  /** Empty: nothing any more. */
  readonly category: string;
  readonly id?: string;
}

/** A row of the table as JSON value. */
export const metaValue = ({ at, key = "a", category, id }: Said): Record<string, unknown> => ({
  event_id: id ?? `meta ${key}@${at}`,
  timestamp: formatTime(noonMs + seconds(at)),
  source: "test",
  stream_id: key,
  title: "",
  category,
  language: "",
  tags: [],
});

/** A record of the table. */
export const metaRecord = (said: Said): NewRecord => ({
  key: said.key ?? "a",
  value: JSON.stringify(metaValue(said)),
  instance: null,
  seq: 0,
  runId: null,
});

/** Appends rows, or any records. */
export async function say(engine: Engine, ...rows: (Said | NewRecord)[]): Promise<void> {
  const records = rows.map((row) => "value" in row ? row : metaRecord(row));
  await engine.ports.log.ensureTopics([{ topic: streamMetaEvents.topic, partitions: 1 }]);
  await engine.ports.log.append({ writes: [{ topic: streamMetaEvents.topic, records }] });
}

/** Lets as much time pass as events wait for rows, until all is processed. */
export async function settle(engine: Engine, running: Running, { drains = true } = {}): Promise<void> {
  let done = false;
  const work = (drains ? running.processor.drain() : running.processor.save()).then(() => done = true);
  while (!done) {
    await engine.clock.advance(250);
    if (await Promise.race([running.ended.then(() => true), Promise.resolve(false)])) break;
  }
  await Promise.race([work, running.ended]);
}
