import { StateMark } from "../routes/(_components)/StateMark.tsx";
import { formatAge } from "../routes/(_lib)/format.ts";
import type { ConnectionPhase } from "../routes/(_lib)/live_client.ts";
import { useLive } from "../routes/(_lib)/use_live.ts";

const WORDS: Readonly<Record<ConnectionPhase, string>> = {
  connecting: "Connecting",
  live: "Live",
  stale: "Stale",
  reconnecting: "Reconnecting",
  paused: "Paused",
  ended: "Sources ended",
};

/** How the page stands to the server. */
export default function ConnectionBadge() {
  const { connection, nowMs } = useLive({ lastId: null, fill: () => {} });
  const { phase, sinceMs } = connection;
  const hasAge = phase === "stale" || phase === "reconnecting";
  const label = hasAge ? `${WORDS[phase]} for ${formatAge(nowMs - sinceMs)}` : WORDS[phase];
  return (
    <div class="badge" id="connection" data-phase={phase}>
      {/* The age that counts up is for the eye; the live region changes with the state only. */}
      <span aria-hidden="true">
        <StateMark state={{ name: phase, label }} />
      </span>
      <span class="visually-hidden" role="status">Connection: {WORDS[phase].toLowerCase()}</span>
    </div>
  );
}
