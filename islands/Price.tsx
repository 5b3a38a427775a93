import { useMemo, useState } from "preact/hooks";
import { ChartFrame } from "../routes/(_components)/ChartFrame.tsx";
import { Panel } from "../routes/(_components)/Panel.tsx";
import { Shape } from "../routes/(_components)/Shape.tsx";
import { formatChange, formatClock, formatPrice, formatValue } from "../routes/(_lib)/format.ts";
import { type PanelState, panelStateOf } from "../routes/(_lib)/panel_state.ts";
import { type PriceView, priceViewOf, symbolsOf } from "../routes/(_lib)/price_view.ts";
import type { SeriesSet } from "../routes/(_lib)/series.ts";
import { useLineChart } from "../routes/(_lib)/use_line_chart.ts";
import { useLive } from "../routes/(_lib)/use_live.ts";

interface PriceProps {
  isOpening: boolean;
  lastId: string | null;
  candles1s: SeriesSet;
  candles1m: SeriesSet;
  /** Chosen by the page's URL. */
  symbol: string | null;
}

/** Closing prices of one symbol at a time. */
export default function Price({ isOpening, lastId, candles1s, candles1m, symbol }: PriceProps) {
  const live = useLive({
    lastId,
    fill: (store) => {
      store.candles1s.putSet(candles1s);
      store.candles1m.putSet(candles1m);
    },
  });
  const [wanted, setWanted] = useState(symbol);
  const view = useMemo(() => priceViewOf(live.store, wanted), [live.tick, wanted]);
  const { canvas, failure } = useLineChart(view.chart, {
    beginAtZero: false,
    format: formatPrice,
    formatTick: formatValue,
  });
  const content = view.points === 0 ? "none" : view.points < 2 ? "little" : "enough";
  const channel = `candles_${view.interval}`;
  const state = panelStateOf({ live, channel, isOpening, content, failure });
  const choose = (name: string) => {
    setWanted(name);
    const url = new URL(location.href);
    url.searchParams.set("symbol", name);
    history.replaceState(history.state, "", url);
  };
  return (
    <Panel id="price" title="Price" note={noteOf(view)} state={state}>
      <div class="price-head">
        <div class="choices" role="group" aria-label="Symbol">
          {symbolsOf(live.store).map((name, slot) => (
            <button
              key={name}
              type="button"
              // A text: the server would write a bare attribute for true, and none for false.
              aria-pressed={name === view.symbol ? "true" : "false"}
              onClick={() => choose(name)}
            >
              <Shape slot={slot} />
              {name}
            </button>
          ))}
        </div>
        <p class="price-now">
          <b class="number">{formatPrice(view.price)}</b>
          <span class="number price-change">{formatChange(view.firstPrice, view.price)}</span>
        </p>
      </div>
      <ChartFrame
        canvas={canvas}
        label="Line chart: closing price over time. The latest price stands before it."
        message={failure ?? (content === "none" ? messageOf(state) : null)}
        caption={captionOf(view)}
      />
    </Panel>
  );
}

function noteOf({ interval }: PriceView): string {
  return interval === "1s" ? "Close of 1-second candles" : "Close of 1-minute candles";
}

function messageOf({ name }: PanelState): string {
  return name === "opening"
    ? "The stores are opening: this takes a few seconds."
    : "No trades yet: prices appear within seconds of a source going live.";
}

function captionOf({ symbol, chart, price }: PriceView): string {
  if (symbol === null) return "Latest price: none yet.";
  return `${symbol}: ${formatPrice(price)} at ${formatClock(chart.lines[0]?.points.at(-1)?.[0])} UTC.`;
}
