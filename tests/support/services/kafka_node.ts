/**
 * One broker of Kafka as a process of its own: its settings, its start, what can be done to it. It is a controller as well
 * (KRaft).
 * @module
 */
import { jarsFolder } from "./kafka_jars.ts";
import type { KafkaSecrets } from "./kafka_secrets.ts";
import { freePort, runProgram, type Service, spawnService, waitUntil } from "./service.ts";

/** Java needs some seconds on a busy machine. */
const START_MS_MAX = 120_000;
const CLUSTER_ID = "dGlkZW1hcmstdGVzdHMtMQ";
/** Megabytes of a broker that is alone, and of one of several. */
const HEAP_MB = { alone: 512, ofSeveral: 300 } as const;
/** Copies of a record that have to be there before it counts as written, where there are several brokers. */
const IN_SYNC_MIN = 2;

/** Where a broker listens. */
export interface KafkaPlace {
  readonly id: number;
  /** `host:port` for clients. */
  readonly address: string;
  /** `host:port` for the other controllers. */
  readonly controller: string;
}

/** What is common to the brokers of a cluster. */
export interface KafkaPlan {
  readonly places: readonly KafkaPlace[];
  readonly folder: string;
  readonly secrets: KafkaSecrets | null;
  /** More lines of server.properties. */
  readonly properties: readonly string[];
}

/** Places for so many brokers on free ports of the loopback address. */
export const freePlaces = (brokers: number): KafkaPlace[] =>
  Array.from({ length: brokers }, (_, n) => ({
    id: n + 1,
    address: `127.0.0.1:${freePort()}`,
    controller: `127.0.0.1:${freePort()}`,
  }));

/** Arguments of `java` for one of Kafka's classes. */
export const javaArgs = (heapMb: number, ...args: readonly string[]): string[] => [
  `-Xmx${heapMb}m`,
  "-XX:+UseSerialGC",
  "-XX:TieredStopAtLevel=1",
  "-cp",
  `${jarsFolder()}/*`,
  ...args,
];

/** A broker of a cluster. */
export class KafkaNode {
  readonly id: number;
  readonly address: string;
  readonly #plan: KafkaPlan;
  readonly #place: KafkaPlace;
  #service: Service | null = null;

  constructor(plan: KafkaPlan, place: KafkaPlace) {
    this.id = place.id;
    this.address = place.address;
    this.#plan = plan;
    this.#place = place;
  }

  /** Makes its data folder. */
  async format(): Promise<void> {
    await Deno.writeTextFile(this.#config, this.#properties().join("\n"));
    const args = ["format", "-t", CLUSTER_ID, "-c", this.#config, ...this.#plan.secrets?.formatArgs ?? []];
    await runProgram("java", { args: javaArgs(256, "kafka.tools.StorageTool", ...args) });
  }

  /** Starts it on its data and its port; resolves when it takes requests. */
  async restart(): Promise<void> {
    const { folder, places } = this.#plan;
    const heapMb = places.length === 1 ? HEAP_MB.alone : HEAP_MB.ofSeveral;
    const service = spawnService("java", { args: javaArgs(heapMb, "kafka.Kafka", this.#config), cwd: folder });
    this.#service = service;
    const [hostname, port] = this.address.split(":");
    await waitUntil(async () => {
      if (service.ended) throw new Error("it has ended");
      (await Deno.connect({ hostname: hostname!, port: Number(port) })).close();
      return true;
    }, { timeoutMs: START_MS_MAX, what: "Kafka to listen", everyMs: 100, explain: () => service.lastWords() });
  }

  /** Ends it as kill -9 does. */
  async kill(): Promise<void> {
    await this.#service?.stop("SIGKILL");
  }

  /** Halts it as SIGSTOP does; its sockets stay open and nothing answers. */
  pause(): void {
    this.#service?.signal("SIGSTOP");
  }

  /** Lets it go on. */
  resume(): void {
    this.#service?.signal("SIGCONT");
  }

  get #config(): string {
    return `${this.#plan.folder}/server${this.id}.properties`;
  }

  #properties(): string[] {
    const { places, folder, secrets, properties } = this.#plan;
    const copies = places.length;
    const inSync = Math.min(copies, IN_SYNC_MIN);
    return [
      "process.roles=broker,controller",
      `node.id=${this.id}`,
      `controller.quorum.voters=${places.map(({ id, controller }) => `${id}@${controller}`).join(",")}`,
      "controller.listener.names=CONTROLLER",
      `listeners=CLIENT://${this.address},CONTROLLER://${this.#place.controller}`,
      `advertised.listeners=CLIENT://${this.address}`,
      "inter.broker.listener.name=CLIENT",
      `listener.security.protocol.map=CONTROLLER:PLAINTEXT,CLIENT:${secrets ? "SASL_SSL" : "PLAINTEXT"}`,
      ...(secrets ? ["sasl.mechanism.inter.broker.protocol=PLAIN", ...brokerLogin(secrets)] : []),
      `log.dirs=${folder}/logs${this.id}`,
      "auto.create.topics.enable=false",
      // A broker that was killed may not come back before its session has ended.
      "broker.heartbeat.interval.ms=500",
      "broker.session.timeout.ms=3000",
      "group.initial.rebalance.delay.ms=0",
      `default.replication.factor=${copies}`,
      `min.insync.replicas=${inSync}`,
      ...["offsets.topic", "transaction.state.log", "share.coordinator.state.topic"].map((name) =>
        `${name}.replication.factor=${copies}`
      ),
      `transaction.state.log.min.isr=${inSync}`,
      `share.coordinator.state.topic.min.isr=${inSync}`,
      "offsets.topic.num.partitions=2",
      "transaction.state.log.num.partitions=2",
      "log.retention.check.interval.ms=500",
      "log.segment.delete.delay.ms=100",
      "log.initial.task.delay.ms=100",
      ...properties,
    ];
  }
}

/** Brokers speak to each other as the user of the clients. */
const brokerLogin = ({ properties, caFile }: KafkaSecrets): string[] => [
  ...properties,
  "ssl.truststore.type=PEM",
  `ssl.truststore.location=${caFile}`,
];
