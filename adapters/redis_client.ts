/**
 * One connection to a Redis server that is made anew when it breaks. What is asked of it waits while the server is away
 * and is repeated, so that a restart of some seconds ends nothing; after a stated time it fails with the fix.
 *
 * Each connection is an ioredis client of its own that never reconnects by itself: what runs on it runs on one TCP
 * connection or fails, so that nothing is half read from a server and half from the one that came after it.
 * @module
 */
import { Redis } from "ioredis";
import type { Clock, Random } from "../core/clock.ts";
import type { RedisConfig, RedisServer } from "../core/config/redis.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { failureOf, isAnswer, isPassing, wantsNewConnection } from "./redis_failure.ts";

/** How long an operation waits for a server that is away, unless told otherwise. */
export const AWAY_MS_MAX = 60_000;

/** How long the first connection is tried for. */
const START_MS_MAX = 10_000;

/** An operation that is not answered within this has its connection closed: the server, or the way to it, hangs. */
const ANSWER_MS_MAX = 10_000;

const CONNECT_MS_MAX = 5_000;

/** How long a connection may take to say goodbye. */
const GOODBYE_MS_MAX = 500;

/** Delay before another try: doubles from the first to the last, less up to half of it by chance. */
const RETRY_MS_FIRST = 50;
const RETRY_MS_MAX = 1_000;

/** An operation that has waited for so long is worth a note. */
const NOTE_AFTER_MS = 1_000;

/** Operations under way at once; one more is refused. */
export const OPERATIONS_MAX = 10_000;

/** How to reach a server. */
export interface RedisClientOptions {
  /** Where the server is, and whom to trust. */
  readonly config: RedisConfig & { readonly server: RedisServer };
  /** Whose connection it is, for notes and for CLIENT LIST: `windows`, `live`. */
  readonly name: string;
  readonly clock: Clock;
  /** Spreads the retries of many processes. */
  readonly random: Random;
  /** Told once when operations begin to wait for the server, and once when it is back. */
  readonly onNote: (note: string) => void;
  /** How long an operation waits for a server that is away; default {@link AWAY_MS_MAX}. */
  readonly awayMsMax?: number;
  /** How long a server may keep an answer back; default 10 s. */
  readonly answerMsMax?: number;
}

/** Bounds of one operation, in place of the client's. */
export interface OperationLimits {
  /** How long it waits for a server that is away. */
  readonly awayMsMax?: number;
  /** How long one run of it may take. */
  readonly answerMsMax?: number;
}

/** What a client did, since it was made. */
export interface RedisCounts {
  /** Connections that came to stand. */
  connections: number;
  /** Times that an operation was tried again. */
  retries: number;
  /** Operations that were given up after {@link RedisClientOptions.awayMsMax}. */
  givenUp: number;
  /** Operations refused because too many were under way. */
  refused: number;
}

/** What went wrong with the server, by kind. */
export const redisTroubles = ({ connections, retries, givenUp, refused }: Readonly<RedisCounts>) => ({
  reconnects: Math.max(0, connections - 1),
  retries,
  given_up: givenUp,
  refused,
});

/** A connection that heals. Disposing closes it; what waits is rejected. */
export class RedisClient implements AsyncDisposable {
  /** Since it was made. */
  readonly counts: RedisCounts = { connections: 0, retries: 0, givenUp: 0, refused: 0 };
  readonly #options: RedisClientOptions;
  readonly #tls: { readonly ca?: string } | undefined;
  readonly #closed = new AbortController();
  #live: Redis | null = null;
  #connecting: Promise<Redis> | null = null;
  /** The connection being made or in use. */
  #current: Redis | null = null;
  /** Connections that say goodbye. */
  readonly #closing = new Set<Promise<void>>();
  /** Failed attempts in a row, what the last said, and when the next may begin. */
  #failures = 0;
  #lastFailure: unknown;
  #nextAttemptMs = 0;
  #operations = 0;
  #awaySinceMs: number | null = null;

  private constructor(options: RedisClientOptions, ca: string | undefined) {
    this.#options = options;
    this.#tls = options.config.server.tls ? { ...ca === undefined ? {} : { ca } } : undefined;
  }

