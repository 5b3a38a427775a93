/** The training: reproducible, and its parts by themselves. */
import assert from "node:assert/strict";
import { openModel } from "../../../processor/enrichers/toxicity_model.ts";
import { chatExamples, templateGroups } from "../../../processor/models/toxicity/chat_examples.ts";
import { disguised, disguiseFamilies } from "../../../processor/models/toxicity/disguise.ts";
import { calibrationError, f1, prAuc, rocAuc } from "../../../processor/models/toxicity/metrics.ts";
import { chanceFrom } from "../../../processor/models/toxicity/random.ts";
import { trainToxicity } from "../../../processor/models/toxicity/train.ts";
import { type LabelledText, splitHeldOut } from "../../../processor/models/toxicity/tweets.ts";
import { harmlessWords } from "../../../processor/models/toxicity/vocabulary.ts";

const rows: LabelledText[] = Array.from({ length: 120 }, (_, i) => ({
  text: i % 3 === 0 ? `what a lovely day number ${i} in the park` : `you stupid awful idiot number ${i} go away`,
  label: i % 3 === 0 ? 2 : 1,
}));

Deno.test("the same seed gives the same model, another seed another one, and either learns", async () => {
  const [first, again, other] = [
    await trainToxicity(rows, { seed: 5, chatScale: 0.02 }),
    await trainToxicity(rows, { seed: 5, chatScale: 0.02 }),
    await trainToxicity(rows, { seed: 6, chatScale: 0.02 }),
  ];
  assert.deepEqual(again.spec, first.spec);
  assert.deepEqual(again.heads, first.heads);
  assert.notDeepEqual(other.heads, first.heads);
  using model = await openModel(first.spec, first.heads);
  const [bad, good] = model.score(["you stupid idiot", "what a lovely park"]);
  assert.ok(bad! > 0.6 && good! < 0.4, `${bad} ${good}`);
});

Deno.test("a fixed fifth of each class is held out, whatever comes after", () => {
  const { training, heldOut } = splitHeldOut(rows);
  assert.equal(heldOut.filter(({ label }) => label === 2).length, 8);
  assert.equal(heldOut.filter(({ label }) => label === 1).length, 16);
  assert.equal(training.length + heldOut.length, rows.length);
  assert.deepEqual(splitHeldOut(rows).heldOut, heldOut);
});

Deno.test("every template can be filled, and the examples are of every group", () => {
  const examples = chatExamples(chanceFrom(1), { scale: 0.5 });
  assert.ok(examples.every(({ text }) => text !== "" && !text.includes("{")));
  assert.deepEqual(new Set(examples.map(({ origin }) => origin)), new Set(templateGroups.map(({ name }) => name)));
  assert.ok(new Set(examples.map(({ text }) => text)).size > 10_000);
});

Deno.test("the examples are filled with words of harmless texts, and with none that abuse or that toxic texts hold more often", () => {
  const texts = [
    { text: "@somebody the garden is lovely, idiot http://x.y/zebra", label: 2 },
    { text: "you stupid garden gnome", label: 1 },
    { text: "gnome gnome you", label: 0 },
    { text: "a gnome", label: 2 },
  ] as const;
  assert.deepEqual(harmlessWords(texts), ["garden", "lovely", "the"]);
  const [example] = chatExamples(chanceFrom(1), { scale: 0.5, vocabulary: ["zebra"] })
    .filter(({ kin, text }) => kin === "broad_words:{word} {word} {word}" && text === "zebra zebra zebra");
  assert.ok(example !== undefined);
});

Deno.test("each disguise changes words of three letters and more, and nothing else", () => {
  for (const family of disguiseFamilies) {
    const text = disguised("you idiot @friend go https://example.org", family, { chance: chanceFrom(3), share: 1 });
    assert.notEqual(text, "you idiot @friend go https://example.org", family);
    assert.ok(text.includes("@friend"), family);
    assert.ok(text.includes("https://example.org"), family);
  }
});

Deno.test("the metrics equal what is counted by hand", () => {
  const judged = [[0.9, true], [0.8, false], [0.7, true], [0.2, false]] as const;
  const list = judged.map(([score, isToxic]) => ({ score, isToxic }));
  assert.equal(rocAuc(list), 3 / 4);
  assert.equal(prAuc(list), (1 + 2 / 3) / 2);
  assert.equal(f1(list, { threshold: 0.5 }), 4 / 5);
  assert.ok(Math.abs(calibrationError(list) - (0.1 + 0.8 + 0.3 + 0.2) / 4) < 1e-12);
  assert.equal(rocAuc([{ score: 1, isToxic: true }, { score: 1, isToxic: false }]), 1 / 2);
});
