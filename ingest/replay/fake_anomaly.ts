/**
 * Labelled anomalies in recorded prices, so that detection can be scored on real data. Only on the user's word: recorded
 * data is never changed in silence.
 * @module
 */
import { DECIMAL_SCALE, formatScaled, multiplyScaled, parseScaled } from "../../core/decimal.ts";
import { UserError } from "../../core/errors.ts";
import type { Decoded, DecodedEvent, Source } from "../source.ts";

/** The price of a spike is this many times the right one. */
export const FAKE_PRICE_FACTOR = 5;

/** The prices of the topics that have some. */
const pricesOf: Readonly<Record<string, readonly string[]>> = {
  "market.trades": ["price"],
  "market.bars": ["open", "high", "low", "close"],
};

/** Whether the events of a source have prices. */
export const hasPrices = ({ contracts }: Source): boolean =>
  contracts.some(({ topic }) => Object.hasOwn(pricesOf, topic));

/**
 * Refuses a source whose events have no price.
 *
 * @throws {UserError}
 */
export function requirePrices(source: Source): void {
  if (hasPrices(source)) return;
  throw new UserError("usage", {
    cause: `Cannot make fake anomalies in ${source.name}: its events have no price`,
    fix: "leave --fake-anomalies out (and ENABLE_FAKE_ANOMALIES unset), or use trades, bars or binance",
  });
}

/** The same with its prices five times as high, and labelled `fake_anomaly: "price_spike"`. */
export const withPriceSpike = (decoded: Decoded): Decoded =>
  decoded.kind === "events" ? { kind: "events", events: decoded.events.map(spiked) } : decoded;

function spiked(event: DecodedEvent): DecodedEvent {
  const fields = Object.hasOwn(pricesOf, event.contract.topic) ? pricesOf[event.contract.topic]! : [];
  if (fields.length === 0 || typeof event.value !== "object" || event.value === null) return event;
  const value: Record<string, unknown> = { ...event.value, fake_anomaly: "price_spike" };
  for (const field of fields) {
    const price = value[field];
    // What is no price is refused at the door as it stands.
    if (typeof price !== "string" || !/^\d{1,18}(\.\d{1,8}0*)?$/.test(price)) return event;
    value[field] = formatScaled(multiplyScaled(parseScaled(price, DECIMAL_SCALE), FAKE_PRICE_FACTOR), DECIMAL_SCALE);
  }
  return { contract: event.contract, value };
}
