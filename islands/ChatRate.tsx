import { useMemo, useRef } from "preact/hooks";
import { ChartFrame } from "../routes/(_components)/ChartFrame.tsx";
import { Panel } from "../routes/(_components)/Panel.tsx";
import { Shape } from "../routes/(_components)/Shape.tsx";
import { chartViewOf, completeValue, rankStreams } from "../routes/(_lib)/chat_view.ts";
import { formatClock, formatCount, formatValue } from "../routes/(_lib)/format.ts";
import { CHART_SLOTS, type ChartView } from "../routes/(_lib)/line_chart.ts";
import { type PanelState, panelStateOf } from "../routes/(_lib)/panel_state.ts";
import type { SeriesSet } from "../routes/(_lib)/series.ts";
import { assignSlots } from "../routes/(_lib)/slots.ts";
import { useLineChart } from "../routes/(_lib)/use_line_chart.ts";
import { useLive } from "../routes/(_lib)/use_live.ts";

interface ChatRateProps {
  isOpening: boolean;
  lastId: string | null;
  chat: SeriesSet;
}

/** Messages per minute of the loudest streams. */
export default function ChatRate({ isOpening, lastId, chat }: ChatRateProps) {
  const live = useLive({ lastId, fill: (store) => store.chat.putSet(chat) });
  const held = useRef<(string | null)[]>([]);
  const table = live.store.chat;
  const { ranked, slots, view } = useMemo(() => {
    const ranked = rankStreams(table);
    const slots = assignSlots(held.current, ranked, CHART_SLOTS);
    const keys = slots.flatMap((key, slot) => key === null ? [] : [[key, slot] as const]);
    return { ranked, slots, view: chartViewOf(table, keys, { gapMs: table.stepMs * 1.5 }) };
  }, [live.tick]);
  held.current = slots;
  const { canvas, failure } = useLineChart(view, { beginAtZero: true, format: formatCount, formatTick: formatValue });
  const points = Math.max(0, ...view.lines.map((line) => line.points.length));
  const content = points === 0 ? "none" : points < 2 ? "little" : "enough";
  const state = panelStateOf({ live, channel: "chat", isOpening, content, failure });
  return (
    <Panel id="chat-rate" title="Messages per minute" note="By stream, 1-minute windows" state={state}>
      <ul class="legend">
        {view.lines.map(({ key, slot }) => (
          <li key={key}>
            <Shape slot={slot} />
            <span class="legend-name" title={key}>{key}</span>
            <b class="number">{formatCount(completeValue(table, key))}</b>
          </li>
        ))}
        {ranked.length > view.lines.length && (
          <li class="legend-more">and {formatCount(ranked.length - view.lines.length)} more</li>
        )}
      </ul>
      <ChartFrame
        canvas={canvas}
        label="Line chart: messages per minute by stream. The latest values stand in the list before it."
        message={failure ?? (content === "none" ? messageOf(state) : null)}
        caption={captionOf(view)}
      />
    </Panel>
  );
}

function messageOf({ name }: PanelState): string {
  return name === "opening"
    ? "The stores are opening: this takes a few seconds."
    : "No chat yet: messages appear within seconds of a source going live.";
}

function captionOf({ lines, completeMs }: ChartView): string {
  if (lines.length === 0) return "Latest complete window: none yet.";
  return `Latest complete window: to ${formatClock(completeMs)} UTC. Dashed: still filling.`;
}
