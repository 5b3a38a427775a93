/**
 * How hot state lies in Redis: names of keys, how texts stand in them, and how a change is cut into scripts.
 * docs/redis_keys.md tells it to other programs.
 * @module
 */
import type { StoredSlice, WindowChange } from "../core/ports.ts";

/** Keys of one pipeline's partition. The braces keep them on one node of a cluster. */
export interface PartKeys {
  /** Hash: epoch, nextOffset and what else comes with a change. */
  readonly meta: string;
  /** Hash `<sliceStartMs>|<key>` → state. */
  readonly slices: string;
  /** Hash `<key>` → JSON array of the starts of its slices. */
  readonly keys: string;
}

/** Names the keys of one pipeline's partition. */
export function partKeys(prefix: string, pipeline: string, partition: number | string): PartKeys {
  const base = `${prefix}:windows:{${pipeline}:${partition}}`;
  return { meta: `${base}:meta`, slices: `${base}:slices`, keys: `${base}:keys` };
}

/** Set of the partitions of a pipeline that were ever written. */
export const partitionsKey = (prefix: string, pipeline: string): string => `${prefix}:windows:${pipeline}:partitions`;

/**
 * A slice's key as it stands in Redis: itself, or, since UTF-8 has no lone surrogates, NUL and its JSON text. A key that
 * begins with NUL goes the same way, so that both are told apart.
 */
export const keyToText = (key: string): string =>
  key.isWellFormed() && !key.startsWith("\0") ? key : `\0${JSON.stringify(key)}`;

/** The key that {@link keyToText} was given. */
export const keyOfText = (text: string): string => (text.startsWith("\0") ? JSON.parse(text.slice(1)) : text);

/** A state as it stands in Redis. In JSON a surrogate may stand in a string only, where an escape says the same. */
function stateToText(state: string): string {
  if (state === "") throw new TypeError("Cannot store a slice: its state is empty, which is no JSON");
  if (state.isWellFormed()) return state;
  return state.replace(/\p{Surrogate}/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
}

/** A slice by its field and state. */
export function sliceOf(field: string, state: string): StoredSlice {
  const bar = field.indexOf("|");
  return { key: keyOfText(field.slice(bar + 1)), sliceStartMs: Number(field.slice(0, bar)), state };
}

/** Slices of a change that fit one script. */
export interface SliceChunk {
  /** Per key its name, the number of slices, then start and state of each; an empty state drops the slice. */
  readonly args: readonly (string | number)[];
  readonly slices: number;
}

/** Bounds of one script: what it may hold of slices, and of UTF-16 units of text. */
export interface ChunkLimits {
  readonly slicesMax: number;
  readonly unitsMax: number;
}

/** Cuts a change's slices into chunks; a slice that is too big for one makes a chunk of its own. */
export function chunksOf(change: Pick<WindowChange, "changed" | "dropped">, limits: ChunkLimits): SliceChunk[] {
  const chunks: SliceChunk[] = [];
  let args: (string | number)[] = [];
  let [slices, units] = [0, 0];
  const flush = () => {
    if (slices > 0) chunks.push({ args, slices });
    [args, slices, units] = [[], 0, 0];
  };
  for (const [key, states] of byKey(change)) {
    /** Where the number of this key's slices stands; -1 until the chunk has one. */
    let countAt = -1;
    for (const [startMs, state] of states) {
      const size = key.length + state.length + 24;
      if (slices > 0 && (slices >= limits.slicesMax || units + size > limits.unitsMax)) {
        flush();
        countAt = -1;
      }
      if (countAt === -1) countAt = args.push(key, 0) - 1;
      args.push(startMs, state);
      args[countAt] = Number(args[countAt]) + 1;
      slices++;
      units += size;
    }
  }
  flush();
  return chunks;
}

/** Each slice once, by key; a slice that is both dropped and changed is changed. */
function byKey({ changed, dropped }: Pick<WindowChange, "changed" | "dropped">): Map<string, Map<number, string>> {
  const keys = new Map<string, Map<number, string>>();
  const put = (key: string, sliceStartMs: number, state: string) => {
    const text = keyToText(key);
    let states = keys.get(text);
    if (states === undefined) keys.set(text, states = new Map());
    states.set(sliceStartMs, state);
  };
  for (const { key, sliceStartMs } of dropped) put(key, sliceStartMs, "");
  for (const { key, sliceStartMs, state } of changed) put(key, sliceStartMs, stateToText(state));
  return keys;
}
