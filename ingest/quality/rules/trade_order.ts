import { type TradeEvent, tradeEvents } from "../../../core/events/trades.ts";
import { Recent } from "../recent.ts";
import type { Rule } from "../rule.ts";

/** Venues number the trades of a symbol one after the other. */
export const tradeOrder: Rule<TradeEvent> = {
  name: "trade_order",
  about: "the trade_id is above that of the symbol's trade before",
  severity: "mark",
  weight: 2,
  contracts: [tradeEvents],
  open: () => {
    const lastIds = new Recent<{ id: number }>();
    return {
      passes({ symbol, trade_id }) {
        const present = lastIds.present(symbol);
        const last = present ?? lastIds.before(symbol);
        const passes = last === undefined || trade_id > last.id;
        // Written in place: setting it in the map would cost as much as all the rest.
        if (present === undefined) lastIds.set(symbol, { id: trade_id });
        else present.id = trade_id;
        return passes;
      },
      forget: () => lastIds.forget(),
    };
  },
};
