/**
 * What every LiveFeed must do, against the port alone. Each test has channels of its own, since a feed may be shared.
 * @module
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { LiveFeed, LiveMessage, LiveUpdate, SubscribeOptions } from "../../core/ports.ts";

/** A feed under test; disposing it closes the feed and removes what it made. */
export interface LiveFeedUnderTest extends AsyncDisposable {
  readonly feed: LiveFeed;
}

/** Opens an empty feed with room for so many updates, or, where a bound is only approximate, up to twice as many. */
export type OpenLiveFeed = (t: Deno.TestContext, options: { historyUpdatesMax: number }) => Promise<LiveFeedUnderTest>;

type Case = (sentence: string, historyUpdatesMax: number, body: (feed: LiveFeed) => Promise<void>) => void;

/** Registers the suite for one adapter. */
export function liveFeedContract(name: string, open: OpenLiveFeed): void {
  const test: Case = (sentence, historyUpdatesMax, body) =>
    Deno.test(`${name}: ${sentence}`, async (t) => {
      await using subject = await open(t, { historyUpdatesMax });
      await body(subject.feed);
    });
  orderCases(test);
  resumeCases(test);
  endCases(test);
}

const update = (revision: number, channel = "chat"): LiveUpdate => ({
  channel,
  key: "demo_stream",
  window_start: "2024-08-08T23:54:00.000Z",
  revision,
  values: { chat_count: revision, note: "größe 😀", none: null },
});

const updates = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => update(from + i));

/** A subscriber that is driven by hand. */
function subscriber(
  feed: LiveFeed,
  options: Omit<SubscribeOptions, "signal" | "channels"> & { channels?: string[] } = {},
) {
  const stop = new AbortController();
  const messages = feed.subscribe({ channels: [], signal: stop.signal, ...options })[Symbol.asyncIterator]();
  return {
    next: () => messages.next(),
    async take(count: number): Promise<LiveMessage[]> {
      const taken: LiveMessage[] = [];
      while (taken.length < count) {
        const result = await messages.next();
        assert.ok(!result.done, "the subscription ended");
        taken.push(result.value);
      }
      return taken;
    },
    async end(): Promise<void> {
      stop.abort();
      assert.ok((await messages.next()).done);
    },
  };
}

/** Revisions of updates, and "gap". */
const brief = (messages: readonly LiveMessage[]) => messages.map((m) => m.type === "gap" ? "gap" : m.update.revision);

/** Ids as numbers that compare. */
function assertRising(ids: readonly string[]): void {
  const parsed = ids.map((id) => {
    assert.match(id, /^\d+-\d+$/);
    return id.split("-").map(Number) as [number, number];
  });
  for (let i = 1; i < parsed.length; i++) {
    const [[ms0, n0], [ms1, n1]] = [parsed[i - 1]!, parsed[i]!];
    assert.ok(ms1 > ms0 || (ms1 === ms0 && n1 > n0), `${ids[i]} after ${ids[i - 1]}`);
  }
}

function orderCases(test: Case): void {
  test("a subscriber gets what is published from now on, whole and in order", 100, async (feed) => {
    await feed.publish(updates(0, 3));
    const { take, end } = subscriber(feed);
    await feed.publish(updates(3, 5));
    await feed.publish(updates(5, 6));
    const messages = await take(3);
    assert.deepEqual(messages.map((m) => m.type === "update" && m.update), updates(3, 6));
    await end();
  });

  test("ids rise strictly, and lastId is that of the newest: 0-0 before the first", 100, async (feed) => {
    assert.equal(await feed.lastId(), "0-0");
    const { take, end } = subscriber(feed);
    for (let i = 0; i < 5; i++) await feed.publish(updates(i * 4, i * 4 + 4));
    const messages = await take(20);
    assertRising(["0-0", ...messages.map((m) => m.id)]);
    assert.equal(await feed.lastId(), messages.at(-1)!.id);
    await end();
  });

  test("channels only filter: every subscriber sees the same ids", 100, async (feed) => {
    const all = subscriber(feed);
    const trades = subscriber(feed, { channels: ["candles_1s", "anomalies"] });
    const channels = ["chat", "candles_1s", "chat", "anomalies", "candles_1s"];
    await feed.publish(channels.map((channel, i) => update(i, channel)));
    const ids = (await all.take(5)).map((m) => m.id);
    const filtered = await trades.take(3);
    assert.deepEqual(brief(filtered), [1, 3, 4]);
    assert.deepEqual(filtered.map((m) => m.id), [ids[1], ids[3], ids[4]]);
    await all.end();
    await trades.end();
  });

  test("a publish of nothing changes nothing", 100, async (feed) => {
    await feed.publish([]);
    assert.equal(await feed.lastId(), "0-0");
  });
}

