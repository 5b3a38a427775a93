/**
 * THE LIST of pipelines. A new pipeline is one file here and one line below.
 * @module
 */
import type { Pipeline } from "../pipeline.ts";
import { candles } from "./candles.ts";
import { chat } from "./chat.ts";
import { chatSessions } from "./chat_sessions.ts";
import { quality } from "./quality.ts";
import { raids } from "./raids.ts";
import { streamMeta } from "./stream_meta.ts";
import { transactions } from "./transactions.ts";
import { viewers } from "./viewers.ts";

/** The pipelines that run. */
export const pipelines: readonly Pipeline[] = [
  chat,
  chatSessions,
  viewers,
  transactions,
  streamMeta,
  raids,
  ...candles,
  quality,
];
