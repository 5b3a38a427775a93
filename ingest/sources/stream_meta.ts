/**
 * Canonical words of streams about themselves.
 * @module
 */
import { streamMetaEvents } from "../../core/events/stream_meta.ts";
import { anyContract, type Source } from "../source.ts";
import { canonicalSource } from "./canonical.ts";

/** Source `stream_meta`. */
export const streamMeta: Source = canonicalSource("stream_meta", {
  about: "what streams say of themselves as Tidemark keeps it: JSON, CSV or Parquet",
  shape: {
    contract: anyContract(streamMetaEvents),
    columns: {
      event_id: "text",
      timestamp: "time",
      source: "text",
      stream_id: "text",
      title: "text",
      category: "text",
      language: "text",
      tags: "names",
    },
    made: {
      category: () => "",
      language: () => "",
      tags: () => [],
    },
  },
});
