/**
 * THE LIST of topics. A new contract is one file here and one line below.
 * @module
 */
import { chatEvents } from "./chat.ts";
import type { EventBase, EventContract } from "./contract.ts";
import { tradeEvents } from "./trades.ts";

/** Contracts of the event topics. */
export const contracts: readonly EventContract[] = [
  chatEvents as unknown as EventContract<EventBase>,
  tradeEvents as unknown as EventContract<EventBase>,
];

/** Names, below TOPIC_PREFIX, of the topics that Tidemark writes itself; each has one partition. */
export const derivedTopics = {
  anomalies: "derived.anomalies",
  dead: "dead",
  late: "late",
} as const;
