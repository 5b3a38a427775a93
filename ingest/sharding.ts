/**
 * Sharding: which part of a data set or of a list of symbols one of several producers sends.
 *
 * A part is what has an index ≡ the producer's number modulo their total, so that the parts of all producers together
 * are everything, and no two hold the same. The index is a place in an order that each producer finds for itself: that
 * of the configured list, or for a data set that of its symbols sorted by code point.
 * @module
 */
import { UserError } from "../core/errors.ts";
import type { ShardingConfig } from "../core/config/sharding.ts";
import { compareCodePoints } from "../core/text.ts";

/** One of several producers. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  /** How many there are. */
  readonly total: number;
}

/** The one producer that does everything. */
export const wholeShard: Shard = { index: 0, total: 1 };

/** How a producer learns what it is called. */
export interface ShardNames {
  /** Name of the host: `producer-2` in a StatefulSet. */
  hostName(): string;
  /** Names that the network knows the own address by: `app-producer-3.app_default` in Compose. */
  reverseNames(): Promise<readonly string[]>;
}

/**
 * Finds out which producer this is: PRODUCER_INDEX, else `-<n>` at the end of the host's name (a StatefulSet counts
 * from 0), else `-<n>` of the name of the own address (Compose counts its replicas from 1), modulo the total.
 *
 * @throws {UserError} when none of them says it, or the host's number is not below the total.
 */
export async function resolveShard(
  { totalProducers: total, producerIndex }: ShardingConfig,
  names: ShardNames,
): Promise<Shard> {
  if (total === 1) return wholeShard;
  if (producerIndex !== null) return { index: producerIndex, total };
  const host = firstLabel(names.hostName());
  const ordinal = endNumber(host);
  if (ordinal !== null) {
    if (ordinal < total) return { index: ordinal, total };
    throw refusal(`the host's name ${host} ends with ${ordinal}, which is not below TOTAL_PRODUCERS=${total}`);
  }
  const reverse = (await names.reverseNames()).map(firstLabel);
  for (const name of reverse) {
    const replica = endNumber(name);
    if (replica !== null) return { index: replica % total, total };
  }
  const seen = [host, ...reverse].filter((name) => name !== "").join(", ") || "none";
  throw refusal(`TOTAL_PRODUCERS is ${total}, and no name of this host ends with -<number> (names: ${seen})`);
}

const refusal = (cause: string): UserError =>
  new UserError("usage", {
    cause: `Cannot tell which producer this is: ${cause}`,
    fix: "set PRODUCER_INDEX to 0, 1, … below TOTAL_PRODUCERS, another one for each producer",
  });

const firstLabel = (name: string): string => name.split(".", 1)[0] ?? "";

function endNumber(name: string): number | null {
  const match = /-(\d{1,9})$/.exec(name);
  return match ? Number(match[1]) : null;
}

/** The items of a list that are this producer's, by their place in it. */
export const shardOf = <T>(list: readonly T[], { index, total }: Shard): readonly T[] =>
  total === 1 ? list : list.filter((_, place) => place % total === index);

/** The keys of a data set that are this producer's, by their place among all of them, sorted by code point. */
export const shardOfKeys = (keys: Iterable<string>, shard: Shard): ReadonlySet<string> =>
  new Set(shardOf([...new Set(keys)].sort(compareCodePoints), shard));

/**
 * The names of a list that are this producer's.
 *
 * @throws {UserError} where none is left for it; `variables` are those that name the list.
 */
export function ownNames(all: readonly string[], shard: Shard, variables: string): readonly string[] {
  const own = shardOf(all, shard);
  if (own.length > 0) return own;
  throw new UserError("usage", {
    cause: `Cannot make events: ${all.length} names are shared by ${shard.total} producers, none is left for number ` +
      `${shard.index}`,
    fix: `name more in ${variables}, or lower TOTAL_PRODUCERS`,
  });
}
