/**
 * Mock chat at its highest rate into the embedded log, from one process, for minutes: is the rate kept, is memory flat,
 * is everything that was made in the log? Ends with 1 where one of them is not so.
 *
 *     deno task soak:mock [--minutes N] [--rate N]
 * @module
 */
import process from "node:process";
import { openEmbeddedLog } from "../adapters/event_log_embedded.ts";
import { print } from "../cli/terminal.ts";
import { seededRandom, systemClock } from "../core/clock.ts";
import { parseConfig } from "../core/config.ts";
import { ensureTopics } from "../cli/topics.ts";
import { chatEvents } from "../core/events/chat.ts";
import { SourceRunner } from "../ingest/runner.ts";
import { mockChat } from "../ingest/sources/mock_chat.ts";
import { benchOptions } from "./options.ts";

const { minutes, rate } = benchOptions({ minutes: 10, rate: 100_000 });
const REPORT_MS = 10_000;
/** Retention is part of what has to keep up: at the full rate this is half a minute of events. */
const LOG_BYTES_MAX = 1_000_000_000;
/** Heaps breathe; beyond this they grow. */
const RESIDENT_GROWTH_MAX = 1.25;
const RATE_SHARE_MIN = 0.98;

const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

const folder = await Deno.makeTempDir({ prefix: "tidemark-soak-" });
const { config } = parseConfig({ PRODUCER_RATE_PER_SEC: String(rate), ANOMALY_EVERY_SEC: "180" });
const stop = new AbortController();
let failed = false;
try {
  await using log = await openEmbeddedLog({
    path: `${folder}/log.db`,
    clock: systemClock,
    retentionMs: Infinity,
    sizeBytesMax: LOG_BYTES_MAX,
  });
  const { topic, partitions } = chatEvents;
  await ensureTopics(log);
  for (let partition = 0; partition < partitions; partition++) {
    await log.setRetentionFloor({ topic, partition, offset: Number.MAX_SAFE_INTEGER });
  }
  const context = { config, clock: systemClock, random: seededRandom(1), signal: stop.signal };
  const runner = new SourceRunner(mockChat, { context, log });
  const running = runner.run();
  const resident: number[] = [];
  const startedMs = performance.now();
  const untilMs = startedMs + minutes * 60_000;
  let [lastRead, lastMs] = [0, startedMs];
  while (performance.now() < untilMs) {
    await systemClock.sleep(REPORT_MS);
    const nowMs = performance.now();
    const { read } = runner.status();
    const { rss, heapUsed } = process.memoryUsage();
    resident.push(rss);
    const rate = Math.round((read - lastRead) / (nowMs - lastMs) * 1_000);
    const [at, cpu] = [Math.round((nowMs - startedMs) / 1_000), process.cpuUsage()];
    print(
      `${String(at).padStart(4)} s  ${String(rate).padStart(7)} events/s  ${mebibytes(rss).padStart(9)} resident  ` +
        `${mebibytes(heapUsed).padStart(8)} heap  ${((cpu.user + cpu.system) / 1e4 / at).toFixed(0)} % CPU`,
    );
    [lastRead, lastMs] = [read, nowMs];
  }
  stop.abort();
  await running;
  const seconds = (performance.now() - startedMs) / 1_000;
  const { read, dead } = runner.status();
  const inLog = (await log.endOffsets(topic)).reduce((sum, end) => sum + end, 0);
  const quarter = resident.slice(Math.ceil(resident.length / 4));
  const growth = Math.max(...quarter.slice(-3)) / Math.max(...quarter.slice(0, 3));
  const share = read / seconds / rate;
  print(
    `${read} events in ${seconds.toFixed(0)} s = ${
      Math.round(read / seconds)
    } events/s; ${inLog} in the log, ${dead} dead; ` +
      `resident ${mebibytes(Math.max(...resident))} at most, ${
        growth.toFixed(2)
      } times that of the beginning at the end`,
  );
  failed = inLog !== read - dead || dead > 0 || share < RATE_SHARE_MIN || growth > RESIDENT_GROWTH_MAX;
} finally {
  await Deno.remove(folder, { recursive: true });
}
Deno.exit(failed ? 1 : 0);
