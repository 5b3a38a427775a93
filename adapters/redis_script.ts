/**
 * Lua scripts on Redis: sent by their digest, and whole where the server does not know them, as after a restart or
 * SCRIPT FLUSH.
 * @module
 */
import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { isAnswer } from "./redis_failure.ts";

/** A script; its keys and arguments come with each call. */
export class RedisScript {
  readonly #lua: string;
  readonly #digest: string;

  constructor(lua: string) {
    this.#lua = lua;
    this.#digest = createHash("sha1").update(lua).digest("hex");
  }

  /** Runs it as one atomic step. Texts come back as strings, integers as numbers, nil as null. */
  async run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.#digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!isAnswer(error) || !error.message.startsWith("NOSCRIPT")) throw error;
      return await redis.eval(this.#lua, keys.length, ...keys, ...args);
    }
  }
}
