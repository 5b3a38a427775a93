/**
 * A process that ingests, made to be killed: live sources and a repeatable one into an embedded log, which is away
 * whenever a file says so. It ends by itself when another file is there.
 *
 * Argument: JSON of {@link MortalIngest}.
 * @module
 */
import { openEmbeddedLog } from "../../adapters/event_log_embedded.ts";
import { systemClock } from "../../core/clock.ts";
import { parseConfig } from "../../core/config.ts";
import { chatEvents } from "../../core/events/chat.ts";
import { tradeEvents } from "../../core/events/trades.ts";
import { contracts, derivedTopics } from "../../core/events/mod.ts";
import type { AppendBatch } from "../../core/ports.ts";
import { SourceRunner } from "../../ingest/runner.ts";
import { anyContract, type Source } from "../../ingest/source.ts";
import { binanceSource } from "../../ingest/sources/binance.ts";
import { binanceLiveOptions } from "../../ingest/sources/binance_live.ts";
import { twitchSource } from "../../ingest/sources/twitch.ts";
import { twitchLiveOptions } from "../../ingest/sources/twitch_live.ts";
import { quickTimes } from "./live_run.ts";

/** What the process is told. */
export interface MortalIngest {
  readonly folder: string;
  /** Variables of the sources. */
  readonly env: Record<string, string>;
}

/** While this file is there the log refuses. */
export const awayFile = (folder: string): string => `${folder}/away`;
/** When this file is there the process ends in good order, once it has appended the trade whose id is in it. */
export const stopFile = (folder: string): string => `${folder}/stop`;

/** How long the process waits for that trade: a gap may be on its way. */
const LAST_TRADE_MS_MAX = 30_000;

const exists = (path: string): boolean => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
};

/** A repeatable source: counts on from where it is known to stand. */
const counter: Source = {
  name: "counter",
  about: "numbers as chat, from its position on",
  contracts: [anyContract(chatEvents)],
  repeatable: true,
  async *open({ loadPosition, clock, signal }) {
    let next = (await loadPosition("counter") as { next?: number } | null)?.next ?? 0;
    while (!signal.aborted) {
      const decoded = Array.from({ length: 20 }, (_, i) => {
        const value = {
          event_id: `counter:${next + i}`,
          timestamp: clock.nowMs(),
          source: "counter",
          stream_id: "counter",
          user_id: "u",
          username: "U",
          message: "",
          emotes: [],
        };
        const order = { instance: "counter", seq: next + i };
        return { kind: "events" as const, events: [{ contract: anyContract(chatEvents), value, order }] };
      });
      next += decoded.length;
      yield { decoded, positions: [{ id: "counter", state: { next } }] };
      await clock.sleep(3, signal);
    }
  },
};

async function main({ folder, env }: MortalIngest): Promise<void> {
  await using log = await openEmbeddedLog({
    path: `${folder}/log.db`,
    clock: systemClock,
    retentionMs: Infinity,
    sizeBytesMax: Infinity,
  });
  const derived = Object.values(derivedTopics).map((topic) => ({ topic, partitions: 1 }));
  await log.ensureTopics([...contracts, ...derived]);
  const refuse = () => Promise.reject(new Error("the log is away"));
  let lastTrade = 0;
  const append = async (batch: AppendBatch) => {
    await log.append(batch);
    const trades = batch.writes.filter(({ topic }) => topic === tradeEvents.topic).flatMap(({ records }) => records);
    for (const { value } of trades) lastTrade = Math.max(lastTrade, JSON.parse(value).trade_id);
  };
  const port = {
    append: (batch: AppendBatch) => (exists(awayFile(folder)) ? refuse() : append(batch)),
    loadPosition: (id: string) => (exists(awayFile(folder)) ? refuse() : log.loadPosition(id)),
  };
  const stop = new AbortController();
  const { config } = parseConfig(env);
  const context = { config, clock: systemClock, random: { next: () => Math.random() }, signal: stop.signal };
  const gapBackOff = { firstMs: 10, maxMs: 100 };
  const sources = [
    twitchSource({ ...twitchLiveOptions, times: quickTimes }),
    binanceSource({ ...binanceLiveOptions, times: quickTimes, gapGraceMs: 20, gapBackOff }),
    counter,
  ];
  const running = sources.map((source) =>
    new SourceRunner(source, { context, log: port, spoolFolder: `${folder}/spool/${source.name}` }).run()
  );
  await Deno.stdout.write(new TextEncoder().encode("running\n"));
  while (!exists(stopFile(folder))) await systemClock.sleep(20);
  const awaited = Number(await Deno.readTextFile(stopFile(folder)));
  const untilMs = systemClock.nowMs() + LAST_TRADE_MS_MAX;
  while (lastTrade < awaited && systemClock.nowMs() < untilMs) await systemClock.sleep(20);
  stop.abort();
  await Promise.all(running);
}

if (import.meta.main) await main(JSON.parse(Deno.args[0]!));
