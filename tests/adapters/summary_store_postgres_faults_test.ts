import assert from "node:assert/strict";
import type { PostgresOptions } from "../../adapters/summary_store_postgres.ts";
import { UserError } from "../../core/errors.ts";
import type { SummaryStore } from "../../core/ports.ts";
import {
  candleSpec,
  changeOf,
  chatRow,
  chatSpec,
  progressOf,
  read,
  rowsOf,
  startMs,
} from "../contracts/summary_store_fixture.ts";
import { type OpenStore, openStore, targetOf, testOn } from "../support/postgres_store.ts";
import { findPostgres, missingPostgres, missingPostgresPrograms, startPostgres } from "../support/services/postgres.ts";
import { pause } from "../support/services/service.ts";
import { type ProxyVerdict, startTcpProxy, type TcpProxy } from "../support/services/tcp_proxy.ts";

const isCommit = (bytes: Uint8Array) => new TextDecoder().decode(bytes).includes("COMMIT\0");

/** Breaks the next COMMIT in that way, and nothing after it. */
function breakNextCommit(proxy: TcpProxy, verdict: ProxyVerdict, then = () => {}): void {
  proxy.judge = (bytes) => {
    if (!isCommit(bytes)) return "pass";
    proxy.judge = () => "pass";
    then();
    return verdict;
  };
}

interface Bench extends AsyncDisposable {
  readonly proxy: TcpProxy;
  /** Behind the proxy. */
  readonly open: OpenStore;
  /** Beside it. */
  readonly direct: OpenStore;
}

