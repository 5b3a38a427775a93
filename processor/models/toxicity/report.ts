/**
 * What a trained model is worth: measured on texts that it has not learned from.
 * @module
 */
import type { ToxicityModel } from "../../enrichers/toxicity_model.ts";
import { disguised, disguiseFamilies, type DisguiseFamily } from "./disguise.ts";
import { calibrationError, f1, type Judged, prAuc, rocAuc, shareFrom } from "./metrics.ts";
import { chanceFrom } from "./random.ts";
import { blindGameLines } from "./report_blind_lines.ts";
import { type GameLines, gameLines } from "./report_game_lines.ts";
import { strangerGameLines } from "./report_stranger_lines.ts";
import { abusiveChatTexts, friendlySwearingTexts, harmlessChatTexts, identityTexts } from "./report_texts.ts";
import { isToxic, type LabelledText } from "./tweets.ts";

/** Scores that count as toxic in a report. */
export const TOXIC_FROM = 0.5;
/** From this score on swearing among friends counts as taken wrong: what dashboards call toxic. */
export const SURELY_TOXIC_FROM = 0.8;

/** What a model makes of lines of game chat and Twitch chat by kind. */
export interface GameChatReport {
  readonly lineCount: number;
  /** ROC-AUC of insults, hate and threats against harmless talk and friendly swearing. */
  readonly explicitRocAuc: number;
  /** The same with blame, gloating and mockery as toxic too. */
  readonly allRocAuc: number;
  /** Shares that score at least {@link SURELY_TOXIC_FROM}. */
  readonly surelyToxic: Readonly<Record<keyof GameLines, number>>;
}

/** The figures of a model. */
export interface ToxicityReport {
  readonly heldOutCount: number;
  readonly rocAuc: number;
  readonly prAuc: number;
  /** At {@link TOXIC_FROM}. */
  readonly f1: number;
  /** Expected calibration error over ten bins. */
  readonly calibrationError: number;
  /** ROC-AUC on the held-out texts with every word hidden. */
  readonly disguisedRocAuc: Readonly<Record<DisguiseFamily, number>>;
  /** Share of harmless mentions of identity that score at least {@link TOXIC_FROM}. */
  readonly identityFalsePositives: number;
  /** Share of friendly swearing that scores at least {@link SURELY_TOXIC_FROM}. */
  readonly friendlySwearingFalsePositives: number;
  /** ROC-AUC on our own lines of game chat. */
  readonly ownChatRocAuc: number;
  /** On lines that were written before the training was changed for their kinds. */
  readonly gameChat: GameChatReport;
  /** On lines whose single scores nobody looked at. */
  readonly blindGameChat: GameChatReport;
  /** On lines by somebody who knew nothing of the model. */
  readonly strangerGameChat: GameChatReport;
}

/** Measures a model on held-out texts. */
export function reportOn(model: ToxicityModel, heldOut: readonly LabelledText[]): ToxicityReport {
  const judge = (texts: readonly string[]): Judged[] => {
    const scores = model.score(texts);
    return texts.map((_, i) => ({ score: scores[i]!, isToxic: isToxic(heldOut[i]!) }));
  };
  const plain = judge(heldOut.map(({ text }) => text));
  const disguisedRocAuc = Object.fromEntries(disguiseFamilies.map((family) => {
    const chance = chanceFrom(7);
    return [family, rocAuc(judge(heldOut.map(({ text }) => disguised(text, family, { chance, share: 1 }))))];
  })) as Record<DisguiseFamily, number>;
  const abusive = [...model.score(abusiveChatTexts)].map((score) => ({ score, isToxic: true }));
  const harmless = [...model.score(harmlessChatTexts)].map((score) => ({ score, isToxic: false }));
  return {
    heldOutCount: heldOut.length,
    rocAuc: rocAuc(plain),
    prAuc: prAuc(plain),
    f1: f1(plain, { threshold: TOXIC_FROM }),
    calibrationError: calibrationError(plain),
    disguisedRocAuc,
    identityFalsePositives: shareFrom([...model.score(identityTexts)], TOXIC_FROM),
    friendlySwearingFalsePositives: shareFrom([...model.score(friendlySwearingTexts)], SURELY_TOXIC_FROM),
    ownChatRocAuc: rocAuc([...abusive, ...harmless]),
    gameChat: reportOnGameChat(model, gameLines),
    blindGameChat: reportOnGameChat(model, blindGameLines),
    strangerGameChat: reportOnGameChat(model, strangerGameLines),
  };
}

/** Measures a model on lines of game chat. */
export function reportOnGameChat(
  model: ToxicityModel,
  { explicit, implicit, swearing, harmless }: GameLines,
): GameChatReport {
  const scores = (texts: readonly string[]): number[] => [...model.score(texts)];
  const judged = (texts: readonly string[], isToxic: boolean): Judged[] =>
    scores(texts).map((score) => ({ score, isToxic }));
  const others = judged([...swearing, ...harmless], false);
  const surely = (texts: readonly string[]): number => shareFrom(scores(texts), SURELY_TOXIC_FROM);
  return {
    lineCount: explicit.length + implicit.length + swearing.length + harmless.length,
    explicitRocAuc: rocAuc([...judged(explicit, true), ...others]),
    allRocAuc: rocAuc([...judged([...explicit, ...implicit], true), ...others]),
    surelyToxic: {
      explicit: surely(explicit),
      implicit: surely(implicit),
      swearing: surely(swearing),
      harmless: surely(harmless),
    },
  };
}
