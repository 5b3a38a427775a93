/**
 * The ingesting process killed at any moment under load, the log away and back all the time.
 *
 * ```
 * sockets  ●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●
 * log      there  │ away   │there│ away       │ there …
 * process  start ────▶ SIGKILL ─ start ──────▶ SIGKILL ─ … 20 times … ─ start ────▶ the spools are empty ─▶ end
 * ```
 */
import assert from "node:assert/strict";
import { seededRandom, systemClock } from "../../core/clock.ts";
import type { AppendBatch, LogRecord } from "../../core/ports.ts";
import { readPayload, scanSegment } from "../../ingest/spool_segment.ts";
import { FakeBinance, tradeFrame } from "../support/fake_binance.ts";
import { chatLine, FakeTwitch } from "../support/fake_twitch.ts";
import { awayFile, type MortalIngest, stopFile } from "../support/mortal_ingest.ts";
import { openLogOf, recordsOf } from "../support/read_topic.ts";
import { inTempFolder } from "../support/temp_folder.ts";
import { projectRoot } from "../support/tidemark.ts";
import { until } from "../support/until.ts";

const KILLS = 20;

Deno.test("killed 20 times with the log away and back, what can be repeated and what reached the spool is in the log once", () =>
  inTempFolder(async (folder) => {
    await using binance = new FakeBinance();
    await using twitch = new FakeTwitch();
    const load = startLoad(binance, twitch);
    const log = startAbsences(folder);
    const call: MortalIngest = {
      folder,
      env: { ...binance.environment, ...twitch.environment, BINANCE_SYMBOLS: "BTCUSDT", TWITCH_CHANNEL: "demo" },
    };
    const spooled = new Set<string>();
    const random = seededRandom(11);
    try {
      for (let kills = 0; kills < KILLS; kills++) {
        const process = await start(call);
        await systemClock.sleep(150 + random.next() * 900);
        process.kill("SIGKILL");
        await process.status;
        for (const id of await spooledIds(`${folder}/spool`)) spooled.add(id);
      }
    } finally {
      await log.end();
    }
    const last = await start(call);
    await twitch.hasJoined();
    await systemClock.sleep(500);
    load.end();
    await until(async () => (await spooledIds(`${folder}/spool`)).length === 0, "the spools to be empty", 20_000);
    await Deno.writeTextFile(`${stopFile(folder)}.new`, String(load.trades()));
    await Deno.rename(`${stopFile(folder)}.new`, stopFile(folder));
    assert.equal((await last.status).code, 0);

    await using kept = await openLogOf(folder);
    const [chat, trades] = [await recordsOf(kept, "events.chat"), await recordsOf(kept, "market.trades")];
    assertWhole(trades.map(({ value }) => JSON.parse(value).trade_id), load.trades());
    assertWhole(numbers(chat, "counter:"), null);
    const said = numbers(chat, "m");
    assert.equal(new Set(said).size, said.length, "no message twice");
    const scores = await recordsOf(kept, "quality");
    const ids = new Set([...chat, ...trades, ...scores].map(({ value }) => JSON.parse(value).event_id));
    assert.ok(spooled.size > 500, `only ${spooled.size} records were seen in the spools`);
    assert.deepEqual([...spooled].filter((id) => !ids.has(id)), [], "everything that reached the spool is there");
    assert.ok(said.length > load.said() / 4, `${said.length} of ${load.said()} messages`);
  }));

/** Trades and messages without a pause. */
function startLoad(binance: FakeBinance, twitch: FakeTwitch) {
  let trades = 0;
  let said = 0;
  const timer = setInterval(() => {
    const next = () => ({ symbol: "BTCUSDT", id: ++trades, timeMs: Date.now() });
    binance.send(Array.from({ length: 5 }, () => tradeFrame(next())));
    twitch.say(Array.from({ length: 5 }, () => chatLine({ id: `m${++said}` })));
  }, 10);
  return { end: () => clearInterval(timer), trades: () => trades, said: () => said };
}

/** The log goes away and comes back at seeded moments, until the end, from when on it is there. */
function startAbsences(folder: string) {
  const random = seededRandom(5);
  const stop = new AbortController();
  const running = (async () => {
    while (!stop.signal.aborted) {
      await Deno.writeTextFile(awayFile(folder), "");
      await systemClock.sleep(100 + random.next() * 900, stop.signal);
      await Deno.remove(awayFile(folder));
      await systemClock.sleep(100 + random.next() * 500, stop.signal);
    }
  })();
  return {
    end: () => {
      stop.abort();
      return running;
    },
  };
}

async function start(call: MortalIngest): Promise<Deno.ChildProcess> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", `${projectRoot}tests/support/mortal_ingest.ts`, JSON.stringify(call)],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = process.stdout.getReader();
  const { done } = await reader.read();
  await reader.cancel();
  assert.ok(!done, "the process ended before it ran");
  return process;
}

/** Ids of the events that wait in the spools, read without touching them. */
async function spooledIds(folder: string): Promise<string[]> {
  const ids: string[] = [];
  for (const source of ["twitch", "binance"]) {
    for (const path of spoolFiles(`${folder}/${source}`)) {
      try {
        using file = await Deno.open(path);
        for (const place of (await scanSegment(file))?.entries ?? []) {
          const { writes } = JSON.parse(new TextDecoder().decode(await readPayload(file, place))) as AppendBatch;
          ids.push(...writes.flatMap(({ records }) => records.map(({ value }) => JSON.parse(value).event_id)));
        }
      } catch (error) {
        // A process that is alive may have given it back meanwhile.
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
  }
  return ids;
}

function spoolFiles(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`);
  } catch {
    return [];
  }
}

/** The numbers at the end of the ids that begin so. */
const numbers = (records: readonly LogRecord[], start: string): number[] =>
  records.map(({ value }) => JSON.parse(value).event_id as string).filter((id) => id.startsWith(start))
    .map((id) => Number(id.slice(start.length)));

/** Asserts that numbers rise by one, to the last one where that is known. */
function assertWhole(found: readonly number[], last: number | null): void {
  assert.ok(found.length > 1_000, `only ${found.length}`);
  const [first] = found;
  found.forEach((number, i) => assert.equal(number, first! + i));
  if (last !== null) assert.equal(found.at(-1), last);
}
