/**
 * Whether an event would be late, judged by the stored watermarks: asked before a replay is sent.
 * @module
 */
import type { CheckedEvent, EventBase, EventContract } from "../core/events/contract.ts";
import { partitionOf } from "../core/partitioner.ts";
import type { Progress, TopicPartition, TopicSpec } from "../core/ports.ts";
import { isSliceExpired, sliceStart } from "../core/window.ts";
import { keyOf } from "./engine/record_reader.ts";
import type { Pipeline } from "./pipeline.ts";

/** What the judgement goes by. */
export interface LatenessOptions {
  readonly pipelines: readonly Pipeline[];
  readonly topics: readonly TopicSpec[];
  readonly progress: readonly (Progress & TopicPartition)[];
}

/** Whether every pipeline of an event's topic would find it late; false where no pipeline reads the topic. */
export function latenessJudge(
  { pipelines, topics, progress }: LatenessOptions,
): (contract: EventContract, checked: CheckedEvent<EventBase>) => boolean {
  const partitions = new Map(topics.map((spec) => [spec.topic, spec.partitions]));
  const watermarks = new Map(
    progress.map((p) => [`${p.pipeline}/${p.topic}/${p.partition}`, p.idleWatermarkMs ?? p.watermarkMs]),
  );
  return (contract, { event, eventTimeMs }) => {
    const readers = pipelines.filter((pipeline) => pipeline.contract.topic === contract.topic);
    return readers.length > 0 && readers.every(({ name, topic, keyField, lookup, window, allowedLatenessMs }) => {
      const count = partitions.get(topic) ?? contract.partitions;
      // What a lookup will say is not known: it is late where it would be so in every partition.
      const isKeyKnown = !lookup?.fields.includes(keyField);
      const places = isKeyKnown ? [partitionOf(keyOf(event, keyField), count)] : Array.from({ length: count }).keys();
      const watermarkMs = Math.min(
        ...[...places].map((partition) => watermarks.get(`${name}/${topic}/${partition}`) ?? -Infinity),
      );
      // A session that is still open may yet take such an event in: one that opens a session of its own is asked for.
      if (window.kind === "session") return eventTimeMs + window.gapMs + allowedLatenessMs <= watermarkMs;
      const sliceStartMs = sliceStart(window, eventTimeMs);
      return isSliceExpired(window, { sliceStartMs, watermarkMs, allowedLatenessMs });
    });
  };
}
