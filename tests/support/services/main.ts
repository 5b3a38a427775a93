/**
 * `deno task services`: Kafka, Redis and Postgres on free ports for a whole run of the tests, so that each suite need not
 * start its own. Prints a line NAME=value for each variable that the tests read, then `ready`, and keeps the servers
 * until SIGINT or SIGTERM. Their data is removed at the end.
 * @module
 */
import { startKafka } from "./kafka.ts";
import { startPostgres } from "./postgres.ts";
import { startRedis } from "./redis.ts";

const print = (lines: readonly string[]) =>
  Deno.stdout.write(new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")));

async function keepServices(): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => resolve());
  });
  await using servers = new AsyncDisposableStack();
  // Properties make it a broker of its own, also where another one is given.
  const starting = [startKafka({ properties: [] }), startRedis(), startPostgres()] as const;
  // Those that start are stopped also where another one does not.
  for (const start of await Promise.allSettled(starting)) if (start.status === "fulfilled") servers.use(start.value);
  const [kafka, redis, postgres] = await Promise.all(starting);
  const login = [postgres.user, postgres.password].map(encodeURIComponent).join(":");
  await print([
    `TIDEMARK_TEST_KAFKA=${kafka.bootstrap}`,
    `TIDEMARK_TEST_REDIS=${redis.url}`,
    `TIDEMARK_TEST_POSTGRES=postgres://${login}@${postgres.host}:${postgres.port}/postgres`,
    "ready",
  ]);
  await ended;
}

await keepServices();
Deno.exit(0);
