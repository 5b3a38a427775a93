/**
 * Where a text stops being JSON. The engine's own message names the place only now and then, and people need it for
 * lines of a thousand characters.
 * @module
 */

/** What is wrong with a text that JSON.parse refused: `unexpected "N" at position 11`. */
export function jsonFault(text: string): string {
  const at = faultPosition(text);
  if (at >= text.length) return `it ends too early, at position ${text.length}`;
  const found = String.fromCodePoint(text.codePointAt(at)!);
  return `unexpected ${JSON.stringify(found)} at position ${at}`;
}

type Expected = "value" | "value or ]" | "key" | "key or }" | ":" | ", or end" | "end";

const SPACE = /[ \t\n\r]*/y;
/** Literals and numbers; what follows them is the next token's matter. */
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Position of the first unit that no JSON text could have there; the text's length when it is cut short. */
export function faultPosition(text: string): number {
  const closers: string[] = [];
  let expected: Expected = "value";
  let at = 0;
  for (;;) {
    at = matchEnd(SPACE, text, at);
    if (at >= text.length) return at;
    const char = text[at]!;
    const afterValue: Expected = closers.length === 0 ? "end" : ", or end";
    if (
      char === closers.at(-1) &&
      (expected === ", or end" || expected === `value or ${char}` || expected === `key or ${char}`)
    ) {
      closers.pop();
      expected = closers.length === 0 ? "end" : ", or end";
      at++;
    } else if (expected === ", or end" && char === ",") {
      expected = closers.at(-1) === "}" ? "key" : "value";
      at++;
    } else if (expected === ":" && char === ":") {
      expected = "value";
      at++;
    } else if (expected.startsWith("key") && char === '"') {
      const end = stringEnd(text, at);
      if (end < 0) return -end;
      [at, expected] = [end, ":"];
    } else if (expected.startsWith("value") && (char === "{" || char === "[")) {
      closers.push(char === "{" ? "}" : "]");
      expected = char === "{" ? "key or }" : "value or ]";
      at++;
    } else if (expected.startsWith("value")) {
      const end = char === '"' ? stringEnd(text, at) : matchEnd(SCALAR, text, at);
      if (end < 0) return -end;
      if (end === at) return at;
      [at, expected] = [end, afterValue];
    } else return at;
  }
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** One past the closing quote, or minus the position of the fault. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    if (code < 32) return -at;
    if (code !== 92) continue;
    at++;
    if (text[at] === "u") {
      const digits = /^[0-9a-fA-F]*/.exec(text.slice(at + 1, at + 5))![0].length;
      if (digits < 4) return -(at + 1 + digits);
      at += 4;
    } else if (at < text.length && !'"\\/bfnrt'.includes(text[at]!)) return -at;
  }
  return -text.length;
}
