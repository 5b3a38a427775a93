/**
 * Lets kafkajs take an answer about topics in which partitions have no leader: it would refuse all of it, so that one
 * partition, be it of somebody else's topic, kept everything from going on.
 * @module
 */
import protocolErrors from "kafkajs/src/protocol/error.js";
import metadataResponse from "kafkajs/src/protocol/requests/metadata/v6/response.js";
import type { KafkaFailure } from "./event_log_kafka_client.ts";

/** The part of an answer that says what is wrong. */
export interface MetadataErrors {
  readonly topicMetadata: readonly {
    readonly topicErrorCode: number;
    readonly partitionMetadata: readonly { readonly partitionErrorCode: number }[];
  }[];
}

/** kafkajs's own words for the numbers that brokers answer with. */
const { createErrorFromCode }: { createErrorFromCode(code: number): KafkaFailure } = protocolErrors;
/** What is said of a partition that has no leader, or lacks a copy. */
const passing = new Set(["LEADER_NOT_AVAILABLE", "REPLICA_NOT_AVAILABLE"]);

/** Replaces the check; to be called again does no harm. The leader of such a partition is -1. */
export function acceptLeaderless(): void {
  const module: { parse(decoded: MetadataErrors): Promise<MetadataErrors> } = metadataResponse;
  module.parse = (decoded) => Promise.resolve(decoded).then(refuseErrors);
}

/** Throws what an answer says to be wrong, but for what passes by itself. */
export function refuseErrors<T extends MetadataErrors>(decoded: T): T {
  for (const { topicErrorCode, partitionMetadata } of decoded.topicMetadata) {
    if (topicErrorCode !== 0) throw createErrorFromCode(topicErrorCode);
    for (const { partitionErrorCode } of partitionMetadata) {
      if (partitionErrorCode === 0) continue;
      const error = createErrorFromCode(partitionErrorCode);
      if (!passing.has(error.type ?? "")) throw error;
    }
  }
  return decoded;
}
