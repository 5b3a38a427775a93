import assert from "node:assert/strict";
import { createEmbeddedLiveFeed } from "../../adapters/live_feed_embedded.ts";
import { type Clock, systemClock } from "../../core/clock.ts";
import { liveFeedContract } from "../contracts/live_feed_contract.ts";

liveFeedContract("embedded live feed", (_t, { historyUpdatesMax }) => {
  const feed = createEmbeddedLiveFeed({ clock: systemClock, historyUpdatesMax });
  return Promise.resolve({ feed, [Symbol.asyncDispose]: () => feed[Symbol.asyncDispose]() });
});

const update = { channel: "chat", key: "k", window_start: "2024-08-08T23:54:00.000Z", revision: 1, values: {} };

Deno.test("embedded live feed: ids are the clock's milliseconds with a count, though the clock goes back", async () => {
  let nowMs = 0;
  const clock: Clock = { nowMs: () => nowMs, sleep: () => Promise.resolve() };
  await using feed = createEmbeddedLiveFeed({ clock });
  const ids: string[] = [];
  for (nowMs of [0, 0, 7, 7, 5, 8]) {
    await feed.publish([update]);
    ids.push(await feed.lastId());
  }
  assert.deepEqual(ids, ["0-1", "0-2", "7-0", "7-1", "7-2", "8-0"]);
});

Deno.test("embedded live feed: an id of the process before gives a gap, though nothing has expired yet", async () => {
  await using feed = createEmbeddedLiveFeed({ clock: systemClock });
  const stop = new AbortController();
  await feed.publish([update]);
  const first = await feed.subscribe({ channels: [], afterId: "1700000000000-3", signal: stop.signal })
    [Symbol.asyncIterator]().next();
  assert.equal(first.value?.type, "gap");
  stop.abort();
});

Deno.test("embedded live feed: a subscription begins when it is made, not when it is first read", async () => {
  await using feed = createEmbeddedLiveFeed({ clock: systemClock });
  const stop = new AbortController();
  const messages = feed.subscribe({ channels: [], signal: stop.signal });
  await feed.publish([update]);
  const first = await messages[Symbol.asyncIterator]().next();
  assert.equal(first.value?.type, "update");
  stop.abort();
});

Deno.test("embedded live feed: closing it ends its subscribers", async () => {
  const feed = createEmbeddedLiveFeed({ clock: systemClock });
  const messages = feed.subscribe({ channels: [], signal: new AbortController().signal })[Symbol.asyncIterator]();
  const waiting = messages.next();
  await feed[Symbol.asyncDispose]();
  assert.ok((await waiting).done);
  await assert.rejects(feed.publish([update]), /closed/);
});

Deno.test("embedded live feed: a bound that is no count is refused", () => {
  assert.throws(() => createEmbeddedLiveFeed({ clock: systemClock, historyUpdatesMax: 0 }), RangeError);
});