  /** A client that connects when it is first used. */
  static async create(options: RedisClientOptions): Promise<RedisClient> {
    return new RedisClient(options, await readCertificates(options.config.caFile));
  }

  /**
   * Connects. A server that does not answer is given 10 s, or less where operations wait less.
   *
   * @throws {UserError} when it cannot be reached, or refuses the password, the database or the certificate.
   */
  static async connect(options: RedisClientOptions): Promise<RedisClient> {
    const client = await RedisClient.create(options);
    try {
      const awayMsMax = Math.min(options.awayMsMax ?? AWAY_MS_MAX, START_MS_MAX);
      await client.run("connect", (redis) => redis.ping(), { awayMsMax });
      return client;
    } catch (error) {
      await client[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** `host:port`. */
  get address(): string {
    const { host, port } = this.#options.config.server;
    return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  }

  /**
   * Runs `body` on a connection, and again from its beginning when the connection breaks or the server cannot answer for
   * now: it must be safe to repeat, whether or not the server has carried it out. `what` completes "Cannot … on Redis".
   *
   * @throws {UserError} when the server refuses, or was away for too long.
   */
  async run<T>(
    what: string,
    body: (redis: Redis) => Promise<T>,
    limits: OperationLimits = {},
  ): Promise<T> {
    if (this.#operations >= OPERATIONS_MAX) {
      this.counts.refused++;
      throw new Error(`Cannot ${what} on Redis: ${OPERATIONS_MAX} operations are under way`);
    }
    this.#operations++;
    try {
      return await this.#repeat(what, body, limits);
    } finally {
      this.#operations--;
    }
  }

  async #repeat<T>(what: string, body: (redis: Redis) => Promise<T>, limits: OperationLimits): Promise<T> {
    const { clock } = this.#options;
    const awayMsMax = limits.awayMsMax ?? this.#options.awayMsMax ?? AWAY_MS_MAX;
    const beganMs = clock.nowMs();
    for (let tries = 0;; tries++) {
      let redis: Redis | undefined;
      try {
        if (this.#closed.signal.aborted) break;
        redis = await this.#connection();
        const result = await this.#answered(redis, body, limits.answerMsMax);
        this.#noteBack();
        return result;
      } catch (error) {
        if (this.#closed.signal.aborted) break;
        if (redis !== undefined && wantsNewConnection(error)) this.#drop(redis);
        const waitedMs = clock.nowMs() - beganMs;
        if (!isPassing(error) || waitedMs >= awayMsMax) {
          if (isPassing(error)) this.counts.givenUp++;
          throw failureOf(error, { what, address: this.address, server: this.#options.config.server, waitedMs });
        }
        if (waitedMs >= NOTE_AFTER_MS) this.#noteAway(error, awayMsMax);
        this.counts.retries++;
        await clock.sleep(this.#delayMs(tries), this.#closed.signal);
      }
    }
    throw new Error(`Cannot ${what} on Redis: the connection is closed`);
  }

  /** What `body` gives; it fails with its connection where the server keeps silent for too long. */
  async #answered<T>(redis: Redis, body: (redis: Redis) => Promise<T>, limitMs?: number): Promise<T> {
    const answerMsMax = limitMs ?? this.#options.answerMsMax ?? ANSWER_MS_MAX;
    const over = new AbortController();
    const silence = this.#options.clock.sleep(answerMsMax, over.signal).then(() => {
      if (!over.signal.aborted) this.#drop(redis);
      throw new Error(`no answer within ${answerMsMax / 1_000} s`);
    });
    // The one that loses the race fails, with its connection or with the abort, and nobody waits for it.
    silence.catch(() => {});
    const answer = body(redis);
    answer.catch(() => {});
    try {
      return await Promise.race([answer, silence]);
    } finally {
      over.abort();
    }
  }

  #delayMs(tries: number): number {
    const delayMs = Math.min(RETRY_MS_FIRST * 2 ** Math.min(tries, 20), RETRY_MS_MAX);
    return Math.ceil(delayMs * (1 - this.#options.random.next() / 2));
  }

  /** The connection that stands, or a new one; all who ask meanwhile share one attempt. */
  #connection(): Promise<Redis> {
    if (this.#live?.status === "ready") return Promise.resolve(this.#live);
    if (this.#connecting !== null) return this.#connecting;
    if (this.#options.clock.nowMs() < this.#nextAttemptMs) return Promise.reject(this.#lastFailure);
    return this.#connecting = this.#attempt().finally(() => this.#connecting = null);
  }

  async #attempt(): Promise<Redis> {
    const { config: { server }, clock } = this.#options;
    const redis = this.#current = new Redis({
      host: server.host,
      port: server.port,
      ...this.#tls === undefined ? {} : { tls: this.#tls },
      connectTimeout: CONNECT_MS_MAX,
      disconnectTimeout: GOODBYE_MS_MAX,
      lazyConnect: true,
      enableOfflineQueue: false,
      // It would ask INFO, which a user may lack the right to, and says so on the terminal.
      enableReadyCheck: false,
      disableClientInfo: true,
      // Waiting and repeating is done by run().
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
    });
    let cause: unknown;
    redis.on("error", (error: unknown) => cause = error);
    try {
      await redis.connect();
      // Done here, since ioredis by itself would go on in database 0 where the right one cannot be had.
      await this.#answered(redis, async () => {
        if (server.credentials !== null) await redis.auth(server.credentials.user, server.credentials.password);
        if (server.database !== 0) await redis.select(server.database);
        // By ioredis itself, a connection that breaks during this would count as ready for ever. It is a courtesy only.
        await redis.client("SETNAME", `tidemark-${this.#options.name}`).catch((error) => {
          if (!isAnswer(error)) throw error;
        });
      });
    } catch (error) {
      // The socket's error says more than "Connection is closed.", a server's answer says most.
      const failure = isAnswer(error) ? error : cause ?? error;
      this.#lastFailure = failure;
      this.#nextAttemptMs = clock.nowMs() + this.#delayMs(this.#failures++);
      this.#drop(redis);
      throw failure;
    }
    this.#failures = 0;
    this.counts.connections++;
    return this.#live = redis;
  }

  #drop(redis: Redis): void {
    if (this.#live === redis) this.#live = null;
    if (redis.status === "end") return;
    const closing = closeConnection(redis).finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  #noteAway(error: unknown, awayMsMax: number): void {
    if (this.#awaySinceMs !== null) return;
    this.#awaySinceMs = this.#options.clock.nowMs();
    const limit = awayMsMax === Infinity ? "" : ` for up to ${awayMsMax / 1_000} s`;
    this.#options.onNote(`Redis at ${this.address} (${this.#options.name}) is waited for${limit}: ${messageOf(error)}`);
  }

  #noteBack(): void {
    if (this.#awaySinceMs === null) return;
    this.#awaySinceMs = null;
    this.#options.onNote(`Redis at ${this.address} (${this.#options.name}) is back`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    if (this.#current !== null) this.#drop(this.#current);
    // An attempt that is only now told of its end.
    await this.#connecting?.catch(() => {});
    await Promise.all(this.#closing);
  }
}

/** Closes a connection and waits until its socket is gone. */
async function closeConnection(redis: Redis): Promise<void> {
  if (redis.status === "end") return;
  const ended = Promise.withResolvers<void>();
  redis.once("end", ended.resolve);
  // ioredis destroys a socket that does not close, which is the end of it whether or not it is told.
  const timer = setTimeout(ended.resolve, 2 * GOODBYE_MS_MAX);
  redis.disconnect();
  await ended.promise;
  clearTimeout(timer);
}

async function readCertificates(caFile: string | undefined): Promise<string | undefined> {
  if (caFile === undefined) return undefined;
  try {
    return await Deno.readTextFile(caFile);
  } catch (error) {
    throw new UserError("usage", {
      cause: `Cannot read REDIS_CA_FILE ${caFile}: ${messageOf(error)}`,
      fix: "name a PEM file with the authority's certificates that this user may read",
    }, { cause: error });
  }
}
