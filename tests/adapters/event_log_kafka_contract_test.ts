import { eventLogContract } from "../contracts/event_log_contract.ts";
import { kafkaCase } from "../support/services/kafka_case.ts";

const kafka = kafkaCase();
eventLogContract("kafka log", kafka.openLog, { reopens: true, propertyRuns: 8, missing: kafka.missing });
