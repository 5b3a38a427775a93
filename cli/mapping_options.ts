/**
 * The options that say how tables of others are read: --map, --set, --columns, --timezone, --scale; and --encoding, which
 * texts have, too.
 * @module
 */
import { UserError } from "../core/errors.ts";
import type { FieldMapping } from "../ingest/source.ts";
import type { Call, OptionTypes } from "./arguments.ts";

/** The options, for commands that read recorded input. */
export const mappingOptions = {
  map: "list",
  set: "list",
  columns: "string",
  timezone: "string",
  scale: "string",
  encoding: "string",
} as const satisfies OptionTypes;

const usage = (cause: string, fix: string) => new UserError("usage", { cause: `Cannot read the table: ${cause}`, fix });

/**
 * The mapping that a call describes; null where it describes none.
 *
 * @throws {UserError} for an option that cannot be followed.
 */
export function mappingOf(call: Call): FieldMapping | null {
  const [map, set] = [call.list("map"), call.list("set")];
  const [columns, timeZone, scale] = [call.text("columns"), call.text("timezone"), call.text("scale")];
  if (map.length + set.length === 0 && [columns, timeZone, scale].every((text) => text === undefined)) return null;
  return {
    fields: pairsOf("map", map, "column"),
    constants: pairsOf("set", set, "value"),
    columns: columns === undefined ? null : columnsOf(columns),
    timeZone: timeZone === undefined ? null : zoneOf(timeZone),
    priceExponent: scale === undefined ? 0 : exponentOf(scale),
  };
}

function pairsOf(option: string, texts: readonly string[], what: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const text of texts) {
    const equals = text.indexOf("=");
    const name = text.slice(0, equals).trim();
    if (equals < 1 || name === "" || (what === "column" && equals === text.length - 1)) {
      throw usage(`--${option} is "${text}"`, `--${option} takes field=${what}, once for each field`);
    }
    if (Object.hasOwn(pairs, name)) throw usage(`--${option} names ${name} twice`, "name each field once");
    if (name === "__proto__") throw usage(`--${option} names ${name}`, "no field can be called that");
    pairs[name] = text.slice(equals + 1);
  }
  return pairs;
}

function columnsOf(text: string): readonly string[] {
  const columns = text.split(",").map((column) => column.trim());
  const filled = columns.filter((column) => column !== "");
  if (filled.length === 0 || new Set(filled).size < filled.length) {
    throw usage(`--columns is "${text}"`, "--columns takes a name for each column, each once, separated by commas");
  }
  return columns;
}

function zoneOf(text: string): string {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw usage(`--timezone is "${text}"`, "--timezone takes a name such as UTC or America/New_York, or +02:00");
  }
}

function exponentOf(text: string): number {
  const match = /^10*$/.exec(text);
  if (match === null || text.length > 13) {
    throw usage(
      `--scale is "${text}"`,
      "--scale takes 1, 10, 100, …: how many times the real price stands in the table",
    );
  }
  return text.length - 1;
}

/**
 * The encoding that a call names; null where it names none.
 *
 * @throws {UserError} for one that is not known.
 */
export function encodingOf(call: Call): string | null {
  const text = call.text("encoding");
  if (text === undefined) return null;
  try {
    return new TextDecoder(text).encoding;
  } catch {
    throw new UserError("usage", {
      cause: `Cannot read the file: --encoding is "${text}"`,
      fix: "--encoding takes a name such as utf-8, windows-1252, utf-16le or shift_jis",
    });
  }
}
