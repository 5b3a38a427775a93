/**
 * THE LIST of quality rules. A new rule is one file here and one line below.
 * @module
 */
import { anyRule, type Rule } from "../rule.ts";
import { clockSkew } from "./clock_skew.ts";
import { duplicateId } from "./duplicate_id.ts";
import { barJump, tradeJump } from "./price_jump.ts";
import { ranges } from "./ranges.ts";
import { tradeOrder } from "./trade_order.ts";

/** All rules; of two that an event fails, the one named first decides what a dead letter says. */
export const rules: readonly Rule[] = [
  ...ranges,
  anyRule(tradeOrder),
  anyRule(tradeJump),
  anyRule(barJump),
  duplicateId,
  clockSkew,
];
