import { useEffect, useRef, useState } from "preact/hooks";
import { AnomalyRow } from "../routes/(_components)/AnomalyRow.tsx";
import { Panel } from "../routes/(_components)/Panel.tsx";
import type { AnomalyItem } from "../routes/(_lib)/anomaly_shelf.ts";
import { panelStateOf } from "../routes/(_lib)/panel_state.ts";
import { useLive } from "../routes/(_lib)/use_live.ts";

interface AnomalyListProps {
  isOpening: boolean;
  lastId: string | null;
  items: readonly AnomalyItem[];
}

const SHOWN_MAX = 20;
/** New ones are told together: a screen reader is not to be talked over. */
const ANNOUNCE_MS = 10_000;

/** The newest anomalies. */
export default function AnomalyList({ isOpening, lastId, items }: AnomalyListProps) {
  const live = useLive({ lastId, fill: (store) => store.putAnomalies(items) });
  const shown = live.store.anomalies.items.slice(0, SHOWN_MAX);
  const content = shown.length === 0 ? "none" : "enough";
  const state = panelStateOf({ live, channel: "anomalies", isOpening, content, isRare: true });
  return (
    <Panel id="anomalies" title="Anomalies" note="The newest 20, by event time" state={state}>
      <p class="visually-hidden" role="status">{useAnnouncement(shown, live.tick > 0)}</p>
      {shown.length === 0
        ? (
          <p class="empty">
            {state.name === "opening"
              ? "The stores are opening: this takes a few seconds."
              : "Nothing unusual so far. Detectors need some windows of history before they judge."}
          </p>
        )
        : (
          <ol class="anomalies" tabIndex={0} aria-label="Anomalies, newest first">
            {shown.map((item) => <AnomalyRow key={item.id} item={item} />)}
          </ol>
        )}
    </Panel>
  );
}

/** A sentence on how many have come since the last one. */
function useAnnouncement(shown: readonly AnomalyItem[], isLive: boolean): string {
  const known = useRef<Set<string> | null>(null);
  const [text, setText] = useState("");
  const latest = useRef(shown);
  latest.current = shown;
  useEffect(() => {
    if (!isLive) return;
    known.current = new Set(latest.current.map(({ id }) => id));
    const timer = setInterval(() => {
      const fresh = latest.current.filter(({ id }) => !known.current?.has(id));
      if (fresh.length === 0) return;
      known.current = new Set(latest.current.map(({ id }) => id));
      const [newest] = fresh;
      setText(`${fresh.length} new ${fresh.length === 1 ? "anomaly" : "anomalies"}, the latest for ${newest?.key}`);
    }, ANNOUNCE_MS);
    return () => clearInterval(timer);
  }, [isLive]);
  return text;
}
