/**
 * Recorded input of one event: an hour of a stream, quiet, and in it half a minute in which everybody writes, viewers
 * come, and somebody gives.
 * @module
 */
import { formatTime } from "../../core/time.ts";

const START_MS = Date.UTC(2024, 7, 8, 12);
const BURST_S = 2_400;
const END_S = 3_600;
const STREAM = { source: "test", stream_id: "big_stream" };

/** Paths of the files, by what they hold. */
export interface MomentFiles {
  readonly chat: string;
  readonly viewers: string;
  readonly transactions: string;
}

/** What they hold. */
export interface MomentFilesOptions {
  /** Nothing but the quiet hour. */
  readonly isQuiet?: boolean;
  readonly startMs?: number;
}

/** How long they last. */
export const FILES_MS = END_S * 1_000;

/** Writes them. */
export async function writeMomentFiles(
  dir: string,
  { isQuiet = false, startMs = START_MS }: MomentFilesOptions = {},
): Promise<MomentFiles> {
  const isBurst = (second: number) => !isQuiet && second >= BURST_S && second < BURST_S + 30;
  const chat: object[] = [];
  const viewers: object[] = [];
  const transactions: object[] = [];
  for (let second = 0; second < END_S; second++) {
    const event = (kind: string, n = 0) => (
      { event_id: `${kind}${second}-${n}`, timestamp: formatTime(startMs + second * 1_000 + n * 50), ...STREAM }
    );
    const messages = isBurst(second) ? 10 : second % 3 === 0 ? 1 : 0;
    for (let n = 0; n < messages; n++) {
      const emotes = isBurst(second) ? ["PogChamp"] : [];
      const user = (second + n) % 40;
      const said = {
        user_id: `u${user}`,
        username: `user${user}`,
        message: ["what a play", ...emotes].join(" "),
        emotes,
      };
      chat.push({ ...event("c", n), ...said });
    }
    if (second % 10 === 0) viewers.push({ ...event("v"), viewer_count: isQuiet || second < BURST_S ? 300 : 900 });
    if (second % 60 === 0 || second === BURST_S + 5) {
      const amount = second === BURST_S + 5 ? 20 : 1;
      transactions.push({ ...event("t"), user_id: "u1", type: "donation", amount: String(amount), currency: "USD" });
    }
  }
  const write = async (name: string, events: readonly object[]) => {
    const path = `${dir}/${name}.jsonl`;
    await Deno.writeTextFile(path, events.map((one) => JSON.stringify(one) + "\n").join(""));
    return path;
  };
  return {
    chat: await write("chat", chat),
    viewers: await write("viewers", viewers),
    transactions: await write("transactions", transactions),
  };
}
