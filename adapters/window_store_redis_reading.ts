/**
 * Reading hot state from Redis: in one step where it is small, in portions where one step would keep everybody else
 * waiting.
 * @module
 */
import type { Redis } from "ioredis";
import type { StoredSlice } from "../core/ports.ts";
import { type PartKeys, sliceOf } from "./window_store_redis_layout.ts";
import { readScript } from "./window_store_redis_scripts.ts";

/** Times that portions are read anew because of a change meanwhile; then all is read in one step, whatever its size. */
const PORTION_TRIES_MAX = 3;

/** One partition's state as of one moment. */
export interface ReadPart<Field extends string> {
  readonly fields: Readonly<Record<Field, string | null>>;
  readonly slices: readonly StoredSlice[];
}

/** What {@link readScript} answers. */
type Answer = [
  fields: (string | null)[],
  overlay: string | null,
  size: number,
  overlaySize: number,
  slices?: string[],
  overlaySlices?: string[],
];

/** What to read. */
export interface ReadOptions<Field extends string> {
  /** Fields of meta. */
  readonly names: readonly Field[];
  /** Slices that are read in one step; more come in portions of this size. */
  readonly portionSlices: number;
}

/** Reads the slices and the named fields of meta. */
export async function readPart<Field extends string>(
  redis: Redis,
  keys: PartKeys,
  { names, portionSlices }: ReadOptions<Field>,
): Promise<ReadPart<Field>> {
  // The stamp comes along: it tells whether a change came between two looks.
  const asked = ["writer", "write", ...names];
  const look = async (slicesMax: number) =>
    await readScript.run(redis, [keys.meta, keys.slices], [slicesMax, ...asked]) as Answer;
  let answer = await look(portionSlices);
  for (let tries = 0; answer[4] === undefined; tries++) {
    if (tries === PORTION_TRIES_MAX) {
      answer = await look(-1);
      break;
    }
    const read = await readPortions(redis, keys, { overlay: answer[1], portionSlices });
    const before = answer;
    answer = await look(0);
    const same = isSame(before, answer) && read.slices.size === before[2] && read.overlay.size === before[3];
    if (same) return { fields: fieldsOf(names, answer), slices: merged(read.slices, read.overlay) };
  }
  return { fields: fieldsOf(names, answer), slices: merged(pairsOf(answer[4]), pairsOf(answer[5])) };
}

/** Whether neither a change nor a merge of the overlay came between two looks. */
const isSame = (a: Answer, b: Answer) =>
  a[0][0] === b[0][0] && a[0][1] === b[0][1] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];

const fieldsOf = <Field extends string>(names: readonly Field[], [values]: Answer) =>
  Object.fromEntries(names.map((name, i) => [name, values[i + 2] ?? null])) as Record<Field, string | null>;

async function readPortions(
  redis: Redis,
  { slices }: PartKeys,
  { overlay, portionSlices }: { readonly overlay: string | null; readonly portionSlices: number },
) {
  const none = () => new Map<string, string>();
  return {
    slices: await readHash(redis, slices, portionSlices),
    overlay: overlay === null ? none() : await readHash(redis, `${slices}:${overlay}`, portionSlices),
  };
}

async function readHash(redis: Redis, key: string, portionSlices: number): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let cursor = "0";
  do {
    const [next, texts] = await redis.hscan(key, cursor, "COUNT", portionSlices);
    for (const [field, state] of pairsOf(texts)) found.set(field, state);
    cursor = next;
  } while (cursor !== "0");
  return found;
}

function pairsOf(texts: readonly string[] = []): Map<string, string> {
  const pairs = new Map<string, string>();
  for (let i = 0; i < texts.length; i += 2) pairs.set(texts[i]!, texts[i + 1]!);
  return pairs;
}

/** The overlay wins; an empty state there means that the slice was dropped. */
function merged(slices: Map<string, string>, overlay: ReadonlyMap<string, string>): StoredSlice[] {
  for (const [field, state] of overlay) {
    if (state === "") slices.delete(field);
    else slices.set(field, state);
  }
  return [...slices].map(([field, state]) => sliceOf(field, state));
}
