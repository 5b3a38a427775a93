/**
 * Makes canonical chat files: seeded, of any length, with late events, for tests and benchmarks.
 * @module
 */
import { seededRandom } from "../../core/clock.ts";
import { formatTime } from "../../core/time.ts";

/** What a chat file holds. */
export interface ChatFileOptions {
  readonly path: string;
  readonly seed: number;
  readonly lines: number;
  readonly streams: number;
  /** Event time from the first line to the last. */
  readonly durationMs: number;
  /** Share of lines that come late. */
  readonly lateShare: number;
  /** How late at most. */
  readonly lateMsMax: number;
  /** Length of a line in bytes, reached by padding the message. */
  readonly lineBytes: number;
}

const START_MS = Date.UTC(2024, 0, 1, 12);
const EMOTES = ["Kappa", "LUL", "PogChamp", "KEKW", "monkaS", "Sadge"] as const;
const LINES_PER_WRITE = 10_000;

/** Writes the file. */
export async function writeChatFile(options: ChatFileOptions): Promise<void> {
  using file = await Deno.open(options.path, { write: true, create: true, truncate: true });
  const writer = file.writable.getWriter();
  const encoder = new TextEncoder();
  let portion: string[] = [];
  for (const line of chatLines(options)) {
    portion.push(line);
    if (portion.length < LINES_PER_WRITE) continue;
    await writer.write(encoder.encode(portion.join("\n") + "\n"));
    portion = [];
  }
  if (portion.length > 0) await writer.write(encoder.encode(portion.join("\n") + "\n"));
  await writer.close();
}

/** The lines of the file. */
export function* chatLines(options: Omit<ChatFileOptions, "path">): Generator<string> {
  const { seed, lines, streams, durationMs, lateShare, lateMsMax, lineBytes } = options;
  const random = seededRandom(seed);
  for (let i = 0; i < lines; i++) {
    let timeMs = START_MS + Math.floor(i * durationMs / lines);
    if (random.next() < lateShare) timeMs -= Math.floor(random.next() * lateMsMax);
    // Squares of uniform numbers: few streams and users are busy, many are quiet.
    const stream = Math.floor(random.next() * random.next() * streams);
    const user = Math.floor(random.next() * random.next() * 20_000);
    const emotes = random.next() < 0.4 ? [EMOTES[Math.floor(random.next() * EMOTES.length)]!] : [];
    const event = {
      event_id: `e${String(i).padStart(10, "0")}`,
      timestamp: formatTime(timeMs),
      source: "test",
      stream_id: `stream_${String(stream).padStart(3, "0")}`,
      user_id: `u${user}`,
      username: `user_${user}`,
      message: `hello chat ${emotes[0] ?? ""}`,
      emotes,
    };
    const line = JSON.stringify(event);
    yield line.replace("hello chat ", "hello chat " + "x".repeat(Math.max(0, lineBytes - 1 - line.length)));
  }
}
