import { contracts } from "../../../core/events/mod.ts";
import { seconds } from "../../../core/time.ts";
import { plainCheck, type Rule } from "../rule.ts";

/** How far an event time may lie ahead of the door's clock; five minutes ahead are dead for every topic. */
const AHEAD_MS_MAX = seconds(2);

/** The clock of the source runs ahead. The one rule that looks at the wall clock. */
export const clockSkew: Rule = {
  name: "clock_skew",
  about: `the event time is at most ${AHEAD_MS_MAX / 1_000} s ahead of the door's clock`,
  severity: "mark",
  weight: 1,
  contracts,
  open: plainCheck((_event, { eventTimeMs, nowMs }) => eventTimeMs <= nowMs + AHEAD_MS_MAX),
};
