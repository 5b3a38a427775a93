/** How a message is brought to plain words. */
import assert from "node:assert/strict";
import { plainMessage } from "../../../processor/enrichers/toxicity_text.ts";

const plain: readonly (readonly [why: string, text: string, words: string])[] = [
  ["capitals", "You ARE trash", "you are trash"],
  ["letters apart", "f u c k you", "fuck you"],
  ["letters apart, words further apart", "y o u   a r e   t r a s h", "you are trash"],
  ["letters held apart by signs", "f.u.c.k o-f-f", "fuck off"],
  ["figures for letters", "n00b tr4sh", "noob trash"],
  ["signs for letters", "a$$hole b!tch", "asshole bitch"],
  ["masks", "f*ck sh#t f**k", "fuck shit fuck"],
  ["vowels left out", "fck btch", "fck bitch"],
  ["letters changed over", "bicth idoit", "bitch idiot"],
  ["letters drawn out", "nooooob fuuuuck asssss", "noob fuck ass"],
  ["doubled letters", "bbiittcchh", "bitch"],
  ["Cyrillic look-alikes", "fuсk nооb", "fuck noob"],
  ["marks", "fu\u0308ck", "fuck"],
  ["invisible signs", "f\u200bu\u200bc\u200bk", "fuck"],
  ["wide and boxed letters", "ｆｕｃｋ 🅵🆄🅲🅺", "fuck fuck"],
  ["emotes between the words", "you PogChamp are KEKW trash", "you are trash"],
  ["mentions and links", "@somebody @other look https://example.org/x", "@ look &"],
  ["measures stay", "2k mmr 1v1 10min", "2k mmr 1v1 10min"],
  ["two words at a sign", "gg/wp noob,trash", "gg wp noob trash"],
  ["questions", "why???", "why"],
  ["a question alone", "???", "?"],
  ["plain words stay as they are", "good book, see you soon!", "good book see you soon"],
];

for (const [why, text, words] of plain) {
  Deno.test(`plain words: ${why}`, () =>
    assert.equal(plainMessage(text).words.map((word) => word.text).join(" "), words));
}

Deno.test("what was taken off is counted", () => {
  const { disguisedCount, mentionCount, linkCount, emoteCount, capitalShare } = plainMessage("@a1 N00B http://x.y LUL");
  assert.deepEqual([disguisedCount, mentionCount, linkCount, emoteCount], [1, 1, 1, 1]);
  assert.ok(capitalShare > 0.4 && capitalShare < 1);
});
