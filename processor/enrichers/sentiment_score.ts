/**
 * Sentiment of a chat message: valences of its words, emotes and emoji, combined by rules. The idea of combining a
 * lexicon with negation, intensifiers, capitals and contrast, and the curve x/√(x²+α), are VADER's (C. J. Hutto and E.
 * Gilbert, ICWSM 2014); the numbers, the repetition, sarcasm and length rules are our own. docs/sentiment.md tells why.
 * @module
 */
import { AMUSEMENT_VALENCE } from "./sentiment_emotes.ts";
import { type SentimentToken, sentimentTokens } from "./sentiment_tokens.ts";
import { phraseValences } from "./sentiment_words.ts";

/** What is known about a message beside its text. */
export interface SentimentContext {
  /** Names of emotes in the text, as the platform tagged them. */
  readonly emotes?: readonly string[];
}

/** From this score on a message counts as positive, from its negative on as negative. */
export const SENTIMENT_CLASS_MIN = 0.2;

/** The three classes of a score. */
export type SentimentClass = "negative" | "neutral" | "positive";

/** Class of a score: negative up to −0.2, positive from 0.2, neutral between. */
export function sentimentClass(score: number): SentimentClass {
  return score >= SENTIMENT_CLASS_MIN ? "positive" : score <= -SENTIMENT_CLASS_MIN ? "negative" : "neutral";
}

/** Each further time that a message says the same counts this much of the time before: a spam of 30 says at most 2. */
const REPEAT_FACTOR = 0.5;
/** Negation turns around and weakens: "not good" is bad, but less so than "bad". */
const NEGATED_PRAISE_FACTOR = -0.6;
const NEGATED_BLAME_FACTOR = -0.4;
/** A negator reaches this many words ahead, within its clause. */
const NEGATION_REACH = 3;
const CAPITALS_FACTOR = 1.2;
const DRAWN_OUT_FACTOR = 1.2;
/** Praise in a question asks more than it says; blame in one is mostly meant. */
const ASKED_PRAISE_FACTOR = 0.2;
const ASKED_BLAME_FACTOR = 0.7;
/** Many leave the question mark out. */
const QUESTION_START = /^(?:@\S+ )?(?:is|are|was|were|does|did|who|when|where|which|anyone|any1) /i;
/** Laughter beside blame does not take it back. */
const MOCKING_LAUGHTER_FACTOR = 0.3;
/** Each of the first three exclamation marks. */
const EXCLAMATION_BONUS = 0.08;
const BEFORE_TURN_FACTOR = 0.5;
const AFTER_TURN_FACTOR = 1.3;
/** Praise beside an emote of sarcasm is mockery, and blame is half a joke. */
const SARCASTIC_PRAISE_FACTOR = -0.5;
const SARCASTIC_BLAME_FACTOR = 0.6;
/** Messages of up to this many words count in full; the sum of longer ones is divided by √(words / this). */
const WORDS_IN_FULL = 6;
/** α of the curve that maps a sum to (−1, 1). */
const CURVE_ALPHA = 8;

/**
 * Sentiment of a message in [−1, 1]; 0 = none. Pure: depends on the text and the emotes only.
 *
 * ```ts
 * import { scoreSentiment } from "./sentiment_score.ts";
 * if (scoreSentiment("not good FeelsBadMan") >= 0) throw new Error("this is no praise");
 * ```
 */
export function scoreSentiment(text: string, { emotes = [] }: SentimentContext = {}): number {
  const tokens = sentimentTokens(text, emotes);
  if (tokens.length === 0) return 0;
  const seen = new Repeats();
  const sums = { words: 0, emotes: 0, laughter: 0, pity: 0, wordCount: 0 };
  let turned = false;
  let sarcastic = false;
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at]!;
    if (token.kind === "emote") {
      sarcastic ||= token.isSarcasm;
      const valence = token.valence * seen.factorOf(token.text);
      if (token.isSarcasm) sums.pity += valence;
      else if (token.valence === AMUSEMENT_VALENCE) sums.laughter += valence;
      else sums.emotes += valence;
      at++;
      continue;
    }
    if (!turned && token.isTurn && sums.wordCount > 0) {
      turned = true;
      sums.words *= BEFORE_TURN_FACTOR;
    }
    const { valence, length } = meaningAt(tokens, at);
    const factor = seen.factorOf(token.text);
    if (factor === 1) sums.wordCount += length;
    if (valence !== 0) {
      sums.words += valence * factor * surroundings(tokens, at, valence) * (turned ? AFTER_TURN_FACTOR : 1);
    }
    at += length;
  }
  return finalScore(text, { ...sums, sarcastic });
}

