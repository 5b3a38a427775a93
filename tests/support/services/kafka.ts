/**
 * A real Kafka broker for tests: one KRaft process on free loopback ports in a folder of its own, or the one that
 * TIDEMARK_TEST_KAFKA names. TIDEMARK_TEST_KAFKA must be a broker that tests may fill with topics.
 * @module
 */
import { hasJars, jarsFolder } from "./kafka_jars.ts";
import { type KafkaSecrets, makeKafkaSecrets } from "./kafka_secrets.ts";
import { findProgram, freePort, runProgram, type Service, spawnService, waitUntil } from "./service.ts";

/** Java needs some seconds on a busy machine. */
const START_MS_MAX = 120_000;

/** How to start a broker. */
export interface KafkaStart {
  /** Behind TLS and a password (SASL), as kafka_secrets.ts has them. */
  readonly secure?: boolean;
  /** More lines of server.properties. */
  readonly properties?: readonly string[];
}

/** A broker. Disposing stops it and removes its data. */
export interface KafkaUnderTest extends AsyncDisposable {
  /** `host:port` for clients. */
  readonly bootstrap: string;
  /** Null unless it was started with `secure`. */
  readonly secrets: KafkaSecrets | null;
  /** Ends it as kill -9 does. */
  kill(): Promise<void>;
  /** Starts it again on its data after {@link kill}. */
  restart(): Promise<void>;
  /** Halts it as SIGSTOP does; its sockets stay open and nothing answers. */
  pause(): void;
  /** Lets it go on. */
  resume(): void;
  /** Runs one of Kafka's command line classes and gives what it wrote; `--bootstrap-server` is added. */
  tool(javaClass: string, ...args: readonly string[]): Promise<string>;
  /** Another program's producer: topic, codec and steps as java/ForeignProducer.java has them. */
  produce(topic: string, codec: string, ...steps: readonly string[]): Promise<void>;
}

/** Why no broker can be started here, or null. */
export function missingKafka(): string | null {
  if (Deno.env.get("TIDEMARK_TEST_KAFKA")) return null;
  return missingOwnKafka();
}

/** Why no broker of the test's own can be started here, or null: for tests that kill it. */
export function missingOwnKafka(): string | null {
  if (findProgram("java") === null) return "Java is not installed";
  return hasJars() ? null : "Kafka's jars are not there: deno task services:kafka";
}

const classPath = () => `${jarsFolder()}/*`;
const java = (heapMb: number, ...args: readonly string[]) => [
  `-Xmx${heapMb}m`,
  "-XX:+UseSerialGC",
  "-XX:TieredStopAtLevel=1",
  "-cp",
  classPath(),
  ...args,
];

/** Starts a broker, or names the given one. */
export async function startKafka(start: KafkaStart = {}): Promise<KafkaUnderTest> {
  const given = Deno.env.get("TIDEMARK_TEST_KAFKA");
  if (given && !start.secure && start.properties === undefined) return givenKafka(given);
  const missing = missingOwnKafka();
  if (missing !== null) throw new Error(`Cannot start Kafka: ${missing}`);
  const folder = await Deno.makeTempDir({ prefix: "kafka_" });
  const broker = new Broker(folder, start);
  try {
    await broker.begin();
    return broker;
  } catch (error) {
    await broker[Symbol.asyncDispose]();
    throw error;
  }
}

class Broker implements KafkaUnderTest {
  readonly bootstrap = `127.0.0.1:${freePort()}`;
  secrets: KafkaSecrets | null = null;
  readonly #controller = `127.0.0.1:${freePort()}`;
  readonly #folder: string;
  readonly #start: KafkaStart;
  #service: Service | null = null;

  constructor(folder: string, start: KafkaStart) {
    this.#folder = folder;
    this.#start = start;
  }

