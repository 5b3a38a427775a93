import { useMemo } from "preact/hooks";
import { MomentRow } from "../routes/(_components)/MomentRow.tsx";
import { NewestList } from "../routes/(_components)/NewestList.tsx";
import { mergeMoments } from "../routes/(_lib)/merged_moments.ts";
import type { MomentItem } from "../routes/(_lib)/moment_shelf.ts";
import { panelStateOf } from "../routes/(_lib)/panel_state.ts";
import { useAnnouncement } from "../routes/(_lib)/use_announcement.ts";
import { useLive } from "../routes/(_lib)/use_live.ts";

interface MomentListProps {
  isOpening: boolean;
  lastId: string | null;
  items: readonly MomentItem[];
}

const SHOWN_MAX = 20;

/** The newest moments: one line per event, whatever number of pipelines saw it. */
export default function MomentList({ isOpening, lastId, items }: MomentListProps) {
  const live = useLive({ lastId, fill: (store) => store.putMoments(items) });
  const held = live.store.moments.items;
  const shown = useMemo(() => mergeMoments(held).slice(0, SHOWN_MAX), [held]);
  const content = shown.length === 0 ? "none" : "enough";
  const state = panelStateOf({ live, channel: "moments", isOpening, content, isRare: true });
  const told = useAnnouncement(shown, { isLive: live.tick > 0, one: "moment", many: "moments" });
  return (
    <NewestList
      id="moments"
      title="Moments"
      note="The newest 20, by event time; what overlaps is one"
      state={state}
      told={told}
      empty="No moment so far. A burst of messages, a raid or a rise of viewers is one; most need a quarter of an hour of history."
    >
      {shown.map((moment) => <MomentRow key={moment.id} moment={moment} />)}
    </NewestList>
  );
}
