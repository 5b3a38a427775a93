/**
 * `replay` as a user calls it: what it refuses, and what Ctrl-C leaves.
 */
import assert from "node:assert/strict";
import { chatLines } from "../support/chat_file.ts";
import { inTempFolder } from "../support/temp_folder.ts";
import { exportedLines, lastJson, tidemark, tidemarkCommand, tidemarkOk } from "../support/tidemark.ts";

Deno.test("a call that cannot be followed is refused with cause, fix and exit code 2", () =>
  inTempFolder(async (folder) => {
    const file = `${folder}/chat.jsonl`;
    await Deno.writeTextFile(file, "{}\n");
    const cases: readonly (readonly [string[], RegExp, RegExp])[] = [
      [["--source", "chat"], /at least one file and a source are needed/, /tidemark replay FILE… --source NAME/],
      [[file], /at least one file and a source are needed/, /tidemark replay FILE… --source NAME/],
      [
        [file, "--source", "kick"],
        /Cannot find source "kick"/,
        /Name one of: twitch, binance, chat, viewer, transactions, stream_meta, trades, bars, watch/,
      ],
      [[file, "--source", "chat", "--speed", "fast"], /--speed is "fast"/, /max, or event time per wall time/],
      [[file, "--source", "chat", "--speed", "0"], /--speed is "0"/, /max, or event time per wall time/],
      [[file, "--source", "chat", "--order", "id"], /--order is "id"/, /time or file/],
      [[file, "--source", "chat", "--map", "timestamp"], /--map is "timestamp"/, /field=column/],
      [[file, "--source", "chat", "--map", "a=b", "--map", "a=c"], /--map names a twice/, /each field once/],
      [[file, "--source", "chat", "--timezone", "Mars"], /--timezone is "Mars"/, /America\/New_York/],
      [[file, "--source", "bars", "--scale", "12"], /--scale is "12"/, /1, 10, 100/],
      [[file, "--source", "chat", "--columns", "a,a"], /--columns is "a,a"/, /each once/],
      [[file, "--source", "chat", "--encoding", "klingon"], /--encoding is "klingon"/, /windows-1252/],
      [[file, "--source", "chat", "--fake-anomalies"], /fake anomalies in chat: its events have no price/, /trades/],
    ];
    for (const [args, cause, fix] of cases) {
      const { code, stderr } = await tidemark(["replay", ...args, "--data-dir", `${folder}/data`]);
      assert.equal(code, 2, stderr);
      const [first = "", second = ""] = stderr.trimEnd().split("\n");
      assert.match(first, /^error: /);
      assert.match(first, cause);
      assert.match(second, /^ {2}fix: /);
      assert.match(second, fix);
    }
    await assert.rejects(Deno.stat(`${folder}/data`), Deno.errors.NotFound, "nothing was opened");
  }));

Deno.test("a file that cannot be read is refused by name, and nothing of the others is sent", () =>
  inTempFolder(async (folder) => {
    const good = `${folder}/good.jsonl`;
    await Deno.writeTextFile(good, "{}\n");
    await Deno.writeFile(`${folder}/damaged.gz`, new Uint8Array([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8]));
    const cases = [
      [`${folder}/missing.jsonl`, /missing\.jsonl: there is no such file/, /Check the path/],
      [folder, /: it is a folder/, /Name a file in it/],
      [`${folder}/damaged.gz`, /damaged\.gz to its end: its gzip data is damaged/, /again/],
    ] as const;
    for (const [bad, cause, fix] of cases) {
      const call = ["replay", good, bad, "--source", "chat", "--drain", "--data-dir", `${folder}/data`];
      const { code, stdout, stderr } = await tidemark(call);
      assert.equal(code, 2, stderr);
      const [first = "", second = ""] = stderr.trimEnd().split("\n").slice(-2);
      assert.match(first, cause);
      assert.match(second, fix);
      assert.equal(stdout, "");
    }
    const counts = lastJson(
      await tidemarkOk(["replay", good, "--source", "chat", "--drain", "--json", "--data-dir", `${folder}/data`]),
    );
    assert.deepEqual([counts.read, counts.dead, counts.skipped], [1, 1, 0]);
  }));

const LINES = 3_000;

async function untilSaid(reader: ReadableStreamDefaultReader<Uint8Array>, text: string): Promise<string> {
  const decoder = new TextDecoder();
  let said = "";
  while (!said.includes(text)) {
    const { value, done } = await reader.read();
    if (done) return said;
    said += decoder.decode(value, { stream: true });
  }
  return said;
}

/** Waits until the paced replay has something in its log. */
async function untilFed(dataDir: string): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const size = await Deno.stat(`${dataDir}/log.db-wal`).then((file) => file.size, () => 0);
    if (size > 100_000) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the replay has written nothing");
}

Deno.test("Ctrl-C on a paced replay saves what was read, ends within 2 s, and the same call goes on from there", () =>
  inTempFolder(async (folder) => {
    const shape = { seed: 5, streams: 3, durationMs: 600_000, lateShare: 0, lateMsMax: 0, lineBytes: 200 };
    await Deno.writeTextFile(`${folder}/chat.jsonl`, [...chatLines({ lines: LINES, ...shape })].join("\n") + "\n");
    const call = ["replay", `${folder}/chat.jsonl`, "--source", "chat", "--drain", "--json"];
    const [data, calm] = [`${folder}/data`, `${folder}/calm`];

    const child = tidemarkCommand([...call, "--speed", "20", "--data-dir", data]).spawn();
    const errors = child.stderr.getReader();
    await untilSaid(errors, "replaying 1 file");
    await untilFed(data);
    const interruptedAt = performance.now();
    child.kill("SIGINT");
    const said = untilSaid(errors, "\0");
    const { code } = await child.status;
    assert.ok(performance.now() - interruptedAt < 2_000, "it took too long");
    assert.equal(code, 130);
    assert.match(await said, /interrupted: what was read is saved; the same command goes on from there\n/);
    const stdout = await new Response(child.stdout).text();
    assert.equal(stdout, "", "no counts of half a run");

    const rest = lastJson(await tidemarkOk([...call, "--speed", "max", "--data-dir", data]));
    assert.deepEqual([rest.read, rest.accepted, rest.skipped], [LINES, LINES, 0], "one run, continued");
    await tidemarkOk([...call, "--data-dir", calm]);
    assert.deepEqual(
      await exportedLines("chat_summary_minute", data),
      await exportedLines("chat_summary_minute", calm),
    );
  }));
