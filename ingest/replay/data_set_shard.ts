/**
 * One producer's part of a data set: the lines of its symbols, by the symbols' places among all of the data set's, sorted
 * by code point. Each producer finds the same places by itself, in a scan of the whole data set.
 * @module
 */
import { UserError } from "../../core/errors.ts";
import { printable } from "../../core/text.ts";
import { type Shard, shardOfKeys } from "../sharding.ts";
import type { Decoded } from "../source.ts";
import { ignored } from "../sources/outcome.ts";
import type { RecordedInput } from "./recorded_input.ts";
import { type RecordedLine, visitLines } from "./recorded_stream.ts";

/** Symbols that a data set may have. */
const KEYS_MAX = 1_000_000;

/** What a producer makes of a line: its outcome, or that it is another one's. */
export type TakeLine = (line: RecordedLine) => Decoded;

/** A producer that takes every line. */
export const takeAll: TakeLine = ({ decoded }) => decoded;

/**
 * Reads the keys of a data set and gives a producer its part of it. Lines without a key (dead and ignored ones) are
 * dealt out by their number.
 *
 * @throws {UserError} when the data set has too many keys.
 */
export async function takePart(inputs: readonly RecordedInput[], shard: Shard): Promise<TakeLine> {
  if (shard.total === 1) return takeAll;
  const keys = new Set<string>();
  for (const input of inputs) {
    await visitLines(input, ({ head }) => {
      const key = keyOf(head!.decoded);
      if (key !== undefined) keys.add(key);
      return keys.size <= KEYS_MAX;
    });
  }
  if (keys.size > KEYS_MAX) {
    throw new UserError("usage", {
      cause: `Cannot share the data set among ${shard.total} producers: it has more than ${KEYS_MAX} symbols`,
      fix: "set TOTAL_PRODUCERS=1, or give each producer files of its own",
    });
  }
  const own = shardOfKeys(keys, shard);
  const others = ignored(OTHER_PRODUCER);
  return ({ decoded, line }) => {
    const key = keyOf(decoded);
    if (key === undefined) return line % shard.total === shard.index ? decoded : others;
    if (own.has(key)) return decoded;
    if (keys.has(key)) return others;
    throw new UserError("usage", {
      cause: `Cannot go on with the data set: "${printable(key)}" was not in it when its symbols were read`,
      fix: "replay files that nobody writes to",
    });
  };
}

/** What `ignored_kinds` calls the lines that another producer sends. */
export const OTHER_PRODUCER = "other_producer";

function keyOf(decoded: Decoded): string | undefined {
  if (decoded.kind !== "events") return undefined;
  const [first] = decoded.events;
  if (first === undefined) return undefined;
  const key = (first.value as Readonly<Record<string, unknown>> | null)?.[first.contract.keyField];
  return typeof key === "string" ? key : undefined;
}
