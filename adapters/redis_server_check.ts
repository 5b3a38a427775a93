/**
 * What a Redis server must be for us: new enough, and never allowed to evict keys on its own.
 * @module
 */
import type { Redis } from "ioredis";
import { UserError } from "../core/errors.ts";
import type { RedisClient } from "./redis_client.ts";
import { isAnswer, isPassing } from "./redis_failure.ts";

/** Scripts that read what chance or the clock decides and then write need it. Valkey calls itself 7.2. */
const MAJOR_VERSION_MIN = 7;

/**
 * Checks version and `maxmemory-policy`. Servers that tell neither, as some managed ones, are taken on trust with a note.
 *
 * @throws {UserError} when the server is too old, or may drop open windows when its memory is full.
 */
export async function checkRedisServer(client: RedisClient, onNote: (note: string) => void): Promise<void> {
  const { version, policy } = await client.run("look at the settings", async (redis) => ({
    version: infoField(await askedOrNull(() => redis.info("server")), "redis_version"),
    policy: await policyOf(redis),
  }));
  if (version !== undefined && parseInt(version) < MAJOR_VERSION_MIN) {
    throw new UserError("unavailable", {
      cause: `Cannot use Redis at ${client.address}: it is version ${version}`,
      fix: `use Redis ${MAJOR_VERSION_MIN}.0 or later, or Valkey`,
    });
  }
  if (policy === undefined) {
    onNote(`Redis at ${client.address} does not tell its maxmemory-policy: make sure that it is noeviction`);
  } else if (policy !== "noeviction") {
    throw new UserError("unavailable", {
      cause: `Cannot use Redis at ${client.address}: its maxmemory-policy is ${policy}, which may drop open windows`,
      fix: "set it to noeviction: `redis-cli CONFIG SET maxmemory-policy noeviction`, and the same in redis.conf",
    });
  }
}

/** By CONFIG where it is allowed, else by INFO. */
async function policyOf(redis: Redis): Promise<string | undefined> {
  const found = await askedOrNull(() => redis.config("GET", "maxmemory-policy")) as string[] | null;
  return found?.[1] ?? infoField(await askedOrNull(() => redis.info("memory")), "maxmemory_policy");
}

/** Null where the server does not allow or know the command. */
async function askedOrNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (isAnswer(error) && !isPassing(error) && !error.message.startsWith("NOAUTH")) return null;
    throw error;
  }
}

function infoField(info: string | null, name: string): string | undefined {
  return info?.split(/\r?\n/).find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1);
}
