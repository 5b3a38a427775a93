/**
 * How good a scorer is: areas under its curves, F1, calibration.
 * @module
 */

/** A score with what was right. */
export interface Judged {
  readonly score: number;
  readonly isToxic: boolean;
}

/** Probability that a toxic text scores above another one, ties half: the area under the ROC curve. NaN without both. */
export function rocAuc(judged: readonly Judged[]): number {
  const sorted = [...judged].sort((a, b) => a.score - b.score);
  let rankSum = 0;
  let toxic = 0;
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (to < sorted.length && sorted[to]!.score === sorted[from]!.score) to++;
    const rank = (from + to + 1) / 2;
    for (let i = from; i < to; i++) {
      if (!sorted[i]!.isToxic) continue;
      rankSum += rank;
      toxic++;
    }
    from = to;
  }
  return (rankSum - toxic * (toxic + 1) / 2) / (toxic * (sorted.length - toxic));
}

/** Mean precision at each toxic text, from the highest score down: the area under the precision–recall curve. */
export function prAuc(judged: readonly Judged[]): number {
  const sorted = [...judged].sort((a, b) => b.score - a.score);
  let found = 0;
  let sum = 0;
  for (let from = 0; from < sorted.length;) {
    let to = from;
    let here = 0;
    while (to < sorted.length && sorted[to]!.score === sorted[from]!.score) if (sorted[to++]!.isToxic) here++;
    found += here;
    sum += here * found / to;
    from = to;
  }
  return sum / found;
}

/** F1 of "toxic" from this score on. */
export function f1(judged: readonly Judged[], { threshold }: { threshold: number }): number {
  let right = 0;
  let wrong = 0;
  for (const { score, isToxic } of judged) {
    if (score >= threshold && isToxic) right++;
    else if (score >= threshold || isToxic) wrong++;
  }
  return 2 * right / (2 * right + wrong);
}

/** Expected calibration error over ten bins of equal width: the mean gap between scores and how often they were right. */
export function calibrationError(judged: readonly Judged[]): number {
  const bins = Array.from({ length: 10 }, () => ({ scores: 0, toxic: 0 }));
  for (const { score, isToxic } of judged) {
    const bin = bins[Math.min(9, Math.floor(score * 10))]!;
    bin.scores += score;
    bin.toxic += isToxic ? 1 : 0;
  }
  return bins.reduce((sum, { scores, toxic }) => sum + Math.abs(scores - toxic), 0) / judged.length;
}

/** Share of texts that score at least this. */
export function shareFrom(scores: readonly number[], threshold: number): number {
  return scores.filter((score) => score >= threshold).length / scores.length;
}
