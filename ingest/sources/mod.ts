/**
 * THE LIST of sources. A new source is one file here and one line below.
 * @module
 */
import { UserError } from "../../core/errors.ts";
import type { Source } from "../source.ts";
import { bars } from "./bars.ts";
import { binance } from "./binance.ts";
import { chat } from "./chat.ts";
import { mockBars } from "./mock_bars.ts";
import { mockChat } from "./mock_chat.ts";
import { mockStreamMeta } from "./mock_stream_meta.ts";
import { mockTrades } from "./mock_trades.ts";
import { mockTransactions } from "./mock_transactions.ts";
import { mockViewers } from "./mock_viewers.ts";
import { mockWatch } from "./mock_watch.ts";
import { streamMeta } from "./stream_meta.ts";
import { trades } from "./trades.ts";
import { transactions } from "./transactions.ts";
import { twitch } from "./twitch.ts";
import { viewer } from "./viewer.ts";
import { watch } from "./watch.ts";
import { yahoo } from "./yahoo.ts";

/** All sources. */
export const sources: readonly Source[] = [
  twitch,
  binance,
  chat,
  viewer,
  transactions,
  streamMeta,
  trades,
  bars,
  watch,
  yahoo,
  mockChat,
  mockViewers,
  mockTransactions,
  mockStreamMeta,
  mockTrades,
  mockBars,
  mockWatch,
];

/** The source of a name. */
export function sourceByName(name: string): Source {
  const found = sources.find((source) => source.name === name);
  if (found) return found;
  throw new UserError("usage", {
    cause: `Cannot find source "${name}"`,
    fix: `Name one of: ${sources.map((source) => source.name).join(", ")}.`,
  });
}
