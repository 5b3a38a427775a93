/**
 * The test kit does what it says: a source that pauses, ends and breaks off, and a pipeline over some events.
 */
import assert from "node:assert/strict";
import { type ViewerEvent, viewerEvents } from "../../core/events/viewer.ts";
import { minutes, seconds } from "../../core/time.ts";
import { tumbling } from "../../core/window.ts";
import type { Decoded, SourceContext } from "../../ingest/source.ts";
import { source } from "../../ingest/define_source.ts";
import { count, maxOf } from "../../processor/metrics/mod.ts";
import { pipeline } from "../../processor/pipeline.ts";
import { ManualClock, runPipeline, TestSource } from "./mod.ts";
import { turns } from "./manual_clock.ts";

const viewers = (second: number, viewer_count: number): ViewerEvent => ({
  event_id: String(second),
  timestamp: new Date(Date.UTC(2024, 0, 1, 12, 0, second)).toISOString(),
  source: "test",
  stream_id: "demo",
  viewer_count,
});

/** Ids of what a source has sent so far, and how it ended. */
function read(test: TestSource<ViewerEvent>, signal = new AbortController().signal) {
  const sent: string[] = [];
  const idsOf = (decoded: Decoded) =>
    decoded.kind === "events" ? decoded.events.map(({ value }) => (value as ViewerEvent).event_id) : [];
  const reading = async () => {
    for await (const batch of test.source.open!({ signal } as SourceContext)) {
      for (const decoded of batch as readonly Decoded[]) sent.push(...idsOf(decoded));
    }
    return "ended";
  };
  return { sent, ended: reading().catch((error: Error) => error.message) };
}

Deno.test("a test source sends what it is told, holds back while it pauses, and ends after the last event", async () => {
  const test = new TestSource<ViewerEvent>(viewerEvents);
  const { sent, ended } = read(test);
  test.send(viewers(1, 5), viewers(2, 6));
  await turns(5);
  assert.deepEqual(sent, ["1", "2"]);
  test.pause();
  test.send(viewers(3, 7));
  await turns(5);
  assert.deepEqual(sent, ["1", "2"]);
  test.resume();
  test.send(viewers(4, 8));
  test.end();
  assert.equal(await ended, "ended");
  assert.deepEqual(sent, ["1", "2", "3", "4"]);
});

Deno.test("a test source breaks off with its failure, and stops when its reader does", async () => {
  const broken = new TestSource<ViewerEvent>(viewerEvents);
  const { ended } = read(broken);
  broken.abort(new Error("connection lost"));
  assert.equal(await ended, "connection lost");
  const stopping = new AbortController();
  const stopped = read(new TestSource<ViewerEvent>(viewerEvents), stopping.signal);
  stopping.abort();
  assert.equal(await stopped.ended, "ended");
});

Deno.test("a clock stands until it is moved, and wakes sleepers in order", async () => {
  const clock = new ManualClock(1_000);
  const woken: number[] = [];
  for (const ms of [20, 10]) clock.sleep(ms).then(() => woken.push(clock.nowMs()));
  await clock.advance(15);
  assert.deepEqual(woken, [1_010]);
  await clock.advance(10);
  assert.deepEqual([woken, clock.nowMs()], [[1_010, 1_020], 1_025]);
});

Deno.test("a pipeline over some events gives its rows by name, its counts and what did not fit", async () => {
  const peaks = pipeline<ViewerEvent>({
    name: "peaks",
    contract: viewerEvents,
    key: "stream_id",
    window: tumbling({ sizeMs: seconds(10) }),
    allowedLatenessMs: minutes(1),
    metrics: { peak: maxOf((event) => event.viewer_count, { scale: 0 }), samples: count() },
    table: "peaks",
  });
  const { rows, counts } = await runPipeline(peaks, [viewers(1, 5), viewers(2, 9), viewers(11, 7), { stream_id: "x" }]);
  const at = (second: number) => `2024-01-01T12:00:${String(second).padStart(2, "0")}.000Z`;
  assert.deepEqual(rows, [
    { stream_id: "demo", window_start: at(0), window_end: at(10), peak: "9", samples: 2 },
    { stream_id: "demo", window_start: at(10), window_end: at(20), peak: "7", samples: 1 },
  ]);
  assert.deepEqual([counts.in, counts.accepted, counts.dead], [4, 3, 1]);
});

Deno.test("a source that can do nothing, or has no name, is refused", () => {
  const about = { about: "nothing", contract: viewerEvents };
  assert.throws(() => source<ViewerEvent>({ name: "nothing", ...about }), /neither decode\(\).*nor open\(\)/);
  assert.throws(() => source<ViewerEvent>({ name: "No!", ...about, decode: () => [] }), /must be lower-case letters/);
});
