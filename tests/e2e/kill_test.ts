/**
 * Killed at any moment and started again, the tables are those of an undisturbed run.
 *
 * ```
 * start ──▶ SIGKILL at a seeded moment ──▶ start ──▶ SIGKILL ──▶ … 20 times … ──▶ start ──▶ drained
 *                                     └─ five times the WindowStore's file is gone as well
 * ```
 */
import assert from "node:assert/strict";
import { seededRandom } from "../../core/clock.ts";
import { writeChatFile } from "../support/chat_file.ts";
import { exportedLines, lastJson, tidemarkCommand, tidemarkOk } from "../support/tidemark.ts";

const KILLS = 20;
const WINDOW_STORE_LOSSES = 5;

Deno.test("a run killed at 20 moments, the window store lost in five, ends with the tables of an undisturbed run", async () => {
  const folder = await Deno.makeTempDir({ prefix: "tidemark-kill-" });
  try {
    const file = `${folder}/chat.jsonl`;
    await writeChatFile({
      path: file,
      seed: 20,
      lines: 60_000,
      streams: 12,
      durationMs: 15 * 60_000,
      lateShare: 0.06,
      // Beyond window and lateness: accepted, partly late and late events all occur.
      lateMsMax: 240_000,
      lineBytes: 220,
    });
    const replay = ["replay", file, "--source", "chat", "--drain", "--json"];
    const undisturbed = lastJson(await tidemarkOk([...replay, "--data-dir", `${folder}/calm`]));
    for (const moment of moments()) await killAt(moment, [...replay, "--speed", "30"], `${folder}/killed`);
    const survived = lastJson(await tidemarkOk([...replay, "--speed", "max", "--data-dir", `${folder}/killed`]));

    assert.ok((undisturbed.late as number) > 0, "the input has late events");
    assert.equal(survived.skipped, 0, "the killed run was continued, not begun anew");
    assert.deepEqual(withoutIdentity(survived), withoutIdentity(undisturbed));
    for (const table of ["chat_summary_minute", "chat_sessions", "anomalies"]) {
      assert.deepEqual(
        await exportedLines(table, `${folder}/killed`),
        await exportedLines(table, `${folder}/calm`),
        table,
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

interface Moment {
  /** How long the process is left alone after its first line. */
  readonly afterMs: number;
  readonly losesWindowStore: boolean;
}

function moments(): Moment[] {
  const random = seededRandom(7);
  return Array.from({ length: KILLS }, (_, i) => ({
    afterMs: 100 + Math.floor(random.next() * 2_400),
    losesWindowStore: i % (KILLS / WINDOW_STORE_LOSSES) === 1,
  }));
}

async function killAt({ afterMs, losesWindowStore }: Moment, args: readonly string[], dataDir: string): Promise<void> {
  const child = tidemarkCommand([...args, "--data-dir", dataDir]).spawn();
  const reader = child.stderr.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill("SIGKILL");
  await Promise.all([child.status, reader.cancel(), child.stdout.cancel()]);
  if (!losesWindowStore) return;
  for (const suffix of ["", "-wal", "-shm"]) {
    await Deno.remove(`${dataDir}/windows.db${suffix}`).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}

function withoutIdentity({ run: _run, duration_ms: _duration, ...counts }: Record<string, unknown>): unknown {
  return counts;
}
