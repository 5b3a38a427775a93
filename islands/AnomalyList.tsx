import { AnomalyRow } from "../routes/(_components)/AnomalyRow.tsx";
import { NewestList } from "../routes/(_components)/NewestList.tsx";
import type { AnomalyItem } from "../routes/(_lib)/anomaly_shelf.ts";
import { panelStateOf } from "../routes/(_lib)/panel_state.ts";
import { useAnnouncement } from "../routes/(_lib)/use_announcement.ts";
import { useLive } from "../routes/(_lib)/use_live.ts";

interface AnomalyListProps {
  isOpening: boolean;
  lastId: string | null;
  items: readonly AnomalyItem[];
}

const SHOWN_MAX = 20;

/** The newest anomalies. */
export default function AnomalyList({ isOpening, lastId, items }: AnomalyListProps) {
  const live = useLive({ lastId, fill: (store) => store.putAnomalies(items) });
  const shown = live.store.anomalies.items.slice(0, SHOWN_MAX);
  const content = shown.length === 0 ? "none" : "enough";
  const state = panelStateOf({ live, channel: "anomalies", isOpening, content, isRare: true });
  const told = useAnnouncement(shown, { isLive: live.tick > 0, one: "anomaly", many: "anomalies" });
  return (
    <NewestList
      id="anomalies"
      title="Anomalies"
      note="The newest 20, by event time"
      state={state}
      told={told}
      empty="Nothing unusual so far. Detectors need some windows of history before they judge."
    >
      {shown.map((item) => <AnomalyRow key={item.id} item={item} />)}
    </NewestList>
  );
}
