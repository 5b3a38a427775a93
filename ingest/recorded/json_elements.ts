/**
 * Cuts the elements out of a JSON array, or out of values that follow one another, pretty-printed or not; no more than
 * one element is held. The texts are handed on as they stand: whether they are JSON is the decoder's matter.
 *
 * What breaks the structure costs its own element: one whose brace is missing ends where the next element or the array's
 * end shows, and a text without its closing quote ends with its line (JSON allows no line break in a text).
 * @module
 */
import { CUT_LINE_UNITS, LINE_UNITS_MAX } from "./line_splitter.ts";

/** Makes chunks of text into elements; where the chunks break changes nothing. */
export interface ElementSplitter {
  push(text: string): string[];
  /** What has not ended: the last element, or `[` for an array that was never closed. */
  end(): string[];
}

const [QUOTE, BACKSLASH, COMMA, NEW_LINE] = [34, 92, 44, 10];
const [BRACE, BRACE_END, BRACKET, BRACKET_END] = [123, 125, 91, 93];

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9 || code === 0xfeff;

/** How elements are cut. */
export interface ElementOptions {
  /** Longest element in UTF-16 units. */
  readonly unitsMax?: number;
  /** What is kept of a longer one. */
  readonly cutUnits?: number;
}

/** A splitter of elements; one that grows beyond `unitsMax` is cut to `cutUnits`, so that it becomes dead. */
export function jsonElements(options: ElementOptions = {}): ElementSplitter {
  return new Elements(options);
}

class Elements implements ElementSplitter {
  readonly #unitsMax: number;
  readonly #cutUnits: number;
  /** Start of the element at hand, as far as it stood in earlier chunks. */
  #carry = "";
  #start = 0;
  #inElement = false;
  #inText = false;
  #escaped = false;
  #inArray = false;
  /** Open brackets of the element, innermost last. */
  readonly #nesting: number[] = [];
  /** The last unit that was no space. */
  #last = 0;
  #found: string[] = [];

  constructor({ unitsMax = LINE_UNITS_MAX, cutUnits = CUT_LINE_UNITS }: ElementOptions) {
    this.#unitsMax = unitsMax;
    this.#cutUnits = cutUnits;
  }

  push(text: string): string[] {
    this.#found = [];
    this.#start = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (this.#inText) this.#takeText(code, text, at);
      else if (isSpace(code)) {
        if (this.#inElement && this.#nesting.length === 0) this.#finish(text, at);
      } else {
        if (this.#inElement && this.#endsBefore(code)) this.#finish(text, at);
        if (this.#inElement || this.#begins(code, at)) this.#takeUnit(code, text, at);
      }
    }
    if (this.#inElement) {
      this.#carry += text.slice(this.#start);
      if (this.#carry.length > 2 * this.#unitsMax) this.#carry = this.#carry.slice(0, this.#unitsMax + 1);
    }
    return this.#found;
  }

  end(): string[] {
    this.#found = [];
    if (this.#inElement) this.#finish("", 0);
    else if (this.#inArray) this.#found.push("[");
    return this.#found;
  }

  #takeText(code: number, text: string, at: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (code === BACKSLASH) this.#escaped = true;
    else if (code === QUOTE || code === NEW_LINE) {
      this.#inText = false;
      this.#last = QUOTE;
      if (this.#nesting.length === 0) this.#finish(text, at + 1);
    }
  }

  #takeUnit(code: number, text: string, at: number): void {
    this.#last = code;
    if (code === QUOTE) this.#inText = true;
    else if (code === BRACE || code === BRACKET) this.#nesting.push(code);
    else if (code === BRACE_END || code === BRACKET_END) {
      this.#nesting.pop();
      if (this.#nesting.length === 0) this.#finish(text, at + 1);
    }
  }

  /** Whether an element begins with this unit, which stands between elements. */
  #begins(code: number, at: number): boolean {
    if (code === COMMA) return false;
    if (code === BRACKET_END && this.#inArray) return this.#inArray = false;
    if (code === BRACKET && !this.#inArray) return !(this.#inArray = true);
    [this.#inElement, this.#start, this.#last] = [true, at, 0];
    return true;
  }

  /** Whether a unit cannot stand in the element at hand, so that this has ended before it. */
  #endsBefore(code: number): boolean {
    const inner = this.#nesting.at(-1);
    if (inner === undefined) return code === COMMA || code === BRACKET_END || code === BRACE;
    if (!this.#inArray || inner !== BRACE) return false;
    // In an object a brace after a comma is the next element, since a name is expected there.
    return code === BRACKET_END || (code === BRACE && this.#last === COMMA);
  }

  #finish(text: string, end: number): void {
    const element = this.#carry + text.slice(this.#start, end);
    // One without its end takes the comma and the spaces before the next one along.
    const whole = this.#nesting.length === 0 ? element : element.replace(/[\s,]{1,100}$/, "");
    this.#found.push(whole.length > this.#unitsMax ? whole.slice(0, this.#cutUnits) : whole);
    this.#carry = "";
    this.#inElement = false;
    this.#inText = false;
    this.#escaped = false;
    this.#nesting.length = 0;
  }
}
