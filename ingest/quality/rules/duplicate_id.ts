import { contracts } from "../../../core/events/mod.ts";
import { tradeEvents } from "../../../core/events/trades.ts";
import { IdHashes } from "../id_hashes.ts";
import type { Rule } from "../rule.ts";

/** What a source sends once more on purpose, since it has changed, says which time it is. */
interface Revised {
  readonly revision?: unknown;
}

/** The source sent an event twice. Repeats of our own sending are told by their place in it, and counted elsewhere. */
export const duplicateId: Rule = {
  name: "duplicate_id",
  about: "no recent event of the topic has the same event_id and revision",
  severity: "mark",
  weight: 2,
  // The numbers of trades tell the same at a tenth of the cost.
  contracts: contracts.filter(({ topic }) => topic !== tradeEvents.topic),
  open: () => {
    const ids = new IdHashes();
    return {
      passes(event) {
        const { revision } = event as Revised;
        return ids.add(typeof revision === "number" ? `${event.event_id} ${revision}` : event.event_id);
      },
      forget: () => ids.forget(),
    };
  },
};