function resumeCases(test: Case): void {
  test("a resume after an id gives what came after it, with no gap", 100, async (feed) => {
    const first = subscriber(feed);
    await feed.publish(updates(0, 10));
    const messages = await first.take(10);
    await first.end();
    for (const place of [0, 4, 9]) {
      const { take, end } = subscriber(feed, { afterId: messages[place]!.id });
      await feed.publish([update(99)]);
      const rest = brief(await take(10 - place)).filter((m) => m !== 99);
      assert.deepEqual(rest, Array.from({ length: 9 - place }, (_, i) => place + 1 + i));
      await end();
    }
  });

  test("a resume after 0-0 gives everything while the history holds it", 100, async (feed) => {
    await feed.publish(updates(0, 3));
    const { take, end } = subscriber(feed, { afterId: "0-0" });
    assert.deepEqual(brief(await take(3)), [0, 1, 2]);
    await end();
  });

  test("a resume with a filter gives only its channels", 100, async (feed) => {
    const first = subscriber(feed);
    await feed.publish([update(0), update(1, "other"), update(2), update(3, "other")]);
    const [begin] = await first.take(1);
    await first.end();
    const { take, end } = subscriber(feed, { afterId: begin!.id, channels: ["other"] });
    assert.deepEqual(brief(await take(2)), [1, 3]);
    await end();
  });

  test("an expired, future or malformed id gives a gap with the newest id, then goes on", 5, async (feed) => {
    const first = subscriber(feed);
    await feed.publish([update(0)]);
    const [expired] = await first.take(1);
    await first.end();
    await feed.publish(updates(1, 30));
    const lastId = await feed.lastId();
    const future = `${Number(lastId.split("-")[0]) + 3_600_000}-0`;
    for (
      const afterId of [expired!.id, "0-0", "1-0", future, "", "abc", "-", "1", "1-2-3", "-1-0", "9".repeat(40) + "-0"]
    ) {
      const { take, end } = subscriber(feed, { afterId });
      assert.deepEqual(await take(1), [{ type: "gap", id: lastId }], `afterId ${afterId}`);
      await end();
    }
    const { take, end } = subscriber(feed, { afterId: "abc" });
    await take(1);
    await feed.publish([update(77)]);
    assert.deepEqual(brief(await take(1)), [77]);
    await end();
  });

  test("a subscriber that falls behind the history gets a gap and goes on from now", 5, async (feed) => {
    const { take, end } = subscriber(feed);
    await feed.publish([update(0)]);
    assert.deepEqual(brief(await take(1)), [0]);
    for (let i = 0; i < 40; i++) await feed.publish([update(1 + i)]);
    const lastId = await feed.lastId();
    assert.deepEqual(await take(1), [{ type: "gap", id: lastId }]);
    await feed.publish([update(50)]);
    assert.deepEqual(brief(await take(1)), [50]);
    await end();
  });

  test("whatever is published and read, each update comes once and in order, or a gap says so", 7, async (feed) => {
    const actions = fc.array(fc.oneof(fc.record({ publish: fc.nat(6) }), fc.record({ read: fc.nat(6) })));
    let revision = 0;
    await fc.assert(
      fc.asyncProperty(actions, async (steps) => {
        const { take, end } = subscriber(feed);
        const begin = revision;
        let [read, expected] = [begin, begin];
        for (const step of [...steps, { read: Infinity }]) {
          if ("publish" in step) {
            await feed.publish(updates(revision, revision += step.publish));
            continue;
          }
          for (let i = 0; i < step.read && read < revision; i++) {
            const [message] = await take(1);
            if (message!.type === "gap") {
              // What a gap leaves out was more than the history holds; it goes on from now.
              assert.ok(revision - read > 7, `a gap though only ${revision - read} were unread`);
              assert.equal(message!.id, await feed.lastId());
              read = expected = revision;
            } else {
              assert.equal(message!.update.revision, expected++);
              read = expected;
            }
          }
        }
        await end();
      }),
      { numRuns: 60 },
    );
  });
}

function endCases(test: Case): void {
  test("an abort ends a subscriber that waits, and one that never began", 10, async (feed) => {
    const stop = new AbortController();
    const messages = feed.subscribe({ channels: [], signal: stop.signal })[Symbol.asyncIterator]();
    const waiting = messages.next();
    await new Promise((resolve) => setTimeout(resolve, 10));
    stop.abort();
    assert.ok((await waiting).done);
    const aborted = feed.subscribe({ channels: [], signal: AbortSignal.abort() })[Symbol.asyncIterator]();
    assert.ok((await aborted.next()).done);
  });

  test("an abort ends a subscriber that has unread updates", 10, async (feed) => {
    const { take, end } = subscriber(feed);
    await feed.publish(updates(0, 5));
    await take(1);
    await end();
  });

  test("subscribers do not disturb each other", 10, async (feed) => {
    const [slow, quick] = [subscriber(feed), subscriber(feed)];
    await feed.publish(updates(0, 4));
    assert.deepEqual(brief(await quick.take(4)), [0, 1, 2, 3]);
    await quick.end();
    assert.deepEqual(brief(await slow.take(4)), [0, 1, 2, 3]);
    await slow.end();
  });
}