interface Sums {
  readonly words: number;
  readonly emotes: number;
  readonly laughter: number;
  /** What emotes of sarcasm feel themselves. */
  readonly pity: number;
  readonly wordCount: number;
  readonly sarcastic: boolean;
}

function finalScore(text: string, { words, emotes, laughter, pity, wordCount, sarcastic }: Sums): number {
  const isAsked = text.includes("?") || QUESTION_START.test(text);
  const asked = !isAsked ? 1 : words > 0 ? ASKED_PRAISE_FACTOR : ASKED_BLAME_FACTOR;
  const exclaimed = 1 + EXCLAMATION_BONUS * exclamations(text);
  const said = words * asked * exclaimed / Math.sqrt(Math.max(1, wordCount / WORDS_IN_FULL));
  let sum = said + emotes + laughter * (said + emotes < 0 ? MOCKING_LAUGHTER_FACTOR : 1);
  if (sarcastic) sum *= sum > 0 ? SARCASTIC_PRAISE_FACTOR : SARCASTIC_BLAME_FACTOR;
  sum += pity;
  // Adding 0 makes 0 of −0.
  return sum / Math.sqrt(sum * sum + CURVE_ALPHA) + 0;
}

function exclamations(text: string): number {
  let count = 0;
  for (let at = text.indexOf("!"); at >= 0 && count < 3; at = text.indexOf("!", at + 1)) count++;
  return count;
}

/** Most messages are so short that looking through them is faster than a map. */
const LOOKED_THROUGH_MAX = 12;

/** How much each next time counts that a message says the same. */
class Repeats {
  readonly #first: string[] = [];
  #factors: Map<string, number> | undefined;

  factorOf(text: string): number {
    if (this.#factors === undefined) {
      if (this.#first.length < LOOKED_THROUGH_MAX) {
        let factor = 1;
        for (const before of this.#first) if (before === text) factor *= REPEAT_FACTOR;
        this.#first.push(text);
        return factor;
      }
      this.#factors = new Map();
      for (const before of this.#first) this.#factors.set(before, (this.#factors.get(before) ?? 1) * REPEAT_FACTOR);
    }
    const factor = this.#factors.get(text) ?? 1;
    this.#factors.set(text, factor * REPEAT_FACTOR);
    return factor;
  }
}

/** Valence of the phrase or word at a place, and how many units it takes. */
function meaningAt(tokens: readonly SentimentToken[], at: number): { valence: number; length: number } {
  const token = tokens[at]!;
  const next = tokens[at + 1];
  if (token.phrases !== undefined && next !== undefined && token.phrases.seconds.has(next.text)) {
    let phrase = token.text;
    let found: { valence: number; length: number } | undefined;
    for (let length = 2; length <= token.phrases.wordsMax; length++) {
      const word = tokens[at + length - 1];
      if (word === undefined || word.kind !== "word") break;
      phrase += ` ${word.text}`;
      const valence = phraseValences.get(phrase);
      if (valence !== undefined) found = { valence, length };
    }
    if (found) return found;
  }
  // "so good", "fucking awful": the first word only strengthens the second.
  const onlyStrengthens = token.strength !== 1 && !token.endsClause && next?.kind === "word" &&
    next.valence !== 0;
  return { valence: onlyStrengthens ? 0 : token.valence, length: 1 };
}

/** How the words before a place, and the way it is written, change its valence. */
function surroundings(tokens: readonly SentimentToken[], at: number, valence: number): number {
  const token = tokens[at]!;
  let factor = (token.isCapitals ? CAPITALS_FACTOR : 1) * (token.isDrawnOut ? DRAWN_OUT_FACTOR : 1);
  for (let back = 1; back <= NEGATION_REACH && back <= at; back++) {
    const before = tokens[at - back]!;
    if (before.kind !== "word" || before.endsClause) break;
    const strength = back <= 2 ? before.strength : 1;
    if (strength !== 1) factor *= strength > 1 && before.isDrawnOut ? strength * DRAWN_OUT_FACTOR : strength;
    // "couldn't be more boring" denies nothing.
    if (back === 3 && tokens[at - 1]!.text === "more" && tokens[at - 2]!.text === "be") continue;
    // A bare "no" answers more often than it negates what follows later.
    if (before.isNegator && (before.text !== "no" || back === 1)) {
      return factor * (valence > 0 ? NEGATED_PRAISE_FACTOR : NEGATED_BLAME_FACTOR);
    }
  }
  return factor;
}
