/**
 * How far a source partition is copied, saved in the log with the copies: everything below was appended.
 * @module
 */
import type { EventLog, KnownPlace, SourcePosition, TopicPartition } from "../../core/ports.ts";
import type { RekeyTarget } from "../rekey_targets.ts";

/** Where the copying of a source partition stands. */
export interface CopyPosition {
  /** Of the source; {@link KnownPlace.nextOffset} is the first record that is not copied. */
  readonly source: KnownPlace;
  /** Of each partition of the internal topic: its incarnation, and an offset that its end is not below. */
  readonly targets: readonly (readonly [incarnation: string, end: number])[];
  /** As in a tick: highest event time copied, append time and run of that record; null where there is none. */
  readonly newest: readonly [eventTimeMs: number, appendTimeMs: number, runId: string | null] | null;
}

const idOf = ({ topic }: RekeyTarget, partition: number): string => `rekey:${topic}:${partition}`;

/** A position to be saved with copies. */
export const savedPosition = (target: RekeyTarget, partition: number, position: CopyPosition): SourcePosition => ({
  id: idOf(target, partition),
  state: position,
});

/** The position that was saved, or null. */
export async function loadCopyPosition(
  log: Pick<EventLog, "loadPosition">,
  target: RekeyTarget,
  partition: number,
): Promise<CopyPosition | null> {
  return await log.loadPosition(idOf(target, partition)) as CopyPosition | null;
}

/** Whether all that the source topic holds is copied. */
export async function isCopied(
  log: Pick<EventLog, "loadPosition" | "endOffsets">,
  target: RekeyTarget,
): Promise<boolean> {
  for (const [partition, end] of (await log.endOffsets(target.contract.topic)).entries()) {
    const position = await loadCopyPosition(log, target, partition);
    if ((position?.source.nextOffset ?? 0) < end) return false;
  }
  return true;
}

/** Where the copying of a partition goes on. */
export interface CopyStart {
  readonly position: CopyPosition;
  /** Partitions that the source has. */
  readonly partitionCount: number;
  /** For people: what was lost or begins anew. */
  readonly notes: readonly string[];
}

/** Finds out where to go on: at the saved position, unless one of the topics is another one than it was. */
export async function findCopyStart(log: EventLog, target: RekeyTarget, at: TopicPartition): Promise<CopyStart> {
  const saved = await loadCopyPosition(log, target, at.partition);
  const incarnation = await log.incarnation(at, saved?.source ?? null);
  const ends = await log.endOffsets(target.topic);
  const targets: [string, number][] = [];
  for (const [partition, end] of ends.entries()) {
    const [known, knownEnd] = saved?.targets[partition] ?? [];
    const place = known === undefined ? null : { incarnation: known, nextOffset: knownEnd ?? 0, witness: null };
    targets.push([await log.incarnation({ topic: target.topic, partition }, place), end]);
  }
  const isSameTarget = saved?.targets.length === targets.length &&
    targets.every(([known], partition) => known === saved.targets[partition]?.[0]);
  const isKept = saved !== null && saved.source.incarnation === incarnation && isSameTarget;
  const [starts, sourceEnds] = [await log.startOffsets(at.topic), await log.endOffsets(at.topic)];
  const start = starts[at.partition] ?? 0;
  const notes: string[] = [];
  if (saved !== null && !isKept) {
    notes.push(`it is copied into ${target.topic} from its beginning: ${isSameTarget ? "it" : "that"} was made anew`);
  }
  if (isKept && start > saved.source.nextOffset) {
    notes.push(
      `the log's retention deleted offsets ${saved.source.nextOffset} to ${start} before they were copied into ` +
        `${target.topic}: they are lost; read faster than the log forgets, or keep it longer`,
    );
  }
  const position = isKept
    ? { ...saved, source: { ...saved.source, nextOffset: Math.max(saved.source.nextOffset, start) }, targets }
    : { source: { incarnation, nextOffset: start, witness: null }, targets, newest: null };
  return { position, partitionCount: sourceEnds.length, notes };
}
