/** Toxicity of game chat and Twitch chat that the training never saw: lines written by hand, by kind. */
import assert from "node:assert/strict";
import { loadToxicityModel } from "../../../processor/enrichers/toxicity.ts";
import { templateGroups } from "../../../processor/models/toxicity/chat_examples.ts";
import { reportOnGameChat } from "../../../processor/models/toxicity/report.ts";
import { blindGameLines } from "../../../processor/models/toxicity/report_blind_lines.ts";
import { strangerGameLines } from "../../../processor/models/toxicity/report_stranger_lines.ts";
import { gameLines } from "../../../processor/models/toxicity/report_game_lines.ts";

const model = await loadToxicityModel();

const sets = [
  { name: "lines by kind", lines: gameLines, explicitMin: 0.98, allMin: 0.94 },
  { name: "blind lines", lines: blindGameLines, explicitMin: 0.96, allMin: 0.9 },
  { name: "lines by another hand", lines: strangerGameLines, explicitMin: 0.95, allMin: 0.85 },
] as const;

for (const { name, lines, explicitMin, allMin } of sets) {
  const report = reportOnGameChat(model, lines);

  Deno.test(`${name}: abuse stands above harmless talk, and blame and mockery mostly do`, () => {
    assert.ok(report.explicitRocAuc >= explicitMin && report.allRocAuc >= allMin, JSON.stringify(report));
  });

  Deno.test(`${name}: at the pipeline's threshold of 0.8 abuse is found and harmless talk is left alone`, () => {
    const { explicit, swearing, harmless } = report.surelyToxic;
    assert.ok(explicit >= 0.7 && swearing <= 0.05 && harmless <= 0.05, JSON.stringify(report.surelyToxic));
  });
}

Deno.test("at least 300 lines are judged, and no template of the training holds one of them", () => {
  const all = [gameLines, blindGameLines, strangerGameLines].flatMap((lines) => Object.values(lines).flat());
  assert.ok(all.length >= 300, `${all.length}`);
  const templates = new Set(templateGroups.flatMap((group) => group.templates));
  const known = all.filter((line) => line.split(" ").length > 2 && templates.has(line));
  assert.deepEqual(known, []);
});

const known =
  `bronze PepeLaugh|DEVIL MAY CRY 5|kill dragon|Mortal Kombat fatality|i will suicide to creeps|push mid|gank bot`;

Deno.test("what once was called toxic wrongly is not, and a plain wish of death is", () => {
  const wrong = known.split("|").filter((text) => model.score([text])[0]! >= 0.6);
  assert.deepEqual(wrong, []);
  for (const text of ["go die", "go die noob"]) assert.ok(model.score([text])[0]! >= 0.8, text);
});
