/**
 * The mark on an event that failed a rule and was let in: the field `quality` with the names of the rules.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";
import { stringifyOrNull } from "../../core/json.ts";

/** An event, the names that it failed, and its own JSON text where that is to be kept to the letter. */
export interface MarkOptions {
  readonly failed: readonly { readonly name: string }[];
  readonly text: string | undefined;
}

/** The JSON text of an event with its mark; null where it is nested too deeply. A mark that it had stays beside it. */
export function markedText(event: EventBase, { failed, text }: MarkOptions): string | null {
  const names = failed.map(({ name }) => name);
  const { quality } = event as { readonly quality?: unknown };
  if (quality === undefined && text !== undefined) {
    // Written into the text, so that no digit of it changes.
    return `${text.slice(0, text.lastIndexOf("}"))},"quality":${JSON.stringify(names)}}`;
  }
  const before: readonly unknown[] = quality === undefined ? [] : Array.isArray(quality) ? quality : [quality];
  return stringifyOrNull({ ...event, quality: [...before, ...names.filter((name) => !before.includes(name))] });
}
