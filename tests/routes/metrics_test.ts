import { equal, match, ok } from "node:assert/strict";
import { newSourceStatus } from "../../core/status.ts";
import { appOver, withServices } from "./support.ts";

Deno.test("/metrics tells of each source its state, its reconnects, what waits and what was lost", async () => {
  const twitch = {
    ...newSourceStatus("twitch"),
    state: "rate-limited" as const,
    read: 12,
    dead: 1,
    reconnects: 3,
    queueFrames: 40,
    queueDropped: 5,
    spoolRecords: 600,
    spoolBytes: 70_000,
    spoolDropped: 8,
    spoolFailures: 7,
    missed: 9,
  };
  await withServices({ sources: [twitch, newSourceStatus("mock")] }, async (services) => {
    const response = await (await appOver(services)).handler()(new Request("http://localhost/metrics"));
    equal(response.status, 200);
    const text = await response.text();
    const lines = new Set(text.split("\n"));
    for (
      const line of [
        'tidemark_source_state{source="twitch",state="rate-limited"} 1',
        'tidemark_source_state{source="mock",state="connecting"} 1',
        'tidemark_source_reconnects_total{source="twitch"} 3',
        'tidemark_source_queue_frames{source="twitch"} 40',
        'tidemark_source_spool_records{source="twitch"} 600',
        'tidemark_source_spool_bytes{source="twitch"} 70000',
        'tidemark_source_dropped_total{source="twitch",at="queue"} 5',
        'tidemark_source_dropped_total{source="twitch",at="spool"} 8',
        'tidemark_source_spool_failures_total{source="twitch"} 7',
        'tidemark_source_missed_total{source="twitch"} 9',
      ]
    ) ok(lines.has(line), `${line} is not in\n${text}`);
    match(text, /^# TYPE tidemark_source_queue_frames gauge$/m);
  });
});

Deno.test("/metrics tells of each lookup what it holds, and what it could not do", async () => {
  const topic = "internal.rekey.events.chat.category.category_of.1";
  const lookups = [{ lookup: "category_of", topic, rows: 7, missed: 3, lateRows: 2, failedRows: 1, droppedRows: 0 }];
  const processor = { records: 1, lagRecords: 0, partitions: [], restarts: 0, lookups };
  await withServices({ processor }, async (services) => {
    const response = await (await appOver(services)).handler()(new Request("http://localhost/metrics"));
    const lines = new Set((await response.text()).split("\n"));
    const labels = `lookup="category_of",topic="${topic}"`;
    for (
      const line of [
        `tidemark_lookup_rows{${labels}} 7`,
        `tidemark_lookup_missed_total{${labels}} 3`,
        `tidemark_lookup_faulty_rows_total{${labels},fault="late"} 2`,
        `tidemark_lookup_faulty_rows_total{${labels},fault="failed"} 1`,
        `tidemark_lookup_faulty_rows_total{${labels},fault="dropped"} 0`,
      ]
    ) ok(lines.has(line), line);
  });
});
