/**
 * Samples by hash: of all that was seen, those whose hash is lowest. Which these are follows from the set alone, so that
 * slices can be merged in any order, and two samples of overlapping sets agree on what they have in common.
 * Source: bottom-k sketches, Cohen, Kaplan, "Summarizing data using bottom-k sketches", 2007; the number of different
 * texts from the k-th lowest hash: Bar-Yossef et al., "Counting distinct elements in a data stream", 2002.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";
import { hashText } from "../../core/hash.ts";
import { type Metric, metric } from "./metric.ts";

const SAMPLE_MAX = 1_000;
const HASHES = 2 ** 32;

/** How many, and by what they are drawn. */
export interface SampleOptions<E> {
  /** How many texts are kept. At most 1,000. */
  readonly max: number;
  /** What is hashed: the event's id draws events, each as likely as another. Default: that. */
  readonly by?: (event: E) => string;
}

/** State: what has the lowest hashes, lowest first. */
interface Sample {
  hashes: number[];
  texts: string[];
}

/** Where a hash stands among those that are kept; −1 where it is none of the lowest, or is there already. */
function placeOf(hashes: readonly number[], hash: number, max: number): number {
  if (hashes.length === max && hash >= hashes[max - 1]!) return -1;
  let [low, high] = [0, hashes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (hashes[middle]! < hash) low = middle + 1;
    else high = middle;
  }
  return hashes[low] === hash ? -1 : low;
}

/**
 * Texts of up to `max` events, drawn evenly from all: what people say at that moment, without its order.
 *
 * @throws {RangeError} when `max` is not from 1 to 1,000.
 *
 * @example
 * ```ts
 * import type { ChatEvent } from "../../core/events/chat.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const events = ["a", "b"].map((message) => ({ event_id: message, message }) as ChatEvent);
 * const some = valueOver(sampleOf<ChatEvent>((event) => event.message, { max: 1 }), events) as string[];
 * if (some.length !== 1) throw new Error("one of two");
 * ```
 */
export function sampleOf<E extends EventBase>(
  of: (event: E) => string | undefined,
  { max, by = ({ event_id }) => event_id }: SampleOptions<E>,
): Metric<E> {
  checkMax(max);
  const insert = ({ hashes, texts }: Sample, hash: number, text: string) => {
    const place = placeOf(hashes, hash, max);
    if (place < 0) return;
    hashes.splice(place, 0, hash);
    texts.splice(place, 0, text);
    if (hashes.length <= max) return;
    hashes.pop();
    texts.pop();
  };
  return metric<E, Sample>({
    kind: `sample(${max})`,
    version: 1,
    column: "json",
    zero: () => ({ hashes: [], texts: [] }),
    add: (state, event) => {
      const text = of(event);
      if (text !== undefined) insert(state, hashText(by(event), 0), text);
    },
    merge: (into, from) => from.hashes.forEach((hash, i) => insert(into, hash, from.texts[i]!)),
    result: ({ texts }) => [...texts],
    encode: ({ hashes, texts }) => [[...hashes], [...texts]],
    decode: (json) => {
      const [hashes, texts] = json as [number[], string[]];
      return { hashes, texts };
    },
  });
}

/**
 * The lowest hashes of the different values of a text: a signature of a set, to be compared with others of its kind.
 *
 * @throws {RangeError} when `max` is not from 1 to 1,000.
 *
 * @example
 * ```ts
 * import type { ChatEvent } from "../../core/events/chat.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const events = ["ann", "bob", "ann"].map((user_id) => ({ user_id }) as ChatEvent);
 * const people = valueOver(signatureOf<ChatEvent>((event) => event.user_id, { max: 64 }), events) as number[];
 * if (distinctOfSignature(people, 64) !== 2) throw new Error("two people");
 * ```
 */
export function signatureOf<E extends EventBase>(
  of: (event: E) => string | undefined,
  { max }: { readonly max: number },
): Metric<E> {
  checkMax(max);
  const insert = (hashes: number[], hash: number) => {
    const place = placeOf(hashes, hash, max);
    if (place < 0) return;
    hashes.splice(place, 0, hash);
    if (hashes.length > max) hashes.pop();
  };
  return metric<E, number[]>({
    kind: `signature(${max})`,
    version: 1,
    column: "json",
    zero: () => [],
    add: (state, event) => {
      const text = of(event);
      if (text !== undefined) insert(state, hashText(text, 0));
    },
    merge: (into, from) => from.forEach((hash) => insert(into, hash)),
    result: (state) => [...state],
    encode: (state) => [...state],
    decode: (json) => json as number[],
  });
}

/** How many different texts a signature was made of: exact below `max`, beyond it ± 1 / √(max − 2) of it. */
export const distinctOfSignature = (hashes: readonly number[], max: number): number =>
  hashes.length < max ? hashes.length : (max - 1) * HASHES / (hashes[max - 1]! + 1);

function checkMax(max: number): void {
  if (max >= 1 && max <= SAMPLE_MAX) return;
  throw new RangeError(`Cannot keep a sample of ${max}: max must be from 1 to ${SAMPLE_MAX.toLocaleString("en")}`);
}
