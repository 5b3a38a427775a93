/**
 * Our sentiment beside plain VADER (npm vader-sentiment) on our own cases: precision, recall and F1 by class.
 *
 *     deno run --allow-read bench/sentiment_report.ts
 *
 * @module
 */
import { SentimentIntensityAnalyzer } from "vader-sentiment";
import { print } from "../cli/terminal.ts";
import { scoreSentiment, type SentimentClass, sentimentClass } from "../processor/enrichers/sentiment_score.ts";
import { blindSentimentCases } from "../tests/processor/enrichers/sentiment_blind_cases.ts";
import { type SentimentCases, sentimentF1 } from "../tests/processor/enrichers/sentiment_f1.ts";
import { lastSentimentCases } from "../tests/processor/enrichers/sentiment_last_cases.ts";
import { strangerSentimentCases } from "../tests/processor/enrichers/sentiment_stranger_cases.ts";
import { twitchSentimentCases } from "../tests/processor/enrichers/twitch_sentiment_cases.ts";
import { unseenSentimentCases } from "../tests/processor/enrichers/sentiment_unseen_cases.ts";
import { sentimentCases } from "../tests/processor/enrichers/sentiment_cases.ts";

/** VADER's own classes, as its authors use them. */
function vaderClass(message: string): SentimentClass {
  const { compound } = SentimentIntensityAnalyzer.polarity_scores(message);
  return compound >= 0.05 ? "positive" : compound <= -0.05 ? "negative" : "neutral";
}

const ours = (message: string): SentimentClass => sentimentClass(scoreSentiment(message));
const lists: readonly [string, SentimentCases][] = [
  ["table of cases", sentimentCases],
  ["hard cases", unseenSentimentCases],
  ["Twitch cases", twitchSentimentCases],
  ["blind cases", blindSentimentCases],
  ["another hand's, learned from", strangerSentimentCases],
  ["another hand's, unseen", lastSentimentCases],
];
for (const [name, cases] of lists) {
  for (const [scorer, classify] of [["ours", ours], ["VADER", vaderClass]] as const) {
    const { negative, neutral, positive, macro } = sentimentF1(cases, classify);
    const figures = [negative, neutral, positive, macro].map((value) => value.toFixed(3));
    print(
      `${name} (${cases.length}), ${scorer.padEnd(5)}: F1 negative ${figures[0]}, neutral ${figures[1]}, positive ` +
        `${figures[2]}, macro ${figures[3]}`,
    );
  }
}
