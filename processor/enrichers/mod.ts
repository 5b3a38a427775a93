/**
 * THE LIST of enrichers: each makes one that pipelines name in `enrich`.
 * @module
 */
import { sentimentEnricher } from "./sentiment.ts";
import { toxicityEnricher } from "./toxicity.ts";

/** The enrichers by name. One is made per process that uses it, since each keeps a cache of its own. */
export const enrichers = {
  sentiment: sentimentEnricher,
  toxicity: toxicityEnricher,
} as const;
