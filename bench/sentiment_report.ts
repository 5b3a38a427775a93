/**
 * Our sentiment beside plain VADER (npm vader-sentiment) on our own cases: precision, recall and F1 by class.
 *
 *     deno run --allow-read bench/sentiment_report.ts
 *
 * @module
 */
import { SentimentIntensityAnalyzer } from "vader-sentiment";
import { scoreSentiment, type SentimentClass, sentimentClass } from "../processor/enrichers/sentiment_score.ts";
import { unseenSentimentCases } from "../tests/processor/enrichers/sentiment_unseen_cases.ts";
import { sentimentCases } from "../tests/processor/enrichers/sentiment_cases.ts";

const print = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));

type Cases = readonly (readonly [message: string, expected: SentimentClass])[];

/** VADER's own classes, as its authors use them. */
function vaderClass(message: string): SentimentClass {
  const { compound } = SentimentIntensityAnalyzer.polarity_scores(message);
  return compound >= 0.05 ? "positive" : compound <= -0.05 ? "negative" : "neutral";
}

/** F1 of each class, and their mean. */
function f1Scores(
  cases: Cases,
  classify: (message: string) => SentimentClass,
): Record<SentimentClass | "macro", number> {
  const judged = cases.map(([message, expected]) => ({ expected, got: classify(message) }));
  const of = (name: SentimentClass): number => {
    const right = judged.filter(({ expected, got }) => expected === name && got === name).length;
    const wrong = judged.filter(({ expected, got }) => (expected === name) !== (got === name)).length;
    return 2 * right / (2 * right + wrong);
  };
  const [negative, neutral, positive] = [of("negative"), of("neutral"), of("positive")];
  return { negative, neutral, positive, macro: (negative + neutral + positive) / 3 };
}

const ours = (message: string): SentimentClass => sentimentClass(scoreSentiment(message));
const lists: readonly [string, Cases][] = [["table of cases", sentimentCases], [
  "cases kept apart",
  unseenSentimentCases,
]];
for (const [name, cases] of lists) {
  for (const [scorer, classify] of [["ours", ours], ["VADER", vaderClass]] as const) {
    const { negative, neutral, positive, macro } = f1Scores(cases, classify);
    const figures = [negative, neutral, positive, macro].map((value) => value.toFixed(3));
    print(
      `${name} (${cases.length}), ${scorer.padEnd(5)}: F1 negative ${figures[0]}, neutral ${figures[1]}, positive ` +
        `${figures[2]}, macro ${figures[3]}`,
    );
  }
}
