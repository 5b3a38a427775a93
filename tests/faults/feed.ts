/**
 * What a campaign of faults is fed with: a chat file, played at its own pace.
 * @module
 */
import { writeChatFile } from "../support/chat_file.ts";
import type { Cluster } from "./cluster.ts";

/** How large a feed is. */
export interface FeedOptions {
  readonly seed: number;
  readonly events: number;
  readonly streams: number;
  /** How long it takes. */
  readonly feedMs: number;
}

/** Ten minutes of event time. */
const DURATION_MS = 10 * 60_000;

/** Writes the file; gives the words of `replay` for it, and those that make it take its time. */
export async function writeFeed(
  { folder }: Pick<Cluster, "folder">,
  { seed, events, streams, feedMs }: FeedOptions,
): Promise<{ replay: readonly string[]; paced: readonly string[] }> {
  const path = `${folder}/chat.jsonl`;
  const shape = { durationMs: DURATION_MS, lateShare: 0.05, lateMsMax: 20_000, lineBytes: 220 };
  await writeChatFile({ path, seed, lines: events, streams, ...shape });
  const replay = ["replay", path, "--source", "chat"];
  return { replay, paced: [...replay, "--speed", String(DURATION_MS / feedMs)] };
}
