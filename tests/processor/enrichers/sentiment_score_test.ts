/** What a message feels like: the table of cases, and each rule by itself. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { emoteValences } from "../../../processor/enrichers/sentiment_emotes.ts";
import { scoreSentiment, sentimentClass } from "../../../processor/enrichers/sentiment_score.ts";
import { blindSentimentCases } from "./sentiment_blind_cases.ts";
import { sentimentCases } from "./sentiment_cases.ts";
import { type SentimentCases, sentimentF1 } from "./sentiment_f1.ts";
import { lastSentimentCases } from "./sentiment_last_cases.ts";
import { strangerSentimentCases } from "./sentiment_stranger_cases.ts";
import { unseenSentimentCases } from "./sentiment_unseen_cases.ts";
import { twitchSentimentCases } from "./twitch_sentiment_cases.ts";

Deno.test("at least 150 messages of chat get the class that a reader gives them", () => {
  assert.ok(sentimentCases.length >= 150);
  const wrong = sentimentCases.map(([message, expected]) => ({ message, expected, score: scoreSentiment(message) }))
    .filter(({ score, expected }) => sentimentClass(score) !== expected)
    .map(({ message, expected, score }) => `${message} → ${score.toFixed(2)}, not ${expected}`);
  assert.deepEqual(wrong, []);
});

Deno.test("cases in the style of Twitch, written apart from the table: macro-F1 over three classes has a floor", () => {
  assert.ok(twitchSentimentCases.length >= 200);
  const macroOf = (cases: SentimentCases) =>
    sentimentF1(cases, (message) => sentimentClass(scoreSentiment(message))).macro;
  const sets = [
    twitchSentimentCases,
    unseenSentimentCases,
    blindSentimentCases,
    strangerSentimentCases,
    lastSentimentCases,
  ];
  const found = sets.map(macroOf);
  const floors = [0.93, 0.85, 0.85, 0.83, 0.75];
  assert.ok(found.every((macro, i) => macro >= floors[i]!), `${found}`);
});

Deno.test("at least 250 emotes have a polarity of our own", () => {
  const polar = [...emoteValences.values()].filter((valence) => valence !== 0);
  assert.ok(polar.length >= 250, `${polar.length}`);
});

/** Each rule as "the first feels more positive than the second". */
const ordered: readonly (readonly [rule: string, higher: string, lower: string])[] = [
  ["negation turns praise", "good", "not good"],
  ["negation turns blame", "not bad", "bad"],
  ["negation ends with its clause", "no, that was good", "that was not good"],
  ["n't negates", "it is fun", "it isn't fun"],
  ["an intensifier strengthens praise", "very good", "good"],
  ["an intensifier strengthens blame", "bad", "so bad"],
  ["a drawn-out intensifier strengthens more", "sooooo good", "so good"],
  ["a diminisher weakens", "good", "kinda good"],
  ["swearing strengthens praise", "fucking amazing", "amazing"],
  ["swearing strengthens blame", "awful", "fucking awful"],
  ["capitals strengthen", "GOOD", "good"],
  ["drawing out strengthens", "goooood", "good"],
  ["exclamation marks strengthen", "good!!!", "good"],
  ["a question states less", "that was good", "was that good?"],
  ["what follows a but weighs more", "bad start but great end", "great start but bad end"],
  ["an emote adds to words", "good PogChamp", "good"],
  ["a sad emote takes from words", "good game", "good game FeelsBadMan"],
  ["sarcasm turns praise", "great job", "great job Kappa"],
  ["hope beside an emote of delusion is pitied", "we will win this", "we will win this COPIUM"],
  ["more than the most negates nothing", "this isn't boring", "this couldn't be more boring"],
  ["sarcasm makes blame a joke", "terrible play Kappa", "terrible play"],
  ["an emoji counts where it touches a word", "nice🔥", "nice"],
];
for (const [rule, higher, lower] of ordered) {
  Deno.test(`sentiment: ${rule}`, () => {
    assert.ok(scoreSentiment(higher) > scoreSentiment(lower), `${scoreSentiment(higher)} > ${scoreSentiment(lower)}`);
  });
}

Deno.test("repeats saturate: thirty emotes say no more than twice of what one says, before the curve", () => {
  const sumOf = (score: number) => score * Math.sqrt(8 / (1 - score * score));
  const once = sumOf(scoreSentiment("PogChamp"));
  const often = sumOf(scoreSentiment(Array(30).fill("PogChamp").join(" ")));
  assert.ok(often > once && often < 2 * once + 1e-9, `${once} ${often}`);
  const pasted = sumOf(scoreSentiment(Array(20).fill("what a great play").join(" ")));
  assert.ok(pasted < 2 * sumOf(scoreSentiment("what a great play")) + 1e-9);
});

Deno.test("a long message of one kind word is no louder than the word", () => {
  const filler = "then he went to the second room and looked for the key on the table near the door of the house";
  assert.ok(scoreSentiment(`${filler} nice`) < scoreSentiment("nice"));
});

Deno.test("what the platform tags as an emote is no word, and its name tells what it feels like", () => {
  assert.ok(scoreSentiment("hate") < -0.2);
  assert.equal(scoreSentiment("hate", { emotes: ["hate"] }), 0);
  assert.ok(scoreSentiment("chanLove") > 0.2);
  assert.ok(scoreSentiment("chanSad") < -0.2);
  assert.equal(scoreSentiment("chanNoise"), 0);
  assert.ok(scoreSentiment("chanL") > 0.2 && scoreSentiment("chanLORE") === 0);
  assert.ok(
    scoreSentiment("monkaNewOne") < -0.2 && scoreSentiment("PepeSad") < -0.2 && scoreSentiment("duckLUL") > 0.2,
  );
});

Deno.test("words are known in any case; emotes in theirs, or in lower case where no word is like them", () => {
  assert.ok(scoreSentiment("ResidentSleeper") < -0.2);
  assert.equal(scoreSentiment("residentsleeper"), scoreSentiment("ResidentSleeper"));
  assert.equal(scoreSentiment("RESIDENTSLEEPER"), 0);
  assert.ok(scoreSentiment("PAIN") < scoreSentiment("pain"));
  assert.equal(scoreSentiment("Good"), scoreSentiment("good"));
});

Deno.test("any text has a score in [−1, 1], always the same", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 600 }), (text) => {
    const score = scoreSentiment(text);
    assert.ok(score >= -1 && score <= 1 && !Object.is(score, -0));
    assert.equal(scoreSentiment(text), score);
  }));
});

Deno.test("a hostile text costs no more than a long one", () => {
  for (
    const text of [
      "ha".repeat(50_000),
      "x".repeat(200_000),
      "aA".repeat(50_000),
      "o ".repeat(50_000),
      "🔥".repeat(50_000),
    ]
  ) {
    const startedMs = performance.now();
    scoreSentiment(text);
    assert.ok(performance.now() - startedMs < 500, `${text.slice(0, 4)}: ${performance.now() - startedMs} ms`);
  }
});
