/**
 * THE LIST of topics. A new contract is one file here and one line below.
 * @module
 */
import { barEvents } from "./bars.ts";
import { chatEvents } from "./chat.ts";
import type { EventBase, EventContract } from "./contract.ts";
import { raidEvents } from "./raids.ts";
import { removalEvents } from "./removals.ts";
import { qualityEvents } from "./quality.ts";
import { streamMetaEvents } from "./stream_meta.ts";
import { tradeEvents } from "./trades.ts";
import { transactionEvents } from "./transactions.ts";
import { viewerEvents } from "./viewer.ts";
import { watchEvents } from "./watch.ts";

/** Lets the list hold contracts of different events. */
const any = <E extends EventBase>(contract: EventContract<E>) => contract as unknown as EventContract;

/** Contracts of the event topics. */
export const contracts: readonly EventContract[] = [
  any(chatEvents),
  any(viewerEvents),
  any(transactionEvents),
  any(streamMetaEvents),
  any(removalEvents),
  any(raidEvents),
  any(tradeEvents),
  any(barEvents),
  any(watchEvents),
  any(qualityEvents),
];

/** Names, below TOPIC_PREFIX, of the topics that Tidemark writes itself; each has one partition. */
export const derivedTopics = {
  anomalies: "derived.anomalies",
  moments: "derived.moments",
  dead: "dead",
  late: "late",
} as const;
