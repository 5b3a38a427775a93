/** The enricher `sentiment` at its port, and the cache of texts below it. */
import assert from "node:assert/strict";
import type { ChatEvent } from "../../../core/events/chat.ts";
import { sentimentEnricher } from "../../../processor/enrichers/sentiment.ts";
import { scoreSentiment } from "../../../processor/enrichers/sentiment_score.ts";
import { CACHED_TEXT_UNITS_MAX, TextCache } from "../../../processor/enrichers/text_cache.ts";
import { chatMessage } from "./chat_message.ts";

Deno.test("each event gets its sentiment, in order", () => {
  const enricher = sentimentEnricher();
  const events = ["PogChamp", "FeelsBadMan", "hello", "PogChamp"].map((message) => chatMessage(message));
  assert.deepEqual(enricher.enrich(events), events.map(({ message }) => ({ sentiment: scoreSentiment(message) })));
  assert.deepEqual(enricher.cacheCounts(), { hits: 1, misses: 3, texts: 3 });
});

Deno.test("the cut into batches and the cache's bound never show in the scores", () => {
  const texts = ["good", "bad", "PogChamp", "so good", "not bad", "LUL", "hate"];
  const events: ChatEvent[] = Array.from(
    { length: 200 },
    (_, i) => chatMessage(texts[(i * i) % texts.length]!, { emotes: i % 3 === 0 ? ["hate"] : [] }),
  );
  const whole = sentimentEnricher().enrich(events);
  const small = sentimentEnricher({ textsMax: 2 });
  const single = events.flatMap((event) => small.enrich([event]));
  assert.deepEqual(single, whole);
  assert.deepEqual(whole.at(6), { sentiment: scoreSentiment(events[6]!.message, { emotes: ["hate"] }) });
});

Deno.test("a cache of texts holds no more than its bound, keeps what is in use, and leaves long texts out", () => {
  const cache = new TextCache<number>({ textsMax: 10 });
  for (let i = 0; i < 1_000; i++) {
    cache.set(`text ${i}`, i);
    if (i > 0) assert.equal(cache.get("text 0"), 0, `after ${i}`);
    assert.ok(cache.counts().texts <= 10);
  }
  assert.equal(cache.get("text 1"), undefined);
  cache.set("x".repeat(CACHED_TEXT_UNITS_MAX + 1), 1);
  assert.equal(cache.get("x".repeat(CACHED_TEXT_UNITS_MAX + 1)), undefined);
  assert.deepEqual([cache.counts().hits, cache.counts().misses], [999, 2]);
  assert.throws(() => new TextCache({ textsMax: 1 }), /Cannot keep texts: textsMax is 1/);
});