  async begin(): Promise<void> {
    if (this.#start.secure) this.secrets = await makeKafkaSecrets(this.#folder);
    await Deno.writeTextFile(this.#config, this.#properties().join("\n"));
    const clusterId = "dGlkZW1hcmstdGVzdHMtMQ";
    const args = ["format", "-t", clusterId, "-c", this.#config, ...this.secrets?.formatArgs ?? []];
    await runProgram("java", { args: java(256, "kafka.tools.StorageTool", ...args) });
    await this.restart();
  }

  async restart(): Promise<void> {
    const service = spawnService("java", { args: java(512, "kafka.Kafka", this.#config), cwd: this.#folder });
    this.#service = service;
    const [hostname, port] = this.bootstrap.split(":");
    await waitUntil(async () => {
      if (service.ended) throw new Error("it has ended");
      (await Deno.connect({ hostname: hostname!, port: Number(port) })).close();
      return true;
    }, { timeoutMs: START_MS_MAX, what: "Kafka to listen", everyMs: 100, explain: () => service.lastWords() });
  }

  async kill(): Promise<void> {
    await this.#service?.stop("SIGKILL");
  }

  pause(): void {
    this.#service?.signal("SIGSTOP");
  }

  resume(): void {
    this.#service?.signal("SIGCONT");
  }

  tool(javaClass: string, ...args: readonly string[]): Promise<string> {
    return runTool(this.bootstrap, javaClass, args);
  }

  produce(topic: string, codec: string, ...steps: readonly string[]): Promise<void> {
    return runProducer(this.bootstrap, [topic, codec, ...steps]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing of it is kept: there is no reason to wait for an orderly end.
    await this.kill();
    await Deno.remove(this.#folder, { recursive: true });
  }

  get #config(): string {
    return `${this.#folder}/server.properties`;
  }

  #properties(): string[] {
    return [
      "process.roles=broker,controller",
      "node.id=1",
      `controller.quorum.voters=1@${this.#controller}`,
      "controller.listener.names=CONTROLLER",
      `listeners=CLIENT://${this.bootstrap},CONTROLLER://${this.#controller}`,
      `advertised.listeners=CLIENT://${this.bootstrap}`,
      "inter.broker.listener.name=CLIENT",
      `listener.security.protocol.map=CONTROLLER:PLAINTEXT,CLIENT:${this.secrets ? "SASL_SSL" : "PLAINTEXT"}`,
      ...(this.secrets ? ["sasl.mechanism.inter.broker.protocol=PLAIN", ...this.#brokerLogin()] : []),
      `log.dirs=${this.#folder}/logs`,
      "auto.create.topics.enable=false",
      // A broker that was killed may not come back before its session has ended.
      "broker.heartbeat.interval.ms=500",
      "broker.session.timeout.ms=3000",
      "group.initial.rebalance.delay.ms=0",
      ...["offsets.topic", "transaction.state.log", "share.coordinator.state.topic"].map((name) =>
        `${name}.replication.factor=1`
      ),
      "transaction.state.log.min.isr=1",
      "offsets.topic.num.partitions=2",
      "transaction.state.log.num.partitions=2",
      "log.retention.check.interval.ms=500",
      "log.segment.delete.delay.ms=100",
      "log.initial.task.delay.ms=100",
      ...this.#start.properties ?? [],
    ];
  }

  /** The broker speaks to itself as the same user. */
  #brokerLogin(): string[] {
    return [
      ...this.secrets!.properties,
      `ssl.truststore.type=PEM`,
      `ssl.truststore.location=${this.secrets!.caFile}`,
    ];
  }
}

function runTool(bootstrap: string, javaClass: string, args: readonly string[]): Promise<string> {
  return runProgram("java", { args: java(256, javaClass, "--bootstrap-server", bootstrap, ...args) });
}

async function runProducer(bootstrap: string, args: readonly string[]): Promise<void> {
  const source = new URL("java/ForeignProducer.java", import.meta.url).pathname;
  await runProgram("java", { args: java(256, source, bootstrap, ...args) });
}

function givenKafka(bootstrap: string): KafkaUnderTest {
  const refuses = () => Promise.reject(new Error("Cannot do this to the broker of TIDEMARK_TEST_KAFKA"));
  return {
    bootstrap,
    secrets: null,
    kill: refuses,
    restart: refuses,
    pause: () => void refuses(),
    resume: () => void refuses(),
    tool: (javaClass, ...args) => runTool(bootstrap, javaClass, args),
    produce: (...args) => runProducer(bootstrap, args),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
