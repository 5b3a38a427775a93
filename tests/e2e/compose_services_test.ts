/**
 * What compose.yaml starts, as plain processes on real servers: the same commands, variables, permissions and health
 * checks, two producers and two processors among them. Only addresses differ.
 */
import assert from "node:assert/strict";
import { type ComposeService, composeText, parseCompose } from "../support/compose_file.ts";
import { findPostgres, missingPostgres } from "../support/services/postgres.ts";
import { findRedis, missingRedis } from "../support/services/redis.ts";
import { missingKafka, startKafka } from "../support/services/kafka.ts";
import { freePort, runProgram, type Service, spawnService, waitUntil } from "../support/services/service.ts";
import { testOn } from "../support/postgres_store.ts";
import { projectRoot } from "../support/tidemark.ts";
import { inTempFolder } from "../support/temp_folder.ts";

const TOKEN = "a-token-for-this-test";
const REPLICAS = 2;

interface Started {
  readonly name: string;
  readonly process: Service;
  readonly port: number;
  readonly healthCheck: readonly string[];
}

/** Starts a replica of a service as its container would, with other addresses. */
async function startReplica(
  { name, replica, service, folder, addresses }: {
    name: string;
    replica: number;
    service: ComposeService;
    folder: string;
    addresses: Readonly<Record<string, string>>;
  },
): Promise<Started> {
  const dockerfile = await Deno.readTextFile(`${projectRoot}Dockerfile`);
  const port = freePort();
  const dataDir = `${folder}/${name}-${replica}`;
  await Deno.mkdir(dataDir);
  const moved = (word: string) =>
    word.replace(/^8000$|(?<=:)8000(?=\/)/g, String(port)).replace("=/data", `=${dataDir}`);
  const [program, ...entry] = (JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)![1]!) as string[]).map(moved);
  const process = spawnService(program === "deno" ? Deno.execPath() : program!, {
    args: [...entry, ...service.command!.map(moved)],
    cwd: projectRoot,
    env: {
      ...service.environment,
      ...addresses,
      // Beside others on this machine it listens on loopback, with the token all the same.
      // One of the processors works in threads.
      ...(name === "processor" && replica === 0 ? { PROCESSOR_THREADS: "2" } : {}),
      ...{ HOST: "127.0.0.1", PORT: String(port), DATA_DIR: dataDir, PRODUCER_INDEX: String(replica) },
    },
  });
  const [, ...healthCheck] = service.healthcheck!.test.map(moved);
  return { name: `${name}-${replica}`, process, port, healthCheck };
}

/** Waits until the health check of a service passes, and the service says that it is ready. */
async function untilReady({ name, process, port, healthCheck }: Started): Promise<void> {
  await waitUntil(async () => {
    if (process.ended) throw new Error("it has ended");
    await runProgram(healthCheck[0] === "deno" ? Deno.execPath() : healthCheck[0]!, { args: healthCheck.slice(1) });
    const answer = await ask(port, "/api/ready");
    await answer.body?.cancel();
    return answer.status === 200;
  }, { timeoutMs: 60_000, everyMs: 500, what: `${name} to be ready`, explain: () => process.lastWords() });
}

const ask = (port: number, path: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });

/** Samples of a metric with their labels. */
async function samples({ port }: Started, metric: string): Promise<Map<string, number>> {
  const text = await (await ask(port, "/metrics")).text();
  const lines = text.split("\n").filter((line) => line.startsWith(metric));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

testOn(
  missingKafka() ?? missingRedis() ?? missingPostgres(),
  "the services of compose.yaml work together: two producers, two processors with half of the partitions, a dashboard",
  () =>
    inTempFolder(async (folder) => {
      await runProgram(Deno.execPath(), { args: ["task", "build"], cwd: projectRoot });
      await using stack = new AsyncDisposableStack();
      const [kafka, redis, postgres] = await Promise.all([startKafka(), findRedis(), findPostgres()]);
      for (const server of [kafka, redis, postgres]) stack.use(server);
      const { services } = parseCompose(await composeText(), {
        TIDEMARK_TOKEN: TOKEN,
        TOTAL_PRODUCERS: String(REPLICAS),
        PRODUCER_RATE_PER_SEC: "50",
      });
      const addresses = {
        KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap,
        REDIS_URL: redis.url,
        POSTGRES_URL: await postgres.newDatabase(),
        TOPIC_PREFIX: `compose-${crypto.randomUUID().slice(0, 8)}`,
      };
      const start = async (name: string, replica: number) => {
        const started = await startReplica({ name, replica, service: services[name]!, folder, addresses });
        stack.use(started.process);
        return started;
      };
      const dashboard = await start("dashboard", 0);
      const processors = [await start("processor", 0), await start("processor", 1)];
      const producers = [await start("producer", 0), await start("producer", 1)];
      const all = [dashboard, ...processors, ...producers];
      await Promise.all(all.map(untilReady));

      await waitUntil(async () => {
        const windows = await samples(dashboard, "tidemark_pipeline_windows_total");
        return sum([...windows].filter(([labels]) => labels.includes("candles_1s")).map(([, value]) => value)) > 10;
      }, { timeoutMs: 60_000, everyMs: 500, what: "windows to fire", explain: () => lastWords(all) });

      // A member that has just come takes its share at the next rebalance.
      await waitUntil(async () => {
        const shares = await Promise.all(processors.map((one) => samples(one, "tidemark_lag_records")));
        const [first, second] = shares.map((share) => new Set(share.keys()));
        return first!.size > 0 && second!.size > 0 && first!.isDisjointFrom(second!);
      }, { timeoutMs: 60_000, everyMs: 500, what: "each processor to have a share", explain: () => lastWords(all) });
      for (const producer of producers) {
        assert.ok(sum((await samples(producer, "tidemark_source_events_total")).values()) > 0, producer.name);
      }
      const refused = await fetch(`http://127.0.0.1:${processors[0]!.port}/metrics`);
      await refused.body?.cancel();
      assert.equal(refused.status, 401, "metrics are for those with the token");

      await Promise.all(all.map(({ process }) => process.stop("SIGTERM", 15_000)));
      for (const { name, process } of [...processors, ...producers]) {
        assert.match(process.lastWords(), /stopped: /, name);
      }
    }),
);

const lastWords = (all: readonly Started[]): string =>
  all.map(({ name, process }) => `${name}:\n${process.lastWords()}`).join("\n");
