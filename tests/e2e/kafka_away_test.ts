/**
 * Services that are started before Kafka is there: they say so, wait, end by Ctrl-C, and go on when it comes.
 */
import assert from "node:assert/strict";
import { openKafkaLog } from "../../adapters/event_log_kafka.ts";
import { systemClock } from "../../core/clock.ts";
import { hours } from "../../core/time.ts";
import { inTempFolder } from "../support/temp_folder.ts";
import { testOn } from "../support/postgres_store.ts";
import { missingOwnKafka, startKafka } from "../support/services/kafka.ts";
import { configOf } from "../support/services/kafka_case.ts";
import { findPostgres, missingPostgres } from "../support/services/postgres.ts";
import { findRedis, missingRedis } from "../support/services/redis.ts";
import { freePort, waitUntil } from "../support/services/service.ts";
import { tidemarkCommand } from "../support/tidemark.ts";

/** A service of Tidemark, with what it says. Disposing kills it. */
class Running implements AsyncDisposable {
  said = "";
  readonly #child: Deno.ChildProcess;
  readonly #heard: Promise<unknown>;

  constructor(args: readonly string[], env: Record<string, string>) {
    this.#child = tidemarkCommand(args, env).spawn();
    this.#heard = Promise.all([this.#child.stdout, this.#child.stderr].map(async (stream) => {
      for await (const text of stream.pipeThrough(new TextDecoderStream())) this.said += text;
    }));
  }

  async says(text: string, timeoutMs = 30_000): Promise<void> {
    await waitUntil(() => this.said.includes(text), { timeoutMs, what: `"${text}"`, explain: () => this.said });
  }

  /** Presses Ctrl-C; exit code and how long the end took. */
  async interrupt(): Promise<{ code: number; tookMs: number }> {
    const startMs = performance.now();
    this.#child.kill("SIGINT");
    const { code } = await this.#child.status;
    await this.#heard;
    return { code, tookMs: performance.now() - startMs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#heard;
    await this.#child.status;
  }
}

const nowhere = `127.0.0.1:${freePort()}`;

Deno.test("ingest needs no store but the log, starts without Kafka, waits for it however long, and ends by Ctrl-C", () =>
  inTempFolder(async (folder) => {
    const env = { KAFKA_BOOTSTRAP_SERVERS: nowhere, DATA_DIR: folder };
    await using ingest = new Running(["ingest", "--source", "mock_chat"], env);
    await ingest.says(`Kafka at ${nowhere} is away, trying again until it answers: `);
    const { code, tookMs } = await ingest.interrupt();
    assert.equal(code, 130, ingest.said);
    assert.ok(tookMs < 3_000, `${tookMs} ms`);
    assert.match(ingest.said, /stopped: \d events taken in/);
  }));

testOn(
  missingOwnKafka() ?? missingRedis() ?? missingPostgres(),
  "process waits for Kafka as long as it is told to, ends by Ctrl-C, and goes on when it comes; ingest waits for ever",
  () =>
    inTempFolder(async (folder) => {
      await using kafka = await startKafka({ properties: [] });
      await using redis = await findRedis();
      await using postgres = await findPostgres();
      await kafka.kill();
      const env = {
        KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap,
        REDIS_URL: redis.url,
        POSTGRES_URL: await postgres.newDatabase(),
        TOPIC_PREFIX: `away-${crypto.randomUUID().slice(0, 8)}`,
        DATA_DIR: folder,
      };
      const note = `Kafka at ${kafka.bootstrap} is away, trying again for 120 s: `;
      {
        await using one = new Running(["process"], env);
        await one.says(note);
        const { code, tookMs } = await one.interrupt();
        assert.equal(code, 130, one.said);
        assert.ok(tookMs < 3_000, `${tookMs} ms`);
      }
      {
        await using impatient = new Running(["process"], { ...env, KAFKA_DELIVERY_TIMEOUT_MS: "4000" });
        await impatient.says("  fix: start the broker, or see to KAFKA_BOOTSTRAP_SERVERS");
        assert.match(impatient.said, /is away, trying again for 4 s: .*\nerror: Kafka cannot be reached at /);
      }
      await using one = new Running(["process"], env);
      await using ingest = new Running(["ingest", "--source", "mock_chat"], { ...env, DATA_DIR: `${folder}/ingest` });
      await one.says(note);
      await ingest.says("is away, trying again until it answers");
      await kafka.restart();
      await one.says("answers, failed attempts");
      await ingest.says("answers, failed attempts");
      await using log = await openKafkaLog({
        config: configOf(kafka),
        topicPrefix: env.TOPIC_PREFIX,
        retentionMs: hours(1),
        clock: systemClock,
        onNote: () => {},
      });
      const isThere = async () => (await log.endOffsets("events.chat")).some((end) => end > 10);
      await waitUntil(isThere, { timeoutMs: 60_000, everyMs: 1_000, what: "events in the log" });
      await new Promise((resolve) => setTimeout(resolve, 3_000)); // until they are read
      assert.equal((await ingest.interrupt()).code, 130);
      assert.equal((await one.interrupt()).code, 130);
      assert.match(one.said, /stopped: [1-9]\d* events processed and saved/);
    }),
);
