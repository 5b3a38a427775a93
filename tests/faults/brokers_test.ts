import { missingOwnKafka } from "../support/services/kafka.ts";
import { missingPostgresPrograms } from "../support/services/postgres.ts";
import { missingRedisServer } from "../support/services/redis.ts";
import { runOnDyingBrokers } from "./brokers.ts";

const print = (line: string) => void Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
const missing = missingOwnKafka() ?? missingRedisServer() ?? missingPostgresPrograms();

Deno.test({
  name: `a cluster of brokers that die, lead again and coordinate leaves the tables of a calm run${
    missing === null ? "" : ` (skipped: ${missing})`
  }`,
  ignore: missing !== null,
  fn: () =>
    runOnDyingBrokers({
      seed: 5,
      events: 80_000,
      streams: 12,
      feedMs: 150_000,
      // Less than a session of the group, 30 s: what it would wait for a member that cannot leave.
      standstillMsMax: 25_000,
      print,
    }),
});
