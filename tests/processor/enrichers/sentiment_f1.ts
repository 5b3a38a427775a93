/**
 * How well a classifier of sentiment does on cases: F1 of each class, and their mean.
 * @module
 */
import type { SentimentClass } from "../../../processor/enrichers/sentiment_score.ts";

/** Messages with the class that a reader gives them. */
export type SentimentCases = readonly (readonly [message: string, expected: SentimentClass])[];

/** Messages by class, between bars or line breaks; each once. */
export function sentimentCasesOf(messages: Readonly<Record<SentimentClass, string>>): SentimentCases {
  return Object.entries(messages).flatMap(([expected, text]) =>
    [...new Set(text.split(/\s*[|\n]\s*/))].filter((message) => message !== "")
      .map((message) => [message, expected as SentimentClass] as const)
  );
}

/** F1 of each class, and their mean. */
export type SentimentF1 = Readonly<Record<SentimentClass | "macro", number>>;

/** F1 of each class, and their mean. */
export function sentimentF1(cases: SentimentCases, classify: (message: string) => SentimentClass): SentimentF1 {
  const judged = cases.map(([message, expected]) => ({ expected, got: classify(message) }));
  const of = (name: SentimentClass): number => {
    const right = judged.filter(({ expected, got }) => expected === name && got === name).length;
    const wrong = judged.filter(({ expected, got }) => (expected === name) !== (got === name)).length;
    return 2 * right / (2 * right + wrong);
  };
  const [negative, neutral, positive] = [of("negative"), of("neutral"), of("positive")];
  return { negative, neutral, positive, macro: (negative + neutral + positive) / 3 };
}
