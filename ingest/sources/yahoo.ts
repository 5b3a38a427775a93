/**
 * Bars of Yahoo: recorded responses of its chart API, or live by polling.
 * @module
 */
import { barEvents } from "../../core/events/bars.ts";
import { anyContract, type Decode, type Source } from "../source.ts";
import { dead, EVENT_UNITS_MAX, ignored, tooLarge } from "./outcome.ts";
import { barsOf, decodedBar } from "./yahoo_bars.ts";
import { ChartFault, readChart } from "./yahoo_chart.ts";
import { yahooLive, type YahooLiveOptions, yahooLiveOptions } from "./yahoo_live.ts";

const contract = anyContract(barEvents);

/** Source `yahoo` with what a test changes. */
export const yahooSource = (options: YahooLiveOptions): Source => ({
  name: "yahoo",
  about: "bars of stocks, indices, currencies from Yahoo's chart API, cleaned, with splits and dividends",
  contracts: [contract],
  recorded: { form: "json", decoder: yahooDecoder },
  // What was missed while the log was away is asked for again.
  repeatable: true,
  quietMsMax: options.closedPollMs * 2.5,
  open: (context) => yahooLive(context, options),
});

/** Source `yahoo`. */
export const yahoo: Source = yahooSource(yahooLiveOptions);

/** A decoder of whole documents: each is a response, with or without its request around it. */
export function yahooDecoder(): Decode {
  return (text) => {
    if (text.trim() === "") return ignored("blank");
    const chart = readChart(text);
    // A long history is a long text; what is beyond all bounds has been cut, and is no JSON any more.
    if (chart instanceof ChartFault) {
      const isCut = chart.fault.reason === "not_json" && text.length > EVENT_UNITS_MAX;
      return dead(contract, isCut ? tooLarge : chart.fault);
    }
    const found = barsOf(chart);
    if (found === null) return ignored("interval without a fixed length");
    return found.bars.length > 0 ? { kind: "events", events: found.bars.map(decodedBar) } : ignored("no bars");
  };
}
