/**
 * What a variable of the configuration is, and the checks that several of them share.
 * @module
 */

/** A variable: its default, what is expected of it, and whether a text fits. */
export interface Variable {
  readonly name: string;
  /** Text that stands where the variable is not set; "" for one that has no default. */
  readonly fallback: string;
  readonly expected: string;
  /** Half a sentence for people. */
  readonly about: string;
  /** Shown masked. */
  readonly secret?: true;
  readonly check: (value: string) => boolean;
}

/** A variable, or a line of `.env`, that cannot be used as it is. */
export interface ConfigFault {
  readonly variable: string;
  /** As shown to people: secrets masked. */
  readonly value: string;
  /** What was expected. */
  readonly expected: string;
}

/** What stands for a value that nobody may see. */
export const MASK = "********";

/** Reads the values of a section; each fits or is its variable's fallback. */
export interface Values {
  /** The text as it is; "" where neither a value nor a default is there. */
  text(name: string): string;
  number(name: string): number;
  /** The items of a comma-separated list, each once; none for "". */
  list(name: string): readonly string[];
  flag(name: string): boolean;
}

/** One part of the configuration: its variables, and what they make together. */
export interface Section<T> {
  readonly variables: readonly Variable[];
  read(values: Values): T;
  /** What is wrong with variables that fit one by one: `[variable, what was expected]`. */
  relations?(config: T): readonly (readonly [variable: string, expected: string])[];
}

/** A whole number from min to max. */
export const integer = (min: number, max: number) => ({
  expected: `a whole number from ${min} to ${max}`,
  check: (value: string) => /^\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max,
});

/** A number with or without fraction from min to max. */
export const decimal = (min: number, max: number) => ({
  expected: `a number from ${min} to ${max}`,
  check: (value: string) => /^\d{1,9}(\.\d{1,9})?$/.test(value) && Number(value) >= min && Number(value) <= max,
});

/** A list of names. */
export const names = {
  expected: "one or more names separated by commas, each of letters, digits, . _ or -",
  check: (value: string) => value.split(",").every((name) => /^[\w.-]+$/.test(name.trim())),
};

/** A switch. */
export const flag = {
  expected: "true or false",
  check: (value: string) => /^(true|false|1|0|yes|no)$/i.test(value),
};

/** One of a few words. */
export const oneOf = (...words: readonly string[]) => ({
  expected: words.length === 2 ? words.join(" or ") : `one of ${words.join(", ")}`,
  check: (value: string) => words.includes(value),
});

/** Any text; an empty value counts as unset. */
export const anyText = { expected: "a text", check: () => true };
