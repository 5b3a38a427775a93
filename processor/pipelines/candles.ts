import { DECIMAL_SCALE } from "../../core/decimal.ts";
import { type TradeEvent, tradeEvents } from "../../core/events/trades.ts";
import { hours, minutes, seconds } from "../../core/time.ts";
import { tumbling } from "../../core/window.ts";
import { volatilitySpike, zScoreOfEvents } from "../detectors/mod.ts";
import { count, ohlcv, type TradeOptions, vwapOf } from "../metrics/mod.ts";
import { type Pipeline, pipeline, type PipelineDefinition } from "../pipeline.ts";

const trade: TradeOptions<TradeEvent> = {
  price: (trade) => trade.price,
  size: (trade) => trade.size,
  tie: (trade) => trade.trade_id,
  scale: DECIMAL_SCALE,
};

/** Prices move in ticks; a baseline that hardly moves has no meaningful z-score. */
const PRICE_STD_DEV_MIN = 0.05;

const priceZScore = zScoreOfEvents<TradeEvent>("price", {
  value: (trade) => Number(trade.price),
  threshold: 3,
  stdDevMin: PRICE_STD_DEV_MIN,
});

/** What intervals differ in beside their size. */
type Variant = Pick<PipelineDefinition<TradeEvent>, "allowedLatenessMs" | "detect">;

const candlesOf = (interval: string, sizeMs: number, variant: Variant): Pipeline =>
  pipeline<TradeEvent>({
    name: `candles_${interval}`,
    family: "candles",
    contract: tradeEvents,
    key: "symbol",
    constants: { interval },
    window: tumbling({ sizeMs }),
    outOfOrdernessMs: seconds(1),
    metrics: { ...ohlcv(trade), vwap: vwapOf(trade), trade_count: count() },
    table: "market_candles",
    ...variant,
  });

/** Candles per symbol, one pipeline an interval; the fastest also watches the trades themselves. */
export const candles: readonly Pipeline[] = [
  candlesOf("1s", seconds(1), { allowedLatenessMs: minutes(2), detect: [priceZScore] }),
  candlesOf("1m", minutes(1), { allowedLatenessMs: hours(2), detect: [volatilitySpike("close", { factor: 5 })] }),
];