async function benchWith(more: Partial<PostgresOptions> = {}): Promise<Bench> {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await findPostgres());
  const target = targetOf(await server.newDatabase());
  const direct = opened.use(await openStore(target));
  const proxy = opened.use(startTcpProxy(target.port));
  const open = opened.use(await openStore({ ...target, host: "127.0.0.1", port: proxy.port }, more));
  const all = opened.move();
  return { proxy, open, direct, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** A commit that adds one to a counter and writes a row, at an offset. */
const counting = (topic: string, epoch: number, nextOffset: number) =>
  changeOf(topic, epoch, {
    progress: [progressOf("chat", nextOffset)],
    rows: [rowsOf(chatSpec, [chatRow(topic, startMs, nextOffset, nextOffset)])],
    runCounts: [{ runId: topic, pipeline: "chat", counter: "in", value: 1 }],
  });

const counted = async (store: SummaryStore, topic: string) => (await store.runCounts(topic))[0]?.value ?? 0;

testOn(
  missingPostgres(),
  "a commit whose connection breaks at COMMIT is written once, whichever side of it saw the break",
  async (t) => {
    const quick = { times: { callMs: 700, idleInTransactionMs: 1_500 } };
    await using bench = await benchWith(quick);
    const { proxy, open, direct } = bench;
    for (const verdict of ["cut", "cut_answer", "silence", "lose", "late"] as const) {
      await t.step(`the break: ${verdict}`, async () => {
        const { epoch } = await open.store.acquire({ topic: verdict, partition: 0 }, ["chat"]);
        assert.equal(await open.store.commit(counting(verdict, epoch, 5)), "committed");
        const before = open.notes.length;
        let broken = false;
        // The same offset again, as after idling or a drain: the progress row's offsets would tell nothing.
        for (const nextOffset of [9, 9, 12]) {
          breakNextCommit(proxy, verdict, () => broken = true);
          assert.equal(await open.store.commit(counting(verdict, epoch, nextOffset)), "committed");
          assert.ok(broken);
          proxy.cutAll();
        }
        assert.ok(open.notes.length > before);
        assert.equal(await counted(direct.store, verdict), 4);
        const [progress] = (await direct.store.progress()).filter(({ topic }) => topic === verdict);
        assert.deepEqual([progress!.nextOffset, progress!.epoch], [12, epoch]);
        assert.deepEqual(await read(direct.store, "chat_summary_minute", verdict, ["chat_count"]), [[12]]);
      });
    }
  },
);

testOn(
  missingPostgres(),
  "a commit in doubt counts as made when a new owner has only acquired, and as fenced when it has written",
  async () => {
    await using bench = await benchWith();
    const { proxy, open, direct } = bench;
    for (const [topic, writes, expected] of [["acquired", false, "committed"], ["written", true, "fenced"]] as const) {
      const { epoch } = await open.store.acquire({ topic, partition: 0 }, ["chat"]);
      breakNextCommit(proxy, "cut_answer", () => proxy.refusing = true);
      const outcome = open.store.commit(counting(topic, epoch, 5));
      while (!proxy.refusing) await pause(1);
      const owner = await direct.store.acquire({ topic, partition: 0 }, ["chat"]);
      assert.equal(owner.progress[0]!.nextOffset, 5);
      if (writes) assert.equal(await direct.store.commit(counting(topic, owner.epoch, 8)), "committed");
      proxy.refusing = false;
      assert.equal(await outcome, expected);
      assert.equal(await counted(direct.store, topic), writes ? 2 : 1);
      assert.equal(await open.store.commit(counting(topic, epoch, 6)), "fenced");
    }
  },
);

testOn(missingPostgres(), "every other statement may lose its connection, and reads and ownership go on", async () => {
  await using bench = await benchWith();
  const { proxy, open } = bench;
  const { epoch } = await open.store.acquire({ topic: "t", partition: 0 }, ["chat"]);
  // From the first message on each one in turn is the last of its connection.
  for (let n = 0; n < 6; n++) {
    let messages = 0;
    proxy.judge = () => messages++ === n ? "cut" : "pass";
    assert.equal(await open.store.commit(counting("t", epoch, n)), "committed");
    proxy.cutAll();
    messages = 0;
    assert.equal(await counted(open.store, "t"), n + 1);
  }
  proxy.judge = () => "pass";
  proxy.cutAll();
  const again = await open.store.acquire({ topic: "t", partition: 0 }, ["chat"]);
  assert.ok(again.epoch > epoch);
  assert.equal(again.progress[0]!.nextOffset, 5);
});

testOn(
  missingPostgresPrograms(),
  "a server that is killed and restarted twice loses no commit and counts none twice",
  async () => {
    await using server = await startPostgres();
    await using open = await openStore(targetOf(await server.newDatabase()));
    const { epoch } = await open.store.acquire({ topic: "t", partition: 0 }, ["chat"]);
    let commits = 0;
    let done = false;
    const working = (async () => {
      while (!done) assert.equal(await open.store.commit(counting("t", epoch, ++commits)), "committed");
    })();
    for (let n = 0; n < 2; n++) {
      const before = commits;
      while (commits < before + 20) await pause(1);
      await server.kill();
      await pause(300);
      await server.start();
    }
    const before = commits;
    while (commits < before + 20) await pause(1);
    done = true;
    await working;
    assert.equal(await counted(open.store, "t"), commits);
    assert.equal((await open.store.progress())[0]!.nextOffset, commits);
    const about = open.notes.map((note) => note.replace(/.*(is away|answers again).*/, "$1"));
    assert.deepEqual(about, ["is away", "answers again", "is away", "answers again"]);
    const { retries, given_up } = open.session.troubles();
    assert.ok(retries! >= 2, `${retries} retries are told to metrics`);
    assert.equal(given_up, 0);
  },
);

testOn(
  missingPostgres(),
  "a server that stays away ends a call after its bound, and says what is not known",
  async () => {
    await using bench = await benchWith({ retry: { transactionMs: 400, queryMs: 200 } });
    const { proxy, open, direct } = bench;
    const { epoch } = await open.store.acquire({ topic: "t", partition: 0 }, ["chat"]);
    const away = (remark: RegExp) => (error: unknown) => {
      assert.ok(error instanceof UserError && error.code === "unavailable", String(error));
      assert.match(error.message, remark);
      return true;
    };
    breakNextCommit(proxy, "cut_answer", () => proxy.refusing = true);
    await assert.rejects(() => open.store.commit(counting("t", epoch, 1)), away(/for 0\.4 s; whether .* is not known/));
    await assert.rejects(() => open.store.commit(counting("t", epoch, 1)), away(/for 0\.4 s: /));
    await assert.rejects(() => open.store.progress(), away(/for 0\.2 s: /));
    assert.equal(await counted(direct.store, "t"), 1);
  },
);

testOn(missingPostgres(), "what Postgres refuses for good is not tried again, and the connection goes on", async () => {
  await using bench = await benchWith();
  const { proxy, open } = bench;
  const { epoch } = await open.store.acquire({ topic: "t", partition: 0 }, ["chat"]);
  const bad = { revision: 1, values: ["t", "1m", startMs, startMs, "12,5", "1", 1] };
  for (let n = 0; n < 10; n++) {
    const rows = [rowsOf(candleSpec, [bad])];
    await assert.rejects(() => open.store.commit(changeOf("t", epoch, { rows })), /22P02/);
  }
  assert.deepEqual(open.notes, []);
  assert.ok(proxy.accepted <= 4, `${proxy.accepted} connections`);
  assert.equal(await open.store.commit(counting("t", epoch, 1)), "committed");
});

testOn(missingPostgres(), "a lock that another holds too long is waited for in turns", async () => {
  await using bench = await benchWith({ times: { lockMs: 100 } });
  const { open, direct } = bench;
  const { epoch } = await open.store.acquire({ topic: "t", partition: 0 }, ["chat"]);
  const holding = direct.session.transaction([
    { text: `SELECT 1::text FROM progress WHERE topic = 't' FOR UPDATE`, params: [] },
    { text: "SELECT pg_sleep(0.5)::text", params: [] },
  ]);
  await pause(50);
  assert.equal(await open.store.commit(counting("t", epoch, 1)), "committed");
  assert.ok(open.notes.some((reason) => reason.includes("55P03")), open.notes.join());
  await holding;
});

testOn(
  missingPostgres(),
  "a process opens no more connections than it may, and no more calls wait than stated",
  async () => {
    await using server = await findPostgres();
    const target = targetOf(await server.newDatabase(), { connectionsMax: 3 });
    await using open = await openStore(target);
    const calls = Array.from({ length: 1_010 }, () => open.session.query("SELECT pg_sleep(0.0005)::text"));
    const settled = await Promise.allSettled([
      ...calls,
      server.admin(
        `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tidemark' AND datname = '${target.database}'`,
      ),
    ]);
    const refused = settled.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
    assert.equal(refused.length, 7);
    for (const { reason } of refused) assert.match(String(reason), /1000 calls wait for its 3 connections/);
    const seen = settled.at(-1) as PromiseFulfilledResult<string[][]>;
    assert.equal(seen.value[0]![0], "3");
  },
);

testOn(missingPostgres(), "a closed store refuses calls, and those under way or waiting end", async () => {
  await using server = await findPostgres();
  const open = await openStore(targetOf(await server.newDatabase(), { connectionsMax: 2 }));
  const calls = [1, 2, 3, 4].map(() => open.session.query("SELECT pg_sleep(30)::text"));
  const ended = Promise.allSettled(calls);
  await pause(50);
  await open[Symbol.asyncDispose]();
  assert.deepEqual((await ended).map(({ status }) => status), Array(4).fill("rejected"));
  await assert.rejects(() => open.store.progress(), /closed/);
});
