/**
 * What a panel says about its data: never blank, never silently old.
 * @module
 */
import { formatAge } from "./format.ts";
import type { LiveView } from "./use_live.ts";

/** The states that a panel can be in. */
export type PanelStateName =
  | "opening"
  | "connecting"
  | "empty"
  | "warming"
  | "live"
  | "quiet"
  | "stale"
  | "reconnecting"
  | "paused"
  | "ended"
  | "error";

/** A state in words. */
export interface PanelState {
  readonly name: PanelStateName;
  readonly label: string;
  /** Whether what is shown may be old. */
  readonly isOld: boolean;
}

/** What decides a panel's state. */
export interface PanelFacts {
  readonly live: LiveView;
  /** Channel whose silence counts. */
  readonly channel: string;
  /** Whether the server's stores were open when it rendered the page. */
  readonly isOpening: boolean;
  /** How much there is to show. */
  readonly content: "none" | "little" | "enough";
  /** Why it cannot be shown. */
  readonly failure?: string | null;
  /** A list that rarely changes is not quiet, just unchanged. */
  readonly isRare?: boolean;
}

/** Silence of a connected channel that is worth telling. */
const QUIET_MS = 30_000;

const state = (name: PanelStateName, label: string, isOld = false): PanelState => ({ name, label, isOld });

/** The one state that matters most. */
export function panelStateOf({ live, channel, isOpening, content, failure, isRare = false }: PanelFacts): PanelState {
  const { phase, sinceMs } = live.connection;
  const age = formatAge(live.nowMs - sinceMs);
  if (failure) return state("error", failure);
  if (phase === "stale") return state("stale", `Stale for ${age}`, true);
  if (phase === "reconnecting") return state("reconnecting", `Reconnecting for ${age}`, true);
  if (phase === "paused") return state("paused", "Paused", true);
  if (phase === "connecting") return isOpening ? state("opening", "Starting up") : state("connecting", "Connecting");
  if (phase === "ended") return state("ended", "Sources ended");
  if (content === "none") return state("empty", isRare ? "None so far" : "Waiting for data");
  if (content === "little") return state("warming", "Warming up");
  const silentMs = live.silentMs(channel);
  if (!isRare && silentMs > QUIET_MS) return state("quiet", `Quiet for ${formatAge(silentMs)}`);
  return state("live", "Live");
}
