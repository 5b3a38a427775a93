/**
 * Enricher `sentiment`: what a chat message feels like, from −1 to 1.
 * @module
 */
import type { ChatEvent } from "../../core/events/chat.ts";
import type { Enricher } from "./enricher.ts";
import { scoreSentiment } from "./sentiment_score.ts";
import { CACHE_TEXTS_MAX, type CacheCounts, TextCache } from "./text_cache.ts";

/** What the enricher adds to a chat event. */
export interface SentimentFields {
  /** −1 (negative) to 1 (positive), 0 = none. */
  readonly sentiment: number;
}

/** The enricher, with the counts of its cache. */
export interface SentimentEnricher extends Enricher<ChatEvent, SentimentFields> {
  /** Look-ups of the cache of texts. */
  cacheCounts(): CacheCounts;
}

/** Makes the enricher. It remembers the scores of up to `textsMax` texts. */
export function sentimentEnricher({ textsMax = CACHE_TEXTS_MAX }: { textsMax?: number } = {}): SentimentEnricher {
  const cache = new TextCache<{ readonly emotes: readonly string[]; readonly fields: SentimentFields }>({ textsMax });
  const fieldsOf = ({ message, emotes }: ChatEvent): SentimentFields => {
    const known = cache.get(message);
    // The same text may show other pictures in another channel.
    if (known !== undefined && isEqual(known.emotes, emotes)) return known.fields;
    const fields = { sentiment: scoreSentiment(message, { emotes }) };
    cache.set(message, { emotes, fields });
    return fields;
  };
  return {
    name: "sentiment",
    version: 3,
    fields: ["sentiment"],
    enrich: (events) => events.map(fieldsOf),
    cacheCounts: () => cache.counts(),
  };
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
