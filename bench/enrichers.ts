/**
 * What sentiment and toxicity cost together, on one core: on messages that are all different, and on chat as it is, which
 * repeats itself. Real chat is read from ../shared/data where that is there.
 *
 *     deno task bench:enrichers [--rounds N]
 *
 * @module
 */
import process from "node:process";
import { print } from "../cli/terminal.ts";
import type { ChatEvent } from "../core/events/chat.ts";
import { csvCells } from "../ingest/recorded/csv_cells.ts";
import { readRecords } from "../ingest/recorded/open_lines.ts";
import { sentimentEnricher } from "../processor/enrichers/sentiment.ts";
import { toxicityEnricher } from "../processor/enrichers/toxicity.ts";
import { chatExamples } from "../processor/models/toxicity/chat_examples.ts";
import { chanceFrom } from "../processor/models/toxicity/random.ts";
import { benchOptions } from "./options.ts";

/** Events that the engine hands over at a time. */
const BATCH = 1_000;
const DISTINCT = 100_000;
const CHAT = new URL("../../shared/data/chat/", import.meta.url);

const { rounds } = benchOptions({ rounds: 3 });

const eventOf = (message: string, i: number): ChatEvent => ({
  event_id: `b${i}`,
  timestamp: new Date(1_600_000_000_000 + i).toISOString(),
  source: "bench",
  stream_id: "room",
  user_id: "u",
  username: "u",
  message,
  emotes: [],
});

/** Messages that are all different: made of the templates of the training, and told apart by a number where they repeat. */
function distinctMessages(): ChatEvent[] {
  const texts = new Set<string>();
  const chance = chanceFrom(42);
  while (texts.size < DISTINCT) for (const { text } of chatExamples(chance)) texts.add(text);
  return [...texts].slice(0, DISTINCT).map(eventOf);
}

async function recordedChat(): Promise<ChatEvent[]> {
  const texts: string[] = [];
  for await (const lines of readRecords(new URL("xqcow_raw_irc_20190915.txt.gz", CHAT).pathname, { format: "lines" })) {
    for (const line of lines) {
      const found = / PRIVMSG #\S+ :(.*)/.exec(line);
      if (found) texts.push(found[1]!);
    }
  }
  return texts.map(eventOf);
}

async function recordedVods(): Promise<ChatEvent[]> {
  const texts: string[] = [];
  for (const file of ["a_arcsystemworksu_0509206174", "b_patstaresat_0509268120"]) {
    for await (const records of readRecords(new URL(`vod_overlap_${file}.csv.gz`, CHAT).pathname, { format: "csv" })) {
      for (const record of records) {
        const cells = csvCells(record, ",");
        if (typeof cells !== "string") texts.push(cells.at(-1)!);
      }
    }
  }
  return texts.map(eventOf);
}

/** Scores events `times` over with new enrichers; events per CPU-second. */
async function measure(name: string, events: readonly ChatEvent[], times = 1): Promise<void> {
  const results: string[] = [];
  let hitShare = 0;
  for (let round = 0; round < rounds; round++) {
    const sentiment = sentimentEnricher();
    const toxicity = toxicityEnricher();
    await toxicity.prepare();
    const before = process.cpuUsage();
    const startedMs = performance.now();
    for (let time = 0; time < times; time++) {
      for (let from = 0; from < events.length; from += BATCH) {
        const batch = events.slice(from, from + BATCH);
        sentiment.enrich(batch);
        toxicity.enrich(batch);
      }
    }
    const wallMs = performance.now() - startedMs;
    const { user, system } = process.cpuUsage(before);
    const { hits, misses } = sentiment.cacheCounts();
    hitShare = hits / (hits + misses);
    const count = events.length * times;
    results.push(`${Math.round(count / ((user + system) / 1e6) / 1000)}k/CPU-s (${Math.round(count / wallMs)}k/s)`);
  }
  print(`${name.padEnd(44)} ${results.join("  ")}  hits ${(hitShare * 100).toFixed(1)} %`);
}

// The first round of all pays for compilation.
await measure(`${DISTINCT} distinct messages`, distinctMessages());
try {
  const busy = await recordedChat();
  const vods = await recordedVods();
  await measure(`recorded busy chat, once (${busy.length})`, busy);
  await measure(`recorded busy chat, 40 times over`, busy, 40);
  await measure(`recorded VOD chat, once (${vods.length})`, vods);
  await measure(`recorded VOD chat, 10 times over`, vods, 10);
} catch (error) {
  print(`recorded chat is left out: ${(error as Error).message}`);
}
