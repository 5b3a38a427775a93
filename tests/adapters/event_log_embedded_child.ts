/**
 * A process of its own for event_log_embedded_crash_test.ts: appends numbered records of 10 KB to the log at args[0] until it
 * is killed, and writes a line for each append that came to an end: `ok <seq>` or `failed <code> <fix>`. A line on
 * stdin makes it wait no longer after a failure.
 * @module
 */
import { systemClock } from "../../core/clock.ts";
import { UserError } from "../../core/errors.ts";
import { openEmbeddedLog } from "../../adapters/event_log_embedded.ts";

const [path] = Deno.args;
const encoder = new TextEncoder();
const say = (line: string) => Deno.stdout.writeSync(encoder.encode(line + "\n"));

await using log = await openEmbeddedLog({
  path: path!,
  clock: systemClock,
  retentionMs: Infinity,
  sizeBytesMax: Infinity,
});
await log.ensureTopics([{ topic: "t", partitions: 1 }]);
for (let seq = 0;;) {
  const value = JSON.stringify({ seq, filler: "x".repeat(10_000) });
  try {
    await log.append({
      writes: [{ topic: "t", records: [{ key: null, value, instance: "child", seq, runId: null }] }],
      positions: [{ id: "child", state: seq }],
    });
    say(`ok ${seq}`);
    seq++;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(`failed ${error.code} ${error.fix}`);
    await Deno.stdin.read(new Uint8Array(16));
  }
}
