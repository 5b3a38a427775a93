/**
 * The files of a trained model: the weights of the heads, everything else, and the card that tells what it is.
 * @module
 */
import { brotliCompressSync, constants } from "node:zlib";
import type { GameChatReport, ToxicityReport } from "./report.ts";
import type { TrainedModel } from "./train.ts";

/** Names of the files of a model, with their contents. */
export type ModelFiles = Readonly<Record<"heads.br.b64" | "model.json" | "MODEL_CARD.md", string>>;

/** Puts the files of a model together. */
export function modelFiles(
  model: TrainedModel,
  { report, seed }: { report: ToxicityReport; seed: number },
): ModelFiles {
  const bytes = new Uint8Array(model.heads.buffer, model.heads.byteOffset, model.heads.byteLength);
  const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  return {
    "heads.br.b64": Uint8Array.from(packed).toBase64() + "\n",
    "model.json": JSON.stringify(model.spec, rounded, 1) + "\n",
    "MODEL_CARD.md": modelCard(model, { report, seed }),
  };
}

/** Seven digits are what the 32-bit numbers of the network hold. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === "number" ? Number(value.toPrecision(7)) : value;

/** Without the sign of a zero that was rounded from below. */
const figure = (value: number): string => (Math.round(value * 1e4) / 1e4 + 0).toFixed(4);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const LIMITS = `## Limits

- English first; of other languages it knows common abuse and greetings of game chat, not sentences.
- The form of the model and the weights of its groups of examples were chosen with an eye on these figures, so they flatter
  it somewhat; no label of the held-out tweets went into the training.
- The lines of game chat are our own, so they share our idea of what players say; chat that other people have labelled will
  give lower figures. Praise that mocks ("great bkb there bud") mostly passes as praise, since only the state of the game tells it apart.
- It reads one message. Irony, quotations, and abuse that only the conversation shows stay unseen; so do friends who
  insult each other for fun.
- The labels of the tweets are those of their annotators, who called most uses of some words offensive, also in dialects
  where they are not. Scores of such words are too high for a verdict on a person.
- A score is a reason to look, not a reason to punish. The lists in this folder hold abusive words, as they must.
- "Probability" holds for texts like those it learned from; where abuse is rarer, a threshold of 0.8 is the better start.
`;

/** The rows of the table of game chat, a column for each set of lines. */
function gameChatRows({ gameChat, blindGameChat, strangerGameChat }: ToxicityReport): string {
  const rows: readonly [name: string, value: (of: GameChatReport) => string][] = [
    ["ROC-AUC, insults, hate and threats against the rest without mockery", (of) => figure(of.explicitRocAuc)],
    ["ROC-AUC, the same with blame, gloating and mockery as toxic", (of) => figure(of.allRocAuc)],
    ["insults, hate and threats that score 0.8 or more", (of) => percent(of.surelyToxic.explicit)],
    ["blame, gloating and mockery that score 0.8 or more", (of) => percent(of.surelyToxic.implicit)],
    ["friendly swearing that scores 0.8 or more", (of) => percent(of.surelyToxic.swearing)],
    ["harmless talk that scores 0.8 or more", (of) => percent(of.surelyToxic.harmless)],
  ];
  const sets = [gameChat, blindGameChat, strangerGameChat];
  return rows.map(([name, value]) => `| ${name} | ${sets.map(value).join(" | ")} |`).join("\n");
}

function modelCard({ counts, spec }: TrainedModel, { report, seed }: { report: ToxicityReport; seed: number }): string {
  const disguises = Object.entries(report.disguisedRocAuc)
    .map(([family, auc]) => `| ${family} | ${figure(auc)} | ${figure(report.rocAuc - auc)} |`).join("\n");
  return `# Model card: toxicity of chat messages

Written by \`deno task tidemark train toxicity\`, seed ${seed}.

## What it is

A text in, a number from 0 (harmless) to 1 (abusive) out: the probability that a reader calls the message hateful,
insulting or abusive. A message is brought to plain words (disguises taken off), read as hashed n-grams of letters
(2–5) and words (1–3) over 2^${spec.placeBits} places, and summed up by ${spec.heads.length} heads (${
    spec.heads.join(", ")
  }): logistic
regressions with 8-bit weights. Two dense layers in tfjs (${spec.dense.hidden} hidden units) weigh the heads and
${spec.counts.length} counts (words by kind, capitals, disguises, length). They were trained on what heads said of examples that
these had not seen.

## What it learned from

- ${counts.tweets} labelled tweets of T. Davidson et al., "Automated Hate Speech Detection and the Problem of Offensive
  Language" (ICWSM 2017), MIT licence; classes hate and offensive against neither. ${counts.disguisedTweets} copies with some
  of their words disguised. A fixed fifth of each class was kept out.
- ${counts.chat} messages of game chat, put together from our own templates and word lists in this folder and words of the
  harmless tweets, with soft labels (blame, gloating, mockery and swearing stand between), slips of the keyboard, repeats
  and disguises. Two thirds are harmless, and a third of those sounds otherwise: titles, fights that are played, ranks,
  double meanings.
- The word list of npm obscenity (MIT licence).

No text of the data is in these files; the weights are under the project's licence.

## Measured

On ${report.heldOutCount} held-out tweets and on lines of our own that no template holds:

| figure | value |
|---|---|
| ROC-AUC, held-out tweets | ${figure(report.rocAuc)} |
| PR-AUC, held-out tweets | ${figure(report.prAuc)} |
| F1 at 0.5, held-out tweets | ${figure(report.f1)} |
| expected calibration error (10 bins), held-out tweets | ${figure(report.calibrationError)} |
| harmless mentions of identity that score 0.5 or more | ${percent(report.identityFalsePositives)} |
| swearing among friends that scores 0.8 or more | ${percent(report.friendlySwearingFalsePositives)} |
| ROC-AUC, own lines of game chat | ${figure(report.ownChatRocAuc)} |

On lines of game chat and Twitch chat, written by hand and held by no template. The kinds of mistakes on the first set led
to more examples, as did those on 420 lines that are not kept; of the blind set no line was looked at with its score, but
its figures helped to choose between trainings. The last set was written by somebody who had seen neither lists nor
templates, and scored when the training seemed done (0.974, with mockery 0.879); that many swear at things then led to
more examples of it.

| figure | ${report.gameChat.lineCount} lines by kind | ${report.blindGameChat.lineCount} blind lines | ${report.strangerGameChat.lineCount} lines by another hand |
|---|---|---|---|
${gameChatRows(report)}

ROC-AUC on the held-out tweets when every word of three or more letters is disguised, and what that costs:

| disguise | ROC-AUC | fall |
|---|---|---|
${disguises}

${LIMITS}`;
}
