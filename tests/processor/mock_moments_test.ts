/**
 * A day of the mock streams through the chat pipeline, without stores and without a clock: the raids and toxic episodes
 * that are found, against those that were put in.
 */
import assert from "node:assert/strict";
import type { EventBase } from "../../core/events/contract.ts";
import { hours, minutes, seconds } from "../../core/time.ts";
import { mockChatEpisodes, mockChatEvents, type MockChatOptions } from "../../ingest/sources/mock_chat.ts";
import type { EpisodeKind } from "../../ingest/sources/mock_episodes.ts";
import { enrichersOf, enrichReadings } from "../../processor/engine/enrichment.ts";
import { noCounts } from "../../processor/engine/lane.ts";
import { type Finding, isMoment } from "../../processor/engine/pane.ts";
import { SlicedPartition } from "../../processor/engine/sliced_partition.ts";
import { chat } from "../../processor/pipelines/chat.ts";

const startMs = Date.UTC(2024, 0, 1);
const day: MockChatOptions = {
  seed: 7,
  startMs,
  ratePerSec: 10,
  channels: ["demo_stream", "gaming_stream", "music_stream"],
  anomalyEveryMs: seconds(180),
};
const BATCH_MS = seconds(30);

/** What stands at the end of a day: the last word on each moment that was not taken back. */
async function momentsOf(options: MockChatOptions): Promise<Finding[]> {
  const enrichers = enrichersOf([chat]);
  for (const enricher of enrichers) await enricher.prepare?.();
  const start = { watermarkMs: null, eventTimeMsMax: null, keyedStates: [], tracksLive: false };
  const partition = new SlicedPartition({ pipeline: chat, ...start });
  const made = mockChatEvents(options);
  const counts = noCounts();
  const moments = new Map<string, Finding>();
  let offset = 0;
  for (let fromMs = startMs; fromMs < startMs + hours(24); fromMs += BATCH_MS) {
    const events = made({ fromMs, toMs: fromMs + BATCH_MS });
    const readings = events.map((event) => ({ event: event as EventBase, eventTimeMs: Date.parse(event.timestamp) }));
    for (const reading of enrichReadings(enrichers, readings)) {
      assert.ok("event" in reading);
      const { event, eventTimeMs } = reading;
      const key = (event as unknown as { stream_id: string }).stream_id;
      partition.accept({ event, eventTimeMs, key, offset: offset++, topic: "events.chat", partition: 0 }, counts);
    }
    for (const finding of partition.takeOutputs(offset).findings) {
      if (isMoment(finding)) moments.set(finding.id, finding);
    }
  }
  assert.equal(counts.late, 0);
  assert.ok(counts.accepted > 860_000, `${counts.accepted}`);
  return [...moments.values()].filter(({ status }) => status === "active");
}

const momentKinds: Readonly<Record<string, EpisodeKind>> = { raid: "raid", toxicity: "toxic_episode" };
/** A moment is known to a slide of 10 s, and begins when there is enough to see. */
const SLACK_MS = seconds(20);

const found = await momentsOf(day);
const truth = mockChatEpisodes(day, { fromMs: startMs, toMs: startMs + hours(24) });

for (const [kind, label] of Object.entries(momentKinds)) {
  Deno.test(`a day of mock chat: ${label}s are found, once each, and next to nothing else is taken for one`, () => {
    const moments = found.filter(({ moment }) => moment?.kind === kind);
    const episodes = truth.filter((episode) => episode.kind === label);
    assert.ok(episodes.length >= 150, `${episodes.length}`);
    const isSame = (
      { stream, startMs, endMs }: typeof episodes[number],
      { key, windowStartMs, windowEndMs }: Finding,
    ) => key === stream && windowStartMs < endMs + SLACK_MS && windowEndMs > startMs - SLACK_MS;
    const hits = episodes.filter((episode) => moments.some((moment) => isSame(episode, moment)));
    const right = moments.filter((moment) => episodes.some((episode) => isSame(episode, moment)));
    const recall = hits.length / episodes.length;
    const precision = right.length / moments.length;
    assert.ok(recall >= 0.95, `recall ${recall}`);
    assert.ok(precision >= 0.9, `precision ${precision}`);
    assert.ok(moments.length <= hits.length * 1.05, `${moments.length} moments for ${hits.length} episodes`);
    for (const moment of right) {
      assert.ok(moment.windowEndMs - moment.windowStartMs <= minutes(2), `${moment.id} is longer than it was`);
    }
  });
}
