/** Toxicity of game chat and Twitch chat that the training never saw: lines written by hand, by kind. */
import assert from "node:assert/strict";
import { loadToxicityModel } from "../../../processor/enrichers/toxicity.ts";
import { templateGroups } from "../../../processor/models/toxicity/chat_examples.ts";
import { type Judged, rocAuc, shareFrom } from "../../../processor/models/toxicity/metrics.ts";
import {
  blindExplicitLines,
  blindFriendlySwearingLines,
  blindHarmlessLines,
  blindImplicitLines,
} from "./game_chat_blind_cases.ts";
import { explicitLines, friendlySwearingLines, harmlessLines, implicitLines } from "./game_chat_cases.ts";

const model = await loadToxicityModel();

/** The threshold of the chat pipeline. */
const TOXIC = 0.8;

const judged = (texts: readonly string[], isToxic: boolean): Judged[] =>
  [...model.score(texts)].map((score) => ({ score, isToxic }));

const auc = (toxic: readonly string[], others: readonly string[]): number =>
  rocAuc([...judged(toxic, true), ...judged(others, false)]);

const sets = [
  {
    name: "lines by kind",
    explicit: explicitLines,
    implicit: implicitLines,
    swearing: friendlySwearingLines,
    harmless: harmlessLines,
    aucMin: { explicit: 0.94, all: 0.88 },
  },
  {
    name: "blind lines",
    explicit: blindExplicitLines,
    implicit: blindImplicitLines,
    swearing: blindFriendlySwearingLines,
    harmless: blindHarmlessLines,
    aucMin: { explicit: 0.94, all: 0.84 },
  },
] as const;

for (const { name, explicit, implicit, swearing, harmless, aucMin } of sets) {
  Deno.test(`${name}: abuse stands above harmless talk, and blame and mockery mostly do`, () => {
    const others = [...swearing, ...harmless];
    const found = { explicit: auc(explicit, others), all: auc([...explicit, ...implicit], others) };
    assert.ok(found.explicit >= aucMin.explicit && found.all >= aucMin.all, JSON.stringify(found));
  });

  Deno.test(`${name}: at the pipeline's threshold abuse is found and harmless talk is left alone`, () => {
    const shareOf = (texts: readonly string[]) => shareFrom([...model.score(texts)], TOXIC);
    const shares = { explicit: shareOf(explicit), swearing: shareOf(swearing), harmless: shareOf(harmless) };
    assert.ok(shares.explicit >= 0.7 && shares.swearing <= 0.1 && shares.harmless <= 0.08, JSON.stringify(shares));
  });
}

Deno.test("at least 300 lines are judged, and no template of the training holds one of them", () => {
  const all = sets.flatMap(({ explicit, implicit, swearing, harmless }) => [explicit, implicit, swearing, harmless]);
  assert.ok(all.flat().length >= 300, `${all.flat().length}`);
  const templates = new Set(templateGroups.flatMap((group) => group.templates));
  const known = all.flat().filter((line) => line.split(" ").length > 2 && templates.has(line));
  assert.deepEqual(known, []);
});
