/**
 * The `.env` file: variables that stand where the environment has none. A line that is none is told rather than passed
 * over, since a default would be used in its stead without a word.
 * @module
 */
import { type ConfigFault, MASK } from "./variable.ts";

/** What a `.env` file says. */
export interface DotEnv {
  readonly variables: Readonly<Record<string, string>>;
  /** Lines that are neither a variable nor a comment, or what is wrong with the file as a whole. */
  readonly faults: readonly ConfigFault[];
}

/** Names that other readers of the same file allow are no faults: only ours are looked up. */
const LINE = /^(?:export\s+)?([A-Za-z_][\w.-]*)\s*=(.*)$/;
/** A value in quotes; nothing but a comment may follow it. */
const QUOTED = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)')\s*(?:#.*)?$/;

/**
 * Reads the lines of a `.env` file: `NAME=value`, `export ` before it, quotes around the value, `#` comments at the start
 * of a line or after white space.
 */
export function parseDotEnv(text: string): DotEnv {
  if (text.includes("\0")) {
    const expected = "a text file in UTF-8: save it as that (it is UTF-16, or no text at all)";
    return { variables: {}, faults: [{ variable: ".env", value: MASK, expected }] };
  }
  const variables: Record<string, string> = {};
  const faults: ConfigFault[] = [];
  for (const [index, whole] of text.split(/\r?\n/).entries()) {
    const line = whole.trim();
    if (line === "" || line.startsWith("#")) continue;
    const [, name, written = ""] = LINE.exec(line) ?? [];
    const value = valueOf(written);
    if (name !== undefined && value !== null) variables[name] = value;
    else {
      const expected = name === undefined ? "NAME=value, or begin it with # for a comment" : "a value with both quotes";
      // What stands there may be a secret with a slip in its name.
      faults.push({ variable: `.env line ${index + 1}`, value: MASK, expected });
    }
  }
  return { variables, faults };
}

/** Null for one whose quotes do not close. */
function valueOf(written: string): string | null {
  const value = written.trim();
  // Within a value `#` is a character like any other.
  if (!/^["']/.test(value)) return written.replace(/\s#.*$/, "").trim();
  const [quoted, double, single] = QUOTED.exec(value) ?? [];
  if (quoted === undefined) return null;
  return double?.replace(/\\(.)/g, (_, c) => (c === "n" ? "\n" : c)) ?? single ?? "";
}
