/**
 * One campaign of faults: a chat file is fed to Kafka while three processors work on it, and everything breaks in turn.
 * In the end the tables and the counts are those of an undisturbed run on the embedded stores.
 *
 * ```
 * feeder      ──────────────────────────────────────────────────▶ (paced by event time)
 * processors  ──✗▶──────✗▶────‖────▶───✗▶──────────✗▶───────────▶   ✗ kill -9   ‖ SIGSTOP
 * services    ─────Postgres✗▶────Redis✗▶(AOF cut)───Kafka✗▶──FLUSHALL──▶
 * then        processors stop ──▶ replay --drain ──▶ export
 * ```
 * @module
 */
import assert from "node:assert/strict";
import { seededRandom } from "../../core/clock.ts";
import { pause } from "../support/services/service.ts";
import { compareWithCalmRun } from "./calm_run.ts";
import { type Cluster, runCommand, Service, startCluster } from "./cluster.ts";
import { type FeedOptions, writeFeed } from "./feed.ts";

/** How large a campaign is. */
export interface CampaignOptions extends FeedOptions {
  /** Kills of each processor. */
  readonly killsEach: number;
  /** How long one processor is halted. */
  readonly haltMs: number;
  /** Silence after which Kafka's group gives partitions away. */
  readonly sessionTimeoutMs: number;
  /** How long each service is down. */
  readonly downMs: number;
  readonly print: (line: string) => void;
}

const PROCESSORS = 3;

/** Runs a campaign; rejects where the tables or the counts differ. */
export async function runCampaign(options: CampaignOptions): Promise<void> {
  const { events, feedMs, print } = options;
  await using cluster = await startCluster({ KAFKA_SESSION_TIMEOUT_MS: String(options.sessionTimeoutMs) });
  const { env } = cluster;
  const { replay, paced } = await writeFeed(cluster, options);
  print(`${events} events over ${feedMs / 1000} s`);
  const processors = Array.from(
    { length: PROCESSORS },
    (_, n) => new Service(`processor ${n}`, ["process"], { ...env, ...(n === 0 ? { PROCESSOR_THREADS: "2" } : {}) }),
  );
  await using _end = {
    async [Symbol.asyncDispose]() {
      await Promise.all(processors.map((processor) => processor.kill()));
    },
  };
  for (const processor of processors) processor.start();
  const feeding = runCommand(paced, env);
  await breakThings(cluster, processors, options);
  const fed = await feeding;
  assert.equal(fed.code, 0, fed.stderr);
  print("fed; the processors end");
  const codes = await Promise.all(processors.map((processor) => processor.stop()));
  for (const { name, deaths } of processors) print(`${name}: started again by its supervisor ${deaths} times`);
  assert.deepEqual(codes, codes.map(() => 130), processors.map(({ said }) => said).join("\n"));

  await compareWithCalmRun(cluster, replay, print);
}

/** A fault and when it happens, in parts of the feed's time. */
interface Fault {
  readonly at: number;
  readonly name: string;
  happen(): Promise<void>;
}

async function breakThings(cluster: Cluster, processors: readonly Service[], options: CampaignOptions): Promise<void> {
  const { feedMs, print } = options;
  const startedMs = performance.now();
  const under: Promise<void>[] = [];
  for (const fault of faultsOf(cluster, processors, options)) {
    await pause(Math.max(0, startedMs + fault.at * feedMs - performance.now()));
    print(`${((performance.now() - startedMs) / 1000).toFixed(1)} s: ${fault.name}`);
    const happening = fault.happen();
    // Heard below; until then it must not end the test from here.
    happening.catch(() => {});
    under.push(happening);
  }
  await Promise.all(under);
}

function faultsOf(
  { kafka, redis, postgres }: Cluster,
  processors: readonly Service[],
  { seed, killsEach, haltMs, downMs }: CampaignOptions,
): Fault[] {
  const random = seededRandom(seed);
  const moment = () => 0.1 + random.next() * 0.8;
  const faults: Fault[] = processors.flatMap((processor) =>
    Array.from({ length: killsEach }, (): Fault => ({
      at: moment(),
      name: `${processor.name} is killed`,
      async happen() {
        await processor.kill();
        processor.start();
      },
    }))
  );
  faults.push({
    at: 0.3,
    name: `${processors[0]!.name} stands still for ${haltMs / 1000} s`,
    async happen() {
      processors[0]!.signal("SIGSTOP");
      await pause(haltMs);
      processors[0]!.signal("SIGCONT");
    },
  });
  const down = (name: string, at: number, kill: () => Promise<void>, start: () => Promise<void>): Fault => ({
    at,
    name: `${name} is killed`,
    async happen() {
      await kill();
      await pause(downMs);
      await start();
    },
  });
  faults.push(down("Postgres", 0.15, () => postgres.kill(), () => postgres.start()));
  faults.push(down("Redis", 0.45, () => killCut(redis), () => redis.restart()));
  faults.push(down("Kafka", 0.6, () => kafka.kill(), () => kafka.restart()));
  faults.push({ at: 0.85, name: "FLUSHALL", happen: async () => void await redis.command("FLUSHALL") });
  return faults.sort((a, b) => a.at - b.at);
}

/** Kills Redis and takes from its append-only file what came in its last second. */
async function killCut(redis: Cluster["redis"]): Promise<void> {
  const file = await redis.appendedFile();
  const { size } = await Deno.stat(file);
  await pause(1_000);
  await redis.kill();
  await Deno.truncate(file, size);
}
