/**
 * The words of a call: options by name with their values, and what stands without one.
 * @module
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Config, parseConfig, parseDotEnv } from "../core/config.ts";
import type { DotEnv } from "../core/config/dot_env.ts";
import { UserError } from "../core/errors.ts";

/** The options that a command knows: `string` takes a value, `list` one each time it stands, `boolean` is a switch. */
export type OptionTypes = Readonly<Record<string, "string" | "list" | "boolean">>;

/** A call as parsed. */
export interface Call {
  readonly words: readonly string[];
  /** The value of an option, or undefined. */
  text(name: string): string | undefined;
  /** All values of an option that may stand several times. */
  list(name: string): readonly string[];
  /** Whether a switch is set. */
  has(name: string): boolean;
}

/** What a command understands. */
export interface CallShape {
  readonly command: string;
  readonly options: OptionTypes;
  /** Whether words may stand without an option; the command itself sees how many it needs. Default: none may. */
  readonly words?: boolean;
}

/**
 * Parses the words after the command's name. Every command also knows --debug and --data-dir.
 *
 * @throws {UserError} for an option that the command does not know or one without its value, and for words where none
 * have a meaning.
 */
export function parseCall(args: readonly string[], { command, options, words = false }: CallShape): Call {
  const call = readWords(args, { command, options });
  if (words || call.words.length === 0) return call;
  throw new UserError("usage", {
    cause: `Cannot read the call of ${command}: "${call.words[0]}" stands without an option`,
    fix: `leave it out; ${optionsOf(command, options)}`,
  });
}

function readWords(args: readonly string[], { command, options }: CallShape): Call {
  const known = withCommon(options);
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: Object.fromEntries(
        Object.entries(known).map(([name, type]) => [
          name,
          type === "list" ? { type: "string" as const, multiple: true } : { type },
        ]),
      ),
      allowPositionals: true,
      strict: true,
    });
    return {
      words: positionals,
      text: (name) => values[name] as string | undefined,
      list: (name) => (values[name] ?? []) as string[],
      has: (name) => values[name] === true,
    };
  } catch (error) {
    throw new UserError("usage", {
      cause: `Cannot read the call of ${command}: ${(error as Error).message.split(/\.\s/)[0]}`,
      fix: optionsOf(command, options),
    });
  }
}

const withCommon = (options: OptionTypes): OptionTypes => ({ ...options, debug: "boolean", "data-dir": "string" });

const optionsOf = (command: string, options: OptionTypes): string =>
  `the options of ${command} are: ${Object.keys(withCommon(options)).map((name) => `--${name}`).join(" ")}`;

/** Whether a call asks how it is made, rather than to be carried out; what stands after `--` is a word like any other. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? args.length : end).some((word) => word === "--help" || word === "-h");
}

/** A path as the user meant it: relative to the folder in which the task was called. */
export const userPath = (path: string): string => resolve(Deno.env.get("INIT_CWD") ?? Deno.cwd(), path);

/** The configuration of this call. The project's `.env` counts where a variable is not set. */
export function readConfig(call: Call): ReturnType<typeof parseConfig> {
  const parsed = parseConfig(Deno.env.toObject(), readDotEnv());
  const dataDir = call.text("data-dir");
  if (dataDir === "") {
    // As in `--data-dir "$UNSET"`: the project's own data must not be taken instead.
    throw new UserError("usage", {
      cause: "Cannot use --data-dir: it is empty",
      fix: "name a folder, or leave it out",
    });
  }
  // A path in a call is the caller's; one in the configuration is the project's.
  return {
    ...parsed,
    config: { ...parsed.config, dataDir: dataDir ? userPath(dataDir) : resolve(parsed.config.dataDir) },
  };
}

/**
 * The configuration, usable.
 *
 * @throws {UserError} that names every variable that is wrong.
 */
export function usableConfig(call: Call): Config {
  const { config, faults } = readConfig(call);
  if (faults.length === 0) return config;
  throw new UserError("usage", {
    cause: `Cannot use the configuration: ${faults.map(({ variable, value }) => `${variable}=${value}`).join(", ")}`,
    fix: faults.map(({ variable, expected }) => `${variable}: expected ${expected}`).join("; "),
  });
}

function readDotEnv(): DotEnv {
  try {
    return parseDotEnv(Deno.readTextFileSync(".env"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { variables: {}, faults: [] };
    throw new UserError("usage", { cause: `Cannot read .env: ${(error as Error).message}`, fix: "make it readable" });
  }
}
