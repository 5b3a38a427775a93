/**
 * A lookup: chat by what a stream was about when it was said, the last known row of topic events.stream_meta.
 *
 *     deno run -A examples/chat_by_category.ts
 */
import {
  type ChatEvent,
  chatEvents,
  count,
  distinct,
  lookup,
  minutes,
  pipeline,
  streamMetaEvents,
  tumbling,
} from "tidemark";

interface Category {
  readonly category: string;
}

/** The category of a stream as of an event's time; "unknown" before its first. */
export const categoryOf = lookup({
  name: "category_of",
  version: 1,
  table: streamMetaEvents,
  key: (event: ChatEvent) => event.stream_id,
  fields: ["category"],
  as: (row) => ({ category: row.category || "none" }),
  otherwise: { category: "unknown" },
});

/** Chat per category and minute: messages, people, streams. */
export const chatByCategory = pipeline<ChatEvent, [], Category>({
  name: "chat_by_category",
  contract: chatEvents,
  lookup: categoryOf,
  key: "category",
  window: tumbling({ sizeMs: minutes(1) }),
  metrics: {
    messages: count(),
    chatters: distinct((event) => event.user_id),
    streams: distinct((event) => event.stream_id),
  },
  table: "chat_by_category",
  tile: { title: "Messages by category", metric: "messages", over: "sum" },
});

if (import.meta.main) {
  const at = (time: string, fields: object) => ({ timestamp: `2024-08-08T${time}Z`, source: "example", ...fields });
  const said = { stream_id: "demo", title: "", language: "", tags: [] };
  const rows = [["12:00:00", "Chess"], ["12:00:30", "Poker"]] as const;
  const events = ["11:59:59", "12:00:10", "12:00:29.999", "12:00:30"].map((time) =>
    at(time, { event_id: time, stream_id: "demo", user_id: time, username: "", message: "hi", emotes: [] })
  );
  const table = rows.map(([time, category]) => at(time, { ...said, event_id: time, category }));
  import("tidemark/testing").then(({ showPipeline }) => showPipeline(chatByCategory, events, { table }));
}
