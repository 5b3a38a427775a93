/**
 * Enricher `toxicity`: how likely a reader calls a chat message abusive, from 0 to 1.
 * @module
 */
import type { ChatEvent } from "../../core/events/chat.ts";
import type { Enricher } from "./enricher.ts";
import { CACHE_TEXTS_MAX, type CacheCounts, TextCache } from "./text_cache.ts";
import type { ToxicityModel } from "./toxicity_model.ts";

/** What the enricher adds to a chat event. */
export interface ToxicityFields {
  /** 0 (harmless) to 1 (abusive). */
  readonly toxicity: number;
}

/** The enricher, with the counts of its cache. */
export interface ToxicityEnricher extends Enricher<ChatEvent, ToxicityFields> {
  /** Look-ups of the cache of texts. */
  cacheCounts(): CacheCounts;
  prepare(): Promise<void>;
}

/** Loads the model that this version was trained with. tfjs and the weights are loaded here and not before. */
export async function loadToxicityModel(): Promise<ToxicityModel> {
  const [{ openModel, unpackHeads }, { headsText, spec }] = await Promise.all([
    import("./toxicity_model.ts"),
    import("./toxicity_weights.ts"),
  ]);
  return await openModel(spec, unpackHeads(headsText));
}

/** Makes the enricher. It remembers the scores of up to `textsMax` texts. */
export function toxicityEnricher({ textsMax = CACHE_TEXTS_MAX }: { textsMax?: number } = {}): ToxicityEnricher {
  const cache = new TextCache<ToxicityFields>({ textsMax });
  let model: ToxicityModel | undefined;
  return {
    name: "toxicity",
    version: 3,
    fields: ["toxicity"],
    async prepare() {
      model ??= await loadToxicityModel();
    },
    enrich(events) {
      if (model === undefined) throw new Error("Cannot score toxicity: the enricher is not prepared");
      return fieldsOf(events, { cache, model });
    },
    cacheCounts: () => cache.counts(),
  };
}

/** Scores the texts that the cache does not know together, each once. */
function fieldsOf(
  events: readonly ChatEvent[],
  { cache, model }: { cache: TextCache<ToxicityFields>; model: ToxicityModel },
): ToxicityFields[] {
  const fields = new Array<ToxicityFields | undefined>(events.length);
  const unknown = new Map<string, number[]>();
  for (let i = 0; i < events.length; i++) {
    const { message } = events[i]!;
    const places = unknown.get(message);
    if (places !== undefined) places.push(i);
    else if ((fields[i] = cache.get(message)) === undefined) unknown.set(message, [i]);
  }
  if (unknown.size > 0) {
    const texts = [...unknown.keys()];
    const scores = model.score(texts);
    texts.forEach((text, n) => {
      const scored = { toxicity: scores[n]! };
      cache.set(text, scored);
      for (const place of unknown.get(text)!) fields[place] = scored;
    });
  }
  return fields as ToxicityFields[];
}
