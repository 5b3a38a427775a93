import { missingOwnKafka } from "../support/services/kafka.ts";
import { missingPostgresPrograms } from "../support/services/postgres.ts";
import { missingRedisServer } from "../support/services/redis.ts";
import { runCampaign } from "./campaign.ts";

const print = (line: string) => void Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
const missing = missingOwnKafka() ?? missingRedisServer() ?? missingPostgresPrograms();

Deno.test({
  name: `three processors, killed, halted and overtaken, on services that die, leave the tables of a calm run${
    missing === null ? "" : ` (skipped: ${missing})`
  }`,
  ignore: missing !== null,
  fn: () =>
    runCampaign({
      seed: 3,
      events: 60_000,
      streams: 12,
      feedMs: 50_000,
      killsEach: 1,
      haltMs: 12_000,
      sessionTimeoutMs: 6_000,
      downMs: 3_000,
      print,
    }),
});
