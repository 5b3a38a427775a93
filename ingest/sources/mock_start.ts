/**
 * How mock sources begin: from which seed, when, and with which part of the streams or symbols.
 * @module
 */
import { UserError } from "../../core/errors.ts";
import { shardOf, wholeShard } from "../sharding.ts";
import type { SourceContext } from "../source.ts";

/** The seed of a mock source and its first moment. */
export function mockStart({ config: { mock }, clock, random }: SourceContext): { seed: number; startMs: number } {
  return { seed: mock.seed ?? Math.floor(random.next() * 2 ** 32), startMs: Math.floor(clock.nowMs()) };
}

/**
 * The streams or symbols that are this producer's.
 *
 * @throws {UserError} when none is left for it.
 */
export function ownStreams({ shard = wholeShard }: SourceContext, all: readonly string[]): readonly string[] {
  const own = shardOf(all, shard);
  if (own.length > 0) return own;
  throw new UserError("usage", {
    cause: `Cannot make events: ${all.length} names are shared by ${shard.total} producers, none is left for number ` +
      `${shard.index}`,
    fix: "name more in PRODUCER_CHANNELS or BINANCE_SYMBOLS, or lower TOTAL_PRODUCERS",
  });
}
