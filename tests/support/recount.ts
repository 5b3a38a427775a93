/**
 * Recounts real data by plain means, to compare tables with: regular expressions instead of our decoders, every window
 * counted by itself instead of slices, BigInt instead of our decimals. Rows come out as the lines of an exported CSV.
 * @module
 */
import { emoteNames } from "../../ingest/sources/emote_names.ts";

/** The text of a gzip file. */
export async function gunzipText(path: string): Promise<string> {
  const file = await Deno.open(path);
  return await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).text();
}

const WINDOW_MS = 60_000;
const SLIDE_MS = 10_000;
const iso = (timeMs: number) => new Date(timeMs).toISOString();

/** Lines of `chat_summary_minute` for raw tagged IRC of one channel. */
export function recountChat(irc: string): string[] {
  const windows = new Map<number, { count: number; users: Set<string>; emotes: Map<string, number> }>();
  let channel = "";
  for (const line of irc.split(/\r?\n/)) {
    const message = / PRIVMSG #(\S+) :(.*)$/.exec(line);
    if (message === null) continue;
    channel = message[1]!;
    const timeMs = Number(tag(line, "tmi-sent-ts"));
    const emotes = emotesByRange(tag(line, "emotes"), message[2]!);
    const newest = Math.floor(timeMs / SLIDE_MS) * SLIDE_MS;
    for (let startMs = newest; startMs + WINDOW_MS > timeMs; startMs -= SLIDE_MS) {
      const window = windows.get(startMs) ?? { count: 0, users: new Set(), emotes: new Map() };
      windows.set(startMs, window);
      window.count++;
      window.users.add(tag(line, "user-id"));
      for (const emote of emotes) window.emotes.set(emote, (window.emotes.get(emote) ?? 0) + 1);
    }
  }
  return [...windows].sort(([a], [b]) => a - b).map(([startMs, { count, users, emotes }]) => {
    const top = JSON.stringify(topFive(emotes)).replaceAll('"', '""');
    const quoted = top.includes(",") ? `"${top}"` : top;
    return [channel, iso(startMs), iso(startMs + WINDOW_MS), count, users.size, quoted, ""].join(",");
  });
}

const tag = (line: string, name: string): string => new RegExp(`[@;]${name}=([^; ]*)`).exec(line)?.[1] ?? "";

/** Emotes of the tag's ranges, which count code points, and known names among the words that are left. */
function emotesByRange(ranges: string, text: string): string[] {
  // `/me waves` comes between two U+0001.
  const points = [...(text.startsWith("\u0001ACTION ") ? text.slice(8, -1) : text)];
  const emotes: string[] = [];
  for (const [, first, last] of ranges.matchAll(/(\d+)-(\d+)/g)) {
    const length = Number(last) + 1 - Number(first);
    const word = points.slice(Number(first), Number(last) + 1).join("");
    // Some ranges of the recording do not fit their text.
    if (Number(last) >= points.length || /\s/.test(word)) continue;
    emotes.push(word);
    points.splice(Number(first), length, ...Array(length).fill(" "));
  }
  return [...emotes, ...points.join("").split(" ").filter((word) => emoteNames.has(word))];
}

function topFive(emotes: ReadonlyMap<string, number>): { emote: string; count: number }[] {
  const bytes = (text: string) => [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0"));
  // The order of UTF-8 bytes is that of code points.
  const ranked = [...emotes].sort(([a, m], [b, n]) => n - m || (bytes(a).join("") < bytes(b).join("") ? -1 : 1));
  return ranked.slice(0, 5).map(([emote, count]) => ({ emote, count }));
}

interface Trade {
  readonly timeMs: number;
  readonly id: number;
  readonly price: bigint;
  readonly size: bigint;
}

/** Lines of `market_candles` for a table `recv_ns,E_ms,T_ms,symbol,trade_id,price,qty,buyer_is_maker` of one symbol. */
export function recountCandles(csv: string): string[] {
  const rows = csv.trimEnd().split("\n").slice(1).map((line) => line.split(","));
  const symbol = rows[0]![3]!;
  const trades = rows.map((row): Trade => {
    return { timeMs: Number(row[2]), id: Number(row[4]), price: units(row[5]!), size: units(row[6]!) };
  });
  trades.sort((a, b) => a.timeMs - b.timeMs || a.id - b.id);
  const intervals = [["1m", 60_000], ["1s", 1_000]] as const;
  return intervals.flatMap(([interval, sizeMs]) =>
    [...Map.groupBy(trades, ({ timeMs }) => timeMs - timeMs % sizeMs)].map(([startMs, inWindow]) =>
      [symbol, interval, iso(startMs), iso(startMs + sizeMs), ...candle(inWindow), inWindow.length].join(",")
    )
  );
}

function candle(trades: readonly Trade[]): string[] {
  const prices = trades.map(({ price }) => price).sort((a, b) => (a < b ? -1 : 1));
  const volume = trades.reduce((sum, { size }) => sum + size, 0n);
  const turnover = trades.reduce((sum, { price, size }) => sum + price * size, 0n);
  const [down, rest] = [turnover / volume, turnover % volume];
  const up = 2n * rest > volume || (2n * rest === volume && down % 2n === 1n);
  return [trades[0]!.price, prices.at(-1)!, prices[0]!, trades.at(-1)!.price, volume, up ? down + 1n : down].map(
    decimal,
  );
}

/** `61837.63000000` has eight digits after its point: what is left without the point counts 10^-8. */
const units = (text: string): bigint => BigInt(text.replace(".", ""));

function decimal(value: bigint): string {
  const text = String(value).padStart(9, "0");
  return `${text.slice(0, -8)}.${text.slice(-8)}`.replace(/\.?0+$/, "");
}
