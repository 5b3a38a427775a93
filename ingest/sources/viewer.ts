/**
 * Canonical numbers of viewers.
 * @module
 */
import { viewerEvents } from "../../core/events/viewer.ts";
import { anyContract, type Source } from "../source.ts";
import { canonicalSource } from "./canonical.ts";

/** Source `viewer`. */
export const viewer: Source = canonicalSource("viewer", {
  about: "numbers of viewers as Tidemark keeps them: JSON, CSV or Parquet",
  shape: {
    contract: anyContract(viewerEvents),
    columns: {
      event_id: "text",
      timestamp: "time",
      source: "text",
      stream_id: "text",
      viewer_count: "integer",
    },
    made: {},
  },
});
