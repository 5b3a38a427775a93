/**
 * A metric: the longest of some texts.
 *
 *     deno run -A examples/longest_of.ts
 */
import { chatEvents, type EventBase, type Metric, metric, minutes, pipeline, tumbling } from "tidemark";
import type { ChatEvent } from "tidemark";

/** State: what a slice remembers of its events. */
interface Longest {
  text: string | null;
}

/** Of equally long ones the first in the alphabet, so that the order of events never shows. */
function take(state: Longest, text: string | null): void {
  if (text === null) return;
  const held = state.text;
  if (held === null || text.length > held.length || (text.length === held.length && text < held)) state.text = text;
}

/** The longest of the texts that events carry; null without any. Exact. */
export const longestOf = <E extends EventBase>(of: (event: E) => string | undefined): Metric<E> =>
  metric<E, Longest>({
    kind: "longest",
    version: 1,
    column: "text",
    zero: () => ({ text: null }),
    add: (state, event) => take(state, of(event) ?? null),
    merge: (into, from) => take(into, from.text),
    result: (state) => state.text,
    encode: (state) => state.text,
    decode: (json) => ({ text: json as string | null }),
  });

if (import.meta.main) {
  const longest = pipeline<ChatEvent>({
    name: "longest",
    contract: chatEvents,
    key: "stream_id",
    window: tumbling({ sizeMs: minutes(1) }),
    metrics: { longest_message: longestOf((event) => event.message) },
    table: "longest",
  });
  const said = (second: number, message: string) => ({
    ...{ event_id: String(second), source: "example", stream_id: "demo", user_id: "u", username: "u", emotes: [] },
    timestamp: `2024-08-08T12:00:${second}Z`,
    message,
  });
  const events = [said(10, "hello"), said(11, "hello everybody"), said(12, "bye")];
  import("tidemark/testing").then(({ showPipeline }) => showPipeline(longest, events));
}
