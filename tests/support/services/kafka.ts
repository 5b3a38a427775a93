/**
 * Real Kafka for tests: one broker on free loopback ports in a folder of its own, or several that are a cluster, or the one
 * that TIDEMARK_TEST_KAFKA names. TIDEMARK_TEST_KAFKA must be a broker that tests may fill with topics.
 * @module
 */
import { hasJars } from "./kafka_jars.ts";
import { freePlaces, javaArgs, KafkaNode } from "./kafka_node.ts";
import { type KafkaSecrets, makeKafkaSecrets } from "./kafka_secrets.ts";
import { findProgram, runProgram } from "./service.ts";

/** How to start Kafka. */
export interface KafkaStart {
  /** Behind TLS and a password (SASL), as kafka_secrets.ts has them. */
  readonly secure?: boolean;
  /** More lines of server.properties. */
  readonly properties?: readonly string[];
  /** How many brokers; with several each topic lies on all of them unless it says otherwise. Default 1. */
  readonly brokers?: number;
}

/** One broker, or a cluster. Disposing stops it and removes its data. */
export interface KafkaUnderTest extends AsyncDisposable {
  /** `host:port` for clients; of each broker, separated by commas. */
  readonly bootstrap: string;
  /** Null unless it was started with `secure`. */
  readonly secrets: KafkaSecrets | null;
  /** Each broker; none where it was not started here. */
  readonly nodes: readonly KafkaNode[];
  /** Ends all of it as kill -9 does. */
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

/** Starts Kafka, or names the given broker where nothing is asked for that it may lack. */
export async function startKafka(start: KafkaStart = {}): Promise<KafkaUnderTest> {
  const { secure = false, properties = [], brokers = 1 } = start;
  const given = Deno.env.get("TIDEMARK_TEST_KAFKA");
  if (given && !secure && start.properties === undefined && brokers === 1) return givenKafka(given);
  const missing = missingOwnKafka();
  if (missing !== null) throw new Error(`Cannot start Kafka: ${missing}`);
  await using begun = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "kafka_" });
  begun.defer(() => Deno.remove(folder, { recursive: true }));
  const secrets = secure ? await makeKafkaSecrets(folder) : null;
  const places = freePlaces(brokers);
  const nodes = places.map((place) => new KafkaNode({ places, folder, secrets, properties }, place));
  const each = async (work: (node: KafkaNode) => unknown) => void await Promise.all(nodes.map(work));
  // Nothing of it is kept: there is no reason to wait for an orderly end.
  begun.defer(() => each((node) => node.kill()));
  await each((node) => node.format());
  await each((node) => node.restart());
  const bootstrap = places.map(({ address }) => address).join(",");
  const all = begun.move();
  return {
    bootstrap,
    secrets,
    nodes,
    kill: () => each((node) => node.kill()),
    restart: () => each((node) => node.restart()),
    pause: () => nodes.forEach((node) => node.pause()),
    resume: () => nodes.forEach((node) => node.resume()),
    ...toolsOf(bootstrap),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Kafka's command line classes, and a producer that is not ours. */
function toolsOf(bootstrap: string): Pick<KafkaUnderTest, "tool" | "produce"> {
  const producer = new URL("java/ForeignProducer.java", import.meta.url).pathname;
  const run = (...args: string[]) => runProgram("java", { args: javaArgs(256, ...args) });
  return {
    tool: (javaClass, ...args) => run(javaClass, "--bootstrap-server", bootstrap, ...args),
    produce: async (...args) => void await run(producer, bootstrap, ...args),
  };
}

function givenKafka(bootstrap: string): KafkaUnderTest {
  const refuses = () => Promise.reject(new Error("Cannot do this to the broker of TIDEMARK_TEST_KAFKA"));
  return {
    bootstrap,
    secrets: null,
    nodes: [],
    kill: refuses,
    restart: refuses,
    pause: () => void refuses(),
    resume: () => void refuses(),
    ...toolsOf(bootstrap),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
