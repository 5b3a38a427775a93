/**
 * Examples that are shown to everybody hold no slur and no name, however it is written, and stay short.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { MASKED_UNITS_MAX, maskedText } from "../../processor/enrichers/masked_text.ts";
import { lexiconWords } from "../../processor/enrichers/toxicity_lexicon.ts";

const slurs = [...lexiconWords("slur"), ...lexiconWords("obscene")].filter((word) => /^[a-z]{3,}$/.test(word));

/** What is left of a word when its disguise is taken off. */
const letters = (text: string): string =>
  text.toLowerCase().replaceAll("0", "o").replaceAll("1", "i").replace(/[^a-z]/g, "").replace(/([aeiou])\1{3}/g, "$1");

/** Ways in which people write a word that is not to be seen. */
const disguised: Readonly<Record<string, (word: string) => string>> = {
  plain: (word) => word,
  capitals: (word) => word.toUpperCase(),
  "in a sentence": (word) => `you are such a ${word}, go away`,
  "with a mark behind it": (word) => `${word}!!!`,
  spaced: (word) => [...word].join(" "),
  dotted: (word) => [...word].join("."),
  "with zeros": (word) => word.replaceAll("o", "0").replaceAll("i", "1"),
  stretched: (word) => word.replace(/[aeiou]/, (vowel) => vowel.repeat(4)),
};

for (const [how, disguise] of Object.entries(disguised)) {
  Deno.test(`no slur and no obscenity of the word lists is readable: ${how}`, () => {
    const readable = slurs.filter((word) => letters(maskedText(disguise(word))).includes(word));
    assert.deepEqual(readable, []);
  });
}

Deno.test("what is harmless stays as it was said, and mentions lose their names", () => {
  for (const text of ["what a great play PogChamp", "I think the left door was right", "a b c d e", "gg 10/10 😀"]) {
    assert.equal(maskedText(text), text);
  }
  assert.equal(maskedText("@some_one you are trash, uninstall"), "@… you are trash, uninstall");
  assert.equal(maskedText("mail me at a@b.c"), "mail me at a@b.c");
});

Deno.test("whatever is written, the text is short, and masked once more it is the same", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (text) => {
    const masked = maskedText(text);
    assert.ok(masked.length <= MASKED_UNITS_MAX + 2 * 40, `${masked.length}`);
    assert.ok(masked.isWellFormed() || !text.isWellFormed());
    assert.equal(maskedText(masked), masked);
  }));
});
