/**
 * One processor on real services: 2,000,000 chat events (100 streams, 10 minutes of event time, 5 % up to 20 s late, 220
 * bytes) in Kafka, through 1-minute windows sliding by 10 s, into Redis and Postgres, exactly once, beside the floor
 * (consume and JSON.parse, nothing else). The joining of the group is part of both. In turns; the best of each is shown.
 *
 *     deno task bench:kafka [--lines N] [--rounds N] [--threads N]
 * @module
 */
import { fileURLToPath } from "node:url";
import { print } from "../cli/terminal.ts";
import { startKafka } from "../tests/support/services/kafka.ts";
import { startPostgres } from "../tests/support/services/postgres.ts";
import { startRedis } from "../tests/support/services/redis.ts";
import type { Cost } from "./child.ts";
import { benchOptions } from "./options.ts";

const { lines, rounds, threads } = benchOptions({ lines: 2_000_000, rounds: 3, threads: 2 });
await using kafka = await startKafka();
await using redis = await startRedis();
await using postgres = await startPostgres({ fsync: true });
const dataDir = await Deno.makeTempDir({ prefix: "tidemark-bench-" });

async function measure(...words: string[]): Promise<Cost> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--allow-read", "--allow-write", "--allow-env", "--allow-sys", "--allow-net"],
      fileURLToPath(new URL("./kafka_child.ts", import.meta.url)),
      ...words,
    ],
    env: {
      KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap,
      REDIS_URL: redis.url,
      // Each measurement begins with empty tables, and so at the log's start.
      POSTGRES_URL: await postgres.newDatabase(),
      DATA_DIR: dataDir,
      // As many for each thread.
      KAFKA_NUM_PARTITIONS: String(2 * threads),
    },
  }).output();
  const decoder = new TextDecoder();
  if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}:\n${decoder.decode(stderr)}`);
  return JSON.parse(decoder.decode(stdout).trimEnd().split("\n").at(-1)!);
}

function show(name: string, { wallMs, cpuMs, residentBytesMax }: Cost): void {
  const rate = (ms: number) => `${Math.round(lines / ms)}k`.padStart(6);
  const resident = `${Math.round(residentBytesMax / 2 ** 20)} MiB`.padStart(9);
  print(`${name.padEnd(34)} ${rate(wallMs)} events/s ${rate(cpuMs)} events/CPU-s ${resident} resident`);
}

const best = (costs: readonly Cost[]) => costs.reduce((a, b) => (b.wallMs < a.wallMs ? b : a));

try {
  const { wallMs } = await measure("feed", String(lines));
  print(`${lines} events fed in ${Math.round(wallMs / 1000)} s, ${navigator.hardwareConcurrency} cores`);
  const floors: Cost[] = [];
  const chat: Cost[] = [];
  const all: Cost[] = [];
  const threaded: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    floors.push(await measure("floor"));
    chat.push(await measure("process", "chat"));
    all.push(await measure("process", "all"));
    threaded.push(await measure("threads", String(threads)));
  }
  show("floor: consume + parse", best(floors));
  show("chat windows into Redis + Postgres", best(chat));
  show("every pipeline of the topic", best(all));
  show(`process with ${threads} threads`, best(threaded));
  print(`the chat job takes ${(best(chat).wallMs / best(floors).wallMs).toFixed(2)} times the floor`);
} finally {
  await Deno.remove(dataDir, { recursive: true });
}
