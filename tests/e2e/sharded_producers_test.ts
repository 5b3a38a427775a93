/**
 * Three producers as three processes, each with a folder of its own, over one data set: together they send all of it, and
 * no two of them the same.
 */
import assert from "node:assert/strict";
import { sharedDataTest, sharedPath } from "../ingest/shared_data.ts";
import { topicValues } from "../support/read_topic.ts";
import { inTempFolder } from "../support/temp_folder.ts";
import { lastJson, tidemarkOk } from "../support/tidemark.ts";

const TOTAL = 3;

interface Bar {
  readonly event_id: string;
  readonly symbol: string;
}

/** What each of three producers sends of the files, and what its counts say. */
async function parts(folder: string, call: readonly string[]) {
  const runs = Array.from({ length: TOTAL }, async (_, index) => {
    const dataDir = `${folder}/producer-${index}`;
    const env = { TOTAL_PRODUCERS: String(TOTAL), PRODUCER_INDEX: String(index) };
    const args = ["replay", ...call, "--source", "bars", "--drain", "--json", "--data-dir", dataDir];
    const counts = lastJson(await tidemarkOk(args, env));
    return { counts, bars: await topicValues<Bar>(dataDir, "market.bars") };
  });
  return await Promise.all(runs);
}

function assertShared(
  found: Awaited<ReturnType<typeof parts>>,
  { lines, symbols }: { lines: number; symbols: string[] },
) {
  const sent = found.map(({ bars }) => bars.map(({ event_id }) => event_id));
  assert.equal(new Set(sent.flat()).size, lines, "the union is complete");
  assert.equal(sent.flat().length, lines, "the intersection is empty");
  // Sorted by code point, symbol i is producer i mod 3's.
  found.forEach(({ bars, counts }, index) => {
    const own = [...new Set(bars.map(({ symbol }) => symbol))].sort();
    assert.deepEqual(own, symbols.filter((_, place) => place % TOTAL === index));
    const { read, ignored, dead } = counts as Record<string, number>;
    assert.deepEqual([read, dead, ignored], [lines, 0, lines - bars.length]);
  });
}

Deno.test("three processes share an invented data set of eight symbols in two files", () =>
  inTempFolder(async (folder) => {
    const symbols = ["AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH"];
    for (const half of [0, 1]) {
      const rows = symbols.flatMap((symbol, i) =>
        Array.from(
          { length: 20 },
          (_, day) =>
            `${symbol},2024-0${1 + half}-${String(day + 1).padStart(2, "0")},${i + 1},${i + 1},${i + 1},${i + 1},7`,
        )
      );
      await Deno.writeTextFile(`${folder}/${half}.csv`, ["symbol,date,open,high,low,close,volume", ...rows].join("\n"));
    }
    const call = [`${folder}/0.csv`, `${folder}/1.csv`, "--map", "timestamp=date", "--set", "interval=1d"];
    assertShared(await parts(folder, call), { lines: 320, symbols });
  }));

const STOCKS = ["aapl", "bac", "goog", "ibm", "spy"];
const files = STOCKS.map((symbol) => `stocks/lean_daily_${symbol}.csv`);

sharedDataTest("three processes share the daily bars of five real stocks", files, () =>
  inTempFolder(async (folder) => {
    const prices = ["open", "high", "low", "close"].flatMap((name) => ["--map", `${name}=${name}_x10000`]);
    const call = [
      ...files.map(sharedPath),
      ...["--map", "timestamp=date", ...prices, "--scale", "10000", "--timezone", "America/New_York"],
      ...["--set", "symbol=@name:lean_daily_*", "--set", "interval=1d"],
    ];
    assertShared(await parts(folder, call), { lines: 4 * 5_849 + 4_183, symbols: STOCKS });
  }));
