/**
 * Producing to partitions of one topic directly at their leaders: the request (Produce, version 7: Kafka 2.1 and later,
 * Redpanda) around batches that are bytes already, over kafkajs's connections.
 * @module
 */
import { Buffer } from "node:buffer";
import protocolErrors from "kafkajs/src/protocol/error.js";
import { causeOf, type Cluster, type KafkaFailure } from "./event_log_kafka_client.ts";
import { ResponseReader } from "./event_log_kafka_response.ts";

/** A producer as the broker knows it. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** A stamped batch for one partition. */
export interface PartitionBatch {
  readonly partition: number;
  readonly bytes: Buffer;
}

/** What became of a batch: null = it is durable. */
export type ProduceOutcome = KafkaFailure | null;

/** Batches for partitions that one node leads. */
export interface ProduceRequest {
  readonly node: string;
  readonly topic: string;
  readonly batches: readonly PartitionBatch[];
}

const PRODUCE = { apiKey: 0, apiVersion: 7, apiName: "Produce" } as const;
const ACKS_ALL = -1;
const SUCCESS = 0;
/** How long the leader waits for the other copies. */
const COPIES_MS_MAX = 30_000;
/** Stands for the leader of a partition that has none: asking it fails as asking any broker that is away. */
const NOBODY = "-1";
/** kafkajs asks for it; nothing here is a transaction. */
const TRANSACTION_MS_MAX = 60_000;

/** What the answer holds, and the one field beside it that kafkajs looks at. */
interface ProduceResponse {
  readonly outcomes: ReadonlyMap<number, ProduceOutcome>;
  readonly clientSideThrottleTime: number;
}

/** kafkajs's own words for the numbers that brokers answer with. */
const errors: { createErrorFromCode(code: number): KafkaFailure } = protocolErrors;

/** The parts of kafkajs's broker that its types leave out. */
interface ProducingBroker {
  readonly connectionPool: {
    send(message: {
      readonly request: typeof PRODUCE & { encode(): Promise<{ readonly buf: Buffer; readonly buffer: Buffer }> };
      readonly response: {
        decode(bytes: Buffer): Promise<ProduceResponse>;
        parse(decoded: ProduceResponse): Promise<ProduceResponse>;
      };
    }): Promise<ProduceResponse>;
  };
  initProducerId(
    of: { readonly transactionTimeout: number },
  ): Promise<{ readonly producerId: string; readonly producerEpoch: number }>;
}

const brokerOf = async (cluster: Cluster, node: string): Promise<ProducingBroker> =>
  await cluster.findBroker({ nodeId: node }) as unknown as ProducingBroker;

/** The nodes that lead the partitions of a topic, as far as the connection knows: it must have been told of the topic. */
export function leadersOf(cluster: Cluster, topic: string): (partition: number) => string {
  const leaders = new Map(cluster.findTopicPartitionMetadata(topic).map((one) => [one.partitionId, one.leader]));
  return (partition) => String(leaders.get(partition) ?? NOBODY);
}

/** Makes the broker know a new producer; any node can. */
export async function newIdentity(cluster: Cluster, node: string): Promise<ProducerIdentity> {
  const broker = await brokerOf(cluster, node);
  const { producerId, producerEpoch } = await broker.initProducerId({ transactionTimeout: TRANSACTION_MS_MAX });
  return { producerId: BigInt(producerId), producerEpoch };
}

/** What became of each batch, by partition. Never rejects: where there was no answer, that is the outcome of each. */
export async function produceTo(cluster: Cluster, request: ProduceRequest): Promise<Map<number, ProduceOutcome>> {
  const { node, batches } = request;
  try {
    const broker = await brokerOf(cluster, node);
    const encoded = encodeProduce(request);
    const { outcomes } = await broker.connectionPool.send({
      request: { ...PRODUCE, encode: () => Promise.resolve({ buf: encoded, buffer: encoded }) },
      response: {
        decode: (bytes) => Promise.resolve(bytes).then(decodeProduce),
        parse: (decoded) => Promise.resolve(decoded),
      },
    });
    const unanswered = new Error("the broker's answer says nothing of the partition");
    return new Map(batches.map(({ partition }) => [partition, outcomeOf(outcomes.get(partition), unanswered)]));
  } catch (error) {
    const cause = causeOf(error);
    return new Map(batches.map(({ partition }) => [partition, cause]));
  }
}

const outcomeOf = (outcome: ProduceOutcome | undefined, unanswered: Error): ProduceOutcome =>
  outcome === undefined ? unanswered : outcome;

/** Encodes a request of version 7. */
export function encodeProduce({ topic, batches }: Omit<ProduceRequest, "node">): Buffer {
  const name = Buffer.from(topic);
  const bytes = batches.reduce((sum, batch) => sum + 8 + batch.bytes.length, 0);
  const encoded = Buffer.allocUnsafe(2 + 2 + 4 + 4 + 2 + name.length + 4 + bytes);
  let at = 0;
  // No transaction.
  at = encoded.writeInt16BE(-1, at);
  at = encoded.writeInt16BE(ACKS_ALL, at);
  at = encoded.writeInt32BE(COPIES_MS_MAX, at);
  // One topic.
  at = encoded.writeInt32BE(1, at);
  at = encoded.writeInt16BE(name.length, at);
  at += name.copy(encoded, at);
  at = encoded.writeInt32BE(batches.length, at);
  for (const batch of batches) {
    at = encoded.writeInt32BE(batch.partition, at);
    at = encoded.writeInt32BE(batch.bytes.length, at);
    at += batch.bytes.copy(encoded, at);
  }
  return encoded;
}

/** Decodes an answer of version 7 to a request for one topic. */
export function decodeProduce(bytes: Buffer): ProduceResponse {
  const reader = new ResponseReader(bytes);
  const outcomes = new Map<number, ProduceOutcome>();
  reader.array(() => {
    reader.text();
    reader.array(() => {
      const partition = reader.int32();
      const errorCode = reader.int16();
      // Base offset, append time and start of the log.
      for (let i = 0; i < 3; i++) reader.int64();
      outcomes.set(partition, errorCode === SUCCESS ? null : errors.createErrorFromCode(errorCode));
    });
  });
  return { outcomes, clientSideThrottleTime: reader.int32() };
}
