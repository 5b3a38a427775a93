/**
 * The log behind TLS and a password.
 */
import assert from "node:assert/strict";
import { UserError } from "../../core/errors.ts";
import { eventLogContract } from "../contracts/event_log_contract.ts";
import { appendTo, readAll, record, topicName, values } from "../contracts/event_log_support.ts";
import { kafkaCase } from "../support/services/kafka_case.ts";
import { kafkaUser } from "../support/services/kafka_secrets.ts";

const kafka = kafkaCase({ secure: true });

eventLogContract("kafka log behind TLS and a password", kafka.openLog, {
  reopens: true,
  propertyRuns: 2,
  missing: kafka.missing,
});

for (const mechanism of ["SCRAM-SHA-256", "SCRAM-SHA-512"] as const) {
  kafka.test(`kafka log: a user is let in by ${mechanism}`, async () => {
    await using log = await kafka.open({ config: { sasl: { mechanism, ...kafkaUser } } });
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 1 }]);
    await appendTo(log, topic, record("1"));
    assert.deepEqual(values((await readAll(log, topic))[0]), ["1"]);
  });
}

const refused = (fix: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, /Kafka cannot be reached at 127/);
  assert.ok(!error.message.includes(kafkaUser.password) && !error.fix.includes(kafkaUser.password));
  assert.match(error.fix, fix);
  return true;
};

kafka.test("kafka log: a wrong password and a certificate of somebody else are refused with the fix", async () => {
  const sasl = { mechanism: "PLAIN" as const, username: "tidemark", password: "wrong" };
  await assert.rejects(kafka.open({ config: { sasl } }), refused(/KAFKA_SASL_PASSWORD/));
  await assert.rejects(kafka.open({ config: { caFile: null } }), refused(/KAFKA_SSL_CA/));
  await assert.rejects(kafka.open({ config: { caFile: "no/such.pem" } }), /KAFKA_SSL_CA no\/such.pem cannot be read/);
});
