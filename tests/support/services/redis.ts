/**
 * A real Redis for tests: the one that TIDEMARK_TEST_REDIS names, or one started here from installed programs.
 * @module
 */
import { Redis } from "ioredis";
import { parseRedisUrl, type RedisConfig, type RedisServer } from "../../../core/config/redis.ts";
import { type Certificate, makeCertificate, missingOpenssl } from "./certificate.ts";
import { findProgram, freePort, type Service, spawnService, waitUntil } from "./service.ts";

/** URL of a running server that the tests may flush. */
const given = Deno.env.get("TIDEMARK_TEST_REDIS");

/** How a server is to be. */
export interface RedisServerOptions {
  /** Accepts connections by TLS only. */
  readonly tls?: boolean;
  readonly password?: string;
  /** Keeps an append-only file, written to disk each second, so that a restart finds what was there. */
  readonly aof?: boolean;
  /** Further settings: `["--maxmemory-policy", "allkeys-lru"]`. */
  readonly settings?: readonly string[];
}

/** A server. Disposing stops it and removes its files; a given one goes on. */
export interface RedisTestServer extends AsyncDisposable {
  /** With the password, for database 0. */
  readonly url: string;
  /** Folder of its files; "" for a given server. */
  readonly dir: string;
  /** The authority to trust, where TLS was asked for. */
  readonly caFile: string | undefined;
  /** As the adapters take it, for a database other than 0 where one is named. */
  config(database?: number): RedisConfig & { readonly server: RedisServer };
  /** Runs a command on a connection of its own and gives the answer. */
  command(name: string, ...args: (string | number)[]): Promise<unknown>;
  /** Sends a signal to the process: SIGSTOP, SIGCONT. */
  signal(signal: Deno.Signal): void;
  /** Kills it at once, as by `kill -9`. */
  kill(): Promise<void>;
  /** Starts it again on the same port and waits until it answers. */
  restart(): Promise<void>;
  /** Stops it as its administrator would. */
  stop(): Promise<void>;
}

/** Why there is no server that can be started and killed at will; null where there is. */
export function missingRedisServer(): string | null {
  return findProgram("redis-server") === null ? "redis-server is not installed" : null;
}

/** Why there is no server to test on; null where there is. */
export function missingRedis(): string | null {
  return given === undefined ? missingRedisServer() : null;
}

/** Why there is no server behind TLS to test on; null where there is. */
export function missingRedisTls(): string | null {
  return missingRedisServer() ?? missingOpenssl();
}

/** A server for tests that neither kill it nor set it up: the given one, else one started here. */
export function findRedis(): Promise<RedisTestServer> {
  return given === undefined ? startRedis() : Promise.resolve(new Server(given, "", undefined, null));
}

/** Starts a server of its own in a temporary folder on a free port. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisTestServer> {
  const dir = await Deno.makeTempDir({ prefix: "tidemark-redis-" });
  const port = freePort();
  const certificate = options.tls ? await makeCertificate(dir) : undefined;
  const login = options.password === undefined ? "" : `:${encodeURIComponent(options.password)}@`;
  const url = `${options.tls ? "rediss" : "redis"}://${login}127.0.0.1:${port}`;
  const args = argumentsOf({ ...options, dir, port, certificate });
  const server = new Server(url, dir, certificate?.caFile, () => spawnService("redis-server", { args, cwd: dir }));
  try {
    await server.restart();
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

function argumentsOf(
  { dir, port, certificate, password, aof = false, settings = [] }: RedisServerOptions & {
    readonly dir: string;
    readonly port: number;
    readonly certificate: Certificate | undefined;
  },
): string[] {
  const tls = certificate === undefined ? [] : [
    ...["--tls-port", `${port}`, "--tls-auth-clients", "no", "--tls-ca-cert-file", certificate.caFile],
    ...["--tls-cert-file", certificate.certFile, "--tls-key-file", certificate.keyFile],
  ];
  return [
    ...["--dir", dir, "--bind", "127.0.0.1", "--port", `${certificate === undefined ? port : 0}`, ...tls],
    ...["--save", "", "--appendonly", aof ? "yes" : "no", "--appendfsync", "everysec"],
    ...password === undefined ? [] : ["--requirepass", password],
    ...settings,
  ];
}

class Server implements RedisTestServer {
  readonly url: string;
  readonly dir: string;
  readonly caFile: string | undefined;
  readonly #spawn: (() => Service) | null;
  #service: Service | null = null;

  constructor(url: string, dir: string, caFile: string | undefined, spawn: (() => Service) | null) {
    this.url = url;
    this.dir = dir;
    this.caFile = caFile;
    this.#spawn = spawn;
  }

  config(database?: number): RedisConfig & { readonly server: RedisServer } {
    const server = parseRedisUrl(this.url);
    if (server === undefined) throw new Error(`Cannot test on Redis: TIDEMARK_TEST_REDIS is no URL of one`);
    return { server: { ...server, database: database ?? server.database }, caFile: this.caFile };
  }

  async command(name: string, ...args: (string | number)[]): Promise<unknown> {
    const redis = new Redis(this.url, {
      lazyConnect: true,
      retryStrategy: () => null,
      ...this.caFile === undefined ? {} : { tls: { ca: Deno.readTextFileSync(this.caFile) } },
    });
    redis.on("error", () => {}); // the command says so
    try {
      return await redis.call(name, ...args);
    } finally {
      const ended = redis.status === "end" ? undefined : new Promise((resolve) => redis.once("end", resolve));
      redis.disconnect();
      await ended;
    }
  }

  signal(signal: Deno.Signal): void {
    this.#service?.signal(signal);
  }

  async kill(): Promise<void> {
    await this.#own().stop("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.#own().stop();
  }

  async restart(): Promise<void> {
    if (this.#spawn === null) throw new Error("Cannot restart a Redis that was not started here");
    await this.#service?.stop();
    const service = this.#service = this.#spawn();
    await waitUntil(async () => await this.command("PING") === "PONG", {
      timeoutMs: 15_000,
      what: "Redis to answer",
      explain: () => service.lastWords(),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#spawn === null) return;
    // A stopped process takes no other signal.
    await this.#service?.stop("SIGKILL");
    await Deno.remove(this.dir, { recursive: true });
  }

  #own(): Service {
    if (this.#service === null) throw new Error("Cannot stop a Redis that was not started here");
    return this.#service;
  }
}
