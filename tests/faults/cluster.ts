/**
 * Tidemark as it runs on several machines, here in several processes: real Kafka, Redis and Postgres, any number of
 * processors, and commands run beside them.
 * @module
 */
import { type PostgresServer, startPostgres } from "../support/services/postgres.ts";
import { type KafkaUnderTest, startKafka } from "../support/services/kafka.ts";
import { pause } from "../support/services/service.ts";
import { type RedisTestServer, startRedis } from "../support/services/redis.ts";
import { type Finished, tidemarkCommand } from "../support/tidemark.ts";

/** The services and what processes need to find them. */
export interface Cluster extends AsyncDisposable {
  readonly kafka: KafkaUnderTest;
  readonly redis: RedisTestServer;
  readonly postgres: PostgresServer;
  /** Variables of every process. */
  readonly env: Record<string, string>;
  /** Folder for files of the run. */
  readonly folder: string;
}

/** Starts the services, each to be killed at will; `brokers` of Kafka. */
export async function startCluster(env: Record<string, string> = {}, brokers = 1): Promise<Cluster> {
  await using started = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "tidemark-faults-" });
  started.defer(() => Deno.remove(folder, { recursive: true }));
  const [kafka, redis, postgres] = await Promise.all([
    // One of its own, also where a broker is given: it is killed.
    startKafka({ properties: [], brokers }),
    startRedis({ aof: true }),
    startPostgres({ fsync: true }),
  ]);
  for (const service of [kafka, redis, postgres]) started.use(service);
  const all = started.move();
  return {
    kafka,
    redis,
    postgres,
    folder,
    env: {
      KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap,
      REDIS_URL: redis.url,
      POSTGRES_URL: await postgres.newDatabase(),
      DATA_DIR: `${folder}/data`,
      ...env,
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Wait of the supervisor. */
const RESTART_MS = 1_000;

/** A process of Tidemark that goes on until it is stopped; one that ends by itself is started again, as by a supervisor. */
export class Service {
  readonly name: string;
  /** What it said on stderr, over all of its lives. */
  said = "";
  /** How often it ended by itself. */
  deaths = 0;
  readonly #args: readonly string[];
  readonly #env: Record<string, string>;
  #child: Deno.ChildProcess | null = null;
  #reading: Promise<void> = Promise.resolve();

  constructor(name: string, args: readonly string[], env: Record<string, string>) {
    this.name = name;
    this.#args = args;
    this.#env = env;
  }

  /** Starts it, unless it runs. */
  start(): void {
    if (this.#child !== null) return;
    const child = tidemarkCommand(this.#args, this.#env).spawn();
    this.#child = child;
    this.#reading = this.#listen(child);
  }

  /** Sends a signal. */
  signal(signal: Deno.Signal): void {
    signalTo(this.#child, signal);
  }

  /** Ends it as kill -9 does. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    signalTo(child, "SIGKILL");
    await child?.status;
    await this.#reading;
  }

  /** Ends it as Ctrl-C does; its exit code. */
  async stop(): Promise<number> {
    const child = this.#child;
    this.#child = null;
    if (child === null) return 0;
    signalTo(child, "SIGINT");
    const { code } = await child.status;
    await this.#reading;
    return code;
  }

  async #listen(child: Deno.ChildProcess): Promise<void> {
    const decoder = new TextDecoder();
    const drained = child.stdout.cancel();
    for await (const bytes of child.stderr) this.said += decoder.decode(bytes, { stream: true });
    await drained;
    const { code } = await child.status;
    if (this.#child !== child) return;
    this.deaths++;
    this.said += `[${this.name} ended by itself with ${code}]\n`;
    await pause(RESTART_MS);
    if (this.#child !== child) return;
    this.#child = null;
    this.start();
  }
}

/** One that has ended by itself a moment ago takes no signal. */
function signalTo(child: Deno.ChildProcess | null, signal: Deno.Signal): void {
  try {
    child?.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** Runs a command to its end. */
export async function runCommand(args: readonly string[], env: Record<string, string>): Promise<Finished> {
  const { code, stdout, stderr } = await tidemarkCommand(args, env).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
