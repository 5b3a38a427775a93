/**
 * Emotes of a Twitch message: the ranges of the `emotes` tag, and known names that no range covers.
 * @module
 */
import { emoteNames } from "./emote_names.ts";

interface Span {
  readonly start: number;
  /** One past the last unit. */
  readonly end: number;
}

/**
 * Names of the emotes of a message, each occurrence, in order of appearance.
 *
 * @param tag value of the `emotes` tag: `25:0-4,12-16/1902:6-10`, ranges in Unicode code points, ends included.
 */
export function emotesOf(tag: string, message: string): string[] {
  const names: string[] = [];
  let at = 0;
  for (const span of tag === "" ? [] : taggedSpans(tag, message)) {
    if (span.start < at) continue;
    pushKnown(names, message.slice(at, span.start));
    names.push(message.slice(span.start, span.end));
    at = span.end;
  }
  pushKnown(names, at === 0 ? message : message.slice(at));
  return names;
}

function pushKnown(names: string[], text: string): void {
  if (text === "") return;
  for (const word of text.split(" ")) {
    if (emoteNames.has(word)) names.push(word);
  }
}

function taggedSpans(tag: string, message: string): Span[] {
  const unitOf = codePointStarts(message);
  const spans: Span[] = [];
  for (const emote of tag.split("/")) {
    for (const range of emote.slice(emote.indexOf(":") + 1).split(",")) {
      const dash = range.indexOf("-");
      const [start, end] = [unitOf(Number(range.slice(0, dash))), unitOf(Number(range.slice(dash + 1)) + 1)];
      if (dash < 1 || start === undefined || end === undefined || start >= end) continue;
      // Ranges that do not fit their text are seen in the wild (bots that edit messages): no emote holds a space.
      if (!/\s/.test(message.slice(start, end))) spans.push({ start, end });
    }
  }
  return spans.sort((a, b) => a.start - b.start);
}

/** From a code point's index to its unit; the index one past the last code point is the text's length. */
function codePointStarts(text: string): (index: number) => number | undefined {
  // Without surrogates the two count alike.
  if (!/[\ud800-\udbff]/.test(text)) {
    return (index) => (Number.isInteger(index) && index >= 0 && index <= text.length ? index : undefined);
  }
  const starts: number[] = [];
  let unit = 0;
  for (const codePoint of text) {
    starts.push(unit);
    unit += codePoint.length;
  }
  starts.push(unit);
  return (index) => starts[index];
}
