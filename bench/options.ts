/**
 * The options of a benchmark's command line.
 * @module
 */
import { parseArgs } from "node:util";
import { sayFailure } from "../cli/terminal.ts";
import { messageOf, UserError } from "../core/errors.ts";

/** What an option is unless it is given: a whole number from 1, a text, or a flag. */
type Defaults = Readonly<Record<string, number | string | boolean>>;

/** What a default may become. */
type Given<T> = { readonly [K in keyof T]: T[K] extends number ? number : T[K] extends boolean ? boolean : string };

/** The options as given, or else their defaults. A wrong one ends the process with its cause and fix, code 2. */
export function benchOptions<T extends Defaults>(defaults: T): Given<T> {
  try {
    return parsed(defaults) as Given<T>;
  } catch (error) {
    Deno.exit(sayFailure(error, { debug: false }));
  }
}

function parsed(defaults: Defaults): Record<string, number | string | boolean> {
  const names = Object.keys(defaults);
  const known = names.map((name) => `--${name}`).join(", ");
  const options = Object.fromEntries(
    names.map((name) => [name, { type: typeof defaults[name] === "boolean" ? "boolean" as const : "string" as const }]),
  );
  let given: Readonly<Record<string, string | boolean | undefined>>;
  try {
    given = parseArgs({ args: Deno.args, options }).values as typeof given;
  } catch (error) {
    throw new UserError("usage", { cause: `Cannot read the options: ${messageOf(error)}`, fix: `known are ${known}` });
  }
  return Object.fromEntries(names.map((name) => {
    const value = given[name] ?? defaults[name]!;
    if (typeof defaults[name] !== "number") return [name, value];
    const number = Number(value);
    if (Number.isSafeInteger(number) && number > 0) return [name, number];
    throw new UserError("usage", {
      cause: `Cannot measure: --${name} is "${value}", expected a whole number from 1`,
      fix: `leave it out for ${defaults[name]}`,
    });
  }));
}
