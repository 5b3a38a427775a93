/**
 * A cluster of three brokers that die one after the other, while a chat file is fed to it and two processors work on it:
 * each record has three copies, of which two have to be there. In the end the tables and the counts are those of an
 * undisturbed run on the embedded stores, and the topic holds each event once.
 *
 * ```
 * feeder      ─────────────────────────────────────────────────────────────────────▶ stop, the rest at once
 * processors  ─────────────────────────────────────────────────────────────────────────────▶
 * brokers     ──leader ✗─▶ others lead ─▶ back ─▶ elected again ──coordinator ✗─▶ others lead ─▶ back
 * ```
 * @module
 */
import assert from "node:assert/strict";
import { PROCESSOR_GROUP } from "../../processor/engine/commit.ts";
import { KafkaLeaders } from "../support/services/kafka_leaders.ts";
import type { KafkaNode } from "../support/services/kafka_node.ts";
import { compareWithCalmRun } from "./calm_run.ts";
import { type Cluster, Service, startCluster } from "./cluster.ts";
import { type FeedOptions, writeFeed } from "./feed.ts";
import { StandstillWatch } from "./standstill.ts";

/** How large the run is; the feed takes longer than the faults. */
export interface BrokersRunOptions extends FeedOptions {
  /** How long the tables may stand still. */
  readonly standstillMsMax: number;
  readonly print: (line: string) => void;
}

const TOPIC = "tidemark.events.chat";
const GROUP_TOPIC = "__consumer_offsets";
const BROKERS = 3;
const PARTITIONS = 3;

/** Runs it; rejects where something is lost or doubled, or stands still for too long. */
export async function runOnDyingBrokers(options: BrokersRunOptions): Promise<void> {
  const { events, print } = options;
  await using cluster = await startCluster({}, BROKERS);
  const { env, kafka } = cluster;
  const leaders = await KafkaLeaders.of(kafka);
  const { replay, paced } = await writeFeed(cluster, options);
  const feeder = new Service("feeder", paced, env);
  const processors = [0, 1].map((n) => new Service(`processor ${n}`, ["process"], env));
  const processes = [feeder, ...processors];
  await using _end = {
    async [Symbol.asyncDispose]() {
      await Promise.all(processes.map((process) => process.kill()));
    },
  };
  for (const process of processes) process.start();
  await killInTurn(cluster, leaders, options);
  const isUnfinished = (await leaders.ends(TOPIC)).reduce((sum, end) => sum + end, 0) < events;
  assert.ok(isUnfinished, "the feed lasts longer than the faults");
  const codes = [];
  for (const process of processes) codes.push(await process.stop());
  const said = processes.map((process) => process.said).join("\n");
  assert.deepEqual(codes, processes.map(() => 130), said);
  assert.deepEqual(processes.map(({ deaths }) => deaths), processes.map(() => 0), said);

  await compareWithCalmRun(cluster, replay, print);
  const held = (await leaders.ends(TOPIC)).reduce((sum, end) => sum + end, 0);
  assert.equal(held, events, "the topic holds each event once");
}

async function killInTurn(
  { env }: Cluster,
  leaders: KafkaLeaders,
  { standstillMsMax, print }: BrokersRunOptions,
): Promise<void> {
  const startedMs = performance.now();
  const tell = (line: string) => print(`${((performance.now() - startedMs) / 1000).toFixed(1)} s: ${line}`);
  await using tables = new StandstillWatch(env.POSTGRES_URL!);
  await tables.begun(PARTITIONS);
  const partitions = await leaders.partitions(TOPIC);
  assert.ok(partitions.every(({ replicas }) => replicas.length === BROKERS), "three copies");
  tell("the feeder and the processors are at work");

  const killed = async (role: string, victim: KafkaNode) => {
    const led = (await leaders.partitions(TOPIC)).filter(({ leader }) => leader === victim.id);
    tables.begin();
    await victim.kill();
    tell(`broker ${victim.id} is killed: it ${role}`);
    for (const { partition } of led) await leaders.untilMoved({ topic: TOPIC, partition }, victim);
    tell(`others lead its partitions: ${led.length}`);
    const standstillMs = await tables.longestMs();
    tell(`the tables stood still for ${(standstillMs / 1000).toFixed(1)} s`);
    assert.ok(standstillMs < standstillMsMax, `the tables stood still for ${standstillMs} ms`);
    await victim.restart();
    await leaders.untilInSync([TOPIC, GROUP_TOPIC]);
    tell(`broker ${victim.id} is back and has all records`);
  };

  await killed("leads partition 0", await leaders.leader({ topic: TOPIC, partition: 0 }));
  await leaders.electPreferred([TOPIC, GROUP_TOPIC]);
  tell("every partition is led by the first of its brokers again");
  await killed("coordinates the group", await leaders.coordinator(PROCESSOR_GROUP));
}
