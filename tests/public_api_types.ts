/**
 * What the compiler refuses: the public API is typed from the source's event to the detector's value. No test runs this;
 * `deno check .` judges it, and fails where something here is not refused.
 * @module
 */
import {
  type ChatEvent,
  chatEvents,
  count,
  detector,
  distinct,
  enricher,
  lookup,
  meanOf,
  metric,
  minutes,
  ohlcv,
  peak,
  pipeline,
  pipelineOn,
  rateJump,
  share,
  source,
  type StreamMetaEvent,
  streamMetaEvents,
  type TradeEvent,
  tradeEvents,
  tumbling,
  type ViewerEvent,
  viewerEvents,
  zScore,
  zScoreOfEvents,
} from "tidemark";

interface Mood {
  readonly mood: number;
}

const base = { name: "typed", key: "stream_id", window: tumbling({ sizeMs: minutes(1) }), table: "typed" } as const;
const chat = { ...base, contract: chatEvents } as const;
const viewers = { source: "test", event_id: "1", timestamp: 0, stream_id: "demo" };

/** What a source may send. */
export function sources(): void {
  source<ViewerEvent>({
    name: "s",
    about: "",
    contract: viewerEvents,
    decode: () => [{ ...viewers, viewer_count: 1 }],
  });
  // @ts-expect-error an event without a field of its contract
  source<ViewerEvent>({ name: "s", about: "", contract: viewerEvents, decode: () => [viewers] });
  // @ts-expect-error the contract of another event
  source<ViewerEvent>({ name: "s", about: "", contract: chatEvents, decode: () => [] });
}

/** What an enricher may add. */
export function enrichers(): void {
  const about = { name: "mood", version: 1 };
  enricher<ChatEvent, Mood>({ ...about, fields: ["mood"], enrich: (events) => events.map(() => ({ mood: 1 })) });
  // @ts-expect-error a field that it does not say it adds
  enricher<ChatEvent, Mood>({ ...about, fields: ["temper"], enrich: () => [] });
  // @ts-expect-error a score of another type
  enricher<ChatEvent, Mood>({ ...about, fields: ["mood"], enrich: (events) => events.map(() => ({ mood: "good" })) });
}

interface Category {
  readonly category: string;
}

/** What a lookup may add, and who sees it. */
export function lookups(): void {
  const about = { name: "of", version: 1, table: streamMetaEvents, fields: ["category"] } as const;
  const of = lookup({
    ...about,
    key: (event: ChatEvent) => event.stream_id,
    as: (row) => ({ category: row.category }),
    otherwise: { category: "" },
  });
  const metrics = { n: distinct<ChatEvent & Partial<Category>>((event) => event.category) };
  pipeline({ ...base, contract: chatEvents, key: "category", lookup: of, metrics });
  pipeline<ChatEvent, [], Category>({
    ...chat,
    lookup: of,
    metrics: { n: distinct((event) => event.category), known: share((event) => event.category !== "") },
  });
  pipeline<ChatEvent, [Mood], Category>({
    ...chat,
    key: "category",
    lookup: of,
    enrich: [
      enricher({ name: "mood", version: 1, fields: ["mood"], enrich: (events) => events.map(() => ({ mood: 1 })) }),
    ],
    metrics: { happy: meanOf((event) => event.category === "" ? undefined : event.mood, { scale: 0 }) },
  });
  const watched = { name: "w", key: "category", window: base.window, table: "w" } as const;
  pipelineOn(chatEvents, [], of)({
    ...watched,
    metrics: { messages: count(), categories: distinct((event) => event.category) },
    detect: [rateJump("messages", { factor: 3, valueMin: 1 })],
  });
  // @ts-expect-error a field that nothing adds, in two steps
  pipelineOn(chatEvents, [], of)({ ...watched, metrics: { n: distinct((event) => event.title) } });
  pipelineOn(chatEvents, [], of)({
    ...watched,
    metrics: { n: count() },
    // @ts-expect-error a detector that looks at none of the metrics
    detect: [rateJump("m", { factor: 3, valueMin: 1 })],
  });
  // @ts-expect-error a field that nothing adds
  pipeline<ChatEvent, [], Category>({ ...chat, lookup: of, metrics: { n: distinct((event) => event.title) } });
  // @ts-expect-error a field of a lookup that is not there
  pipeline<ChatEvent, [], Category>({ ...chat, metrics: { n: distinct((event) => event.category) } });
  // @ts-expect-error a key that neither the event nor the lookup has
  pipeline<ChatEvent, [], Category>({ ...chat, key: "title", lookup: of, metrics: { n: count() } });
  // @ts-expect-error a lookup of another event
  pipeline<TradeEvent>({ ...base, contract: tradeEvents, key: "symbol", lookup: of, metrics: { n: count() } });
  // @ts-expect-error a field that the row does not have
  lookup({ ...about, key: (event: ChatEvent) => event.stream_id, as: (row) => ({ category: row.game }) });
  // @ts-expect-error a field that it does not name
  lookup<ChatEvent, StreamMetaEvent, Category>({ ...about, fields: ["title"], key: () => "", as: () => null });
}

/** What metrics may read, and keep. */
export function metrics(): void {
  pipeline<ChatEvent>({ ...chat, metrics: { n: count(), loud: share((event) => event.message.endsWith("!")) } });
  // @ts-expect-error a metric of another event's field
  pipeline<ChatEvent>({ ...chat, metrics: { bad: meanOf((event) => event.viewer_count, { scale: 0 }) } });
  // @ts-expect-error a number where a text is needed
  pipeline<ChatEvent>({ ...chat, metrics: { bad: distinct((event) => event.emotes.length) } });
  const trades = ohlcv<TradeEvent>({ price: (event) => event.price, size: (event) => event.size, scale: 8 });
  // @ts-expect-error metrics of trades in a pipeline of chat
  pipeline<ChatEvent>({ ...chat, metrics: { ...trades } });
  const zero = { kind: "k", version: 1, column: "bigint", zero: () => ({ n: 0 }), encode: () => 0 } as const;
  const rest = { add: () => {}, merge: () => {}, result: () => 0 };
  metric<ChatEvent, { n: number }>({ ...zero, ...rest, decode: () => ({ n: 0 }) });
  // @ts-expect-error a codec of another state
  metric<ChatEvent, { n: number }>({ ...zero, ...rest, decode: () => ({ m: 0 }) });
}

/** What detectors may look at, and remember. */
export function detectors(): void {
  const options = { threshold: 3 };
  pipeline<ChatEvent>({
    ...chat,
    metrics: { n: count() },
    detect: [zScoreOfEvents("length", { ...options, value: (event) => event.message.length })],
  });
  pipeline<ChatEvent>({
    ...chat,
    metrics: { n: count() },
    // @ts-expect-error a field that the event does not have
    detect: [zScoreOfEvents("price", { ...options, value: (event) => Number(event.price) })],
  });
  const verdict = () => ({ value: 1, baseline: 1, score: 1, explanation: "" });
  const about = { on: "pane", name: "d", metric: "n", zero: () => [0], baseline: () => 1, remember: () => {} } as const;
  detector<number[], number>({ ...about, judge: (before, value) => ({ anomalous: value > before, verdict }) });
  // @ts-expect-error a baseline of another type
  detector<number[], string>({ ...about, judge: () => ({ anomalous: true, verdict }) });
}

/** Which metrics detectors may name. */
export function detectorNames(): void {
  const z = { threshold: 3 };
  const counting = {
    ...base,
    metrics: { n: count() },
    watch: { people: distinct((event: ChatEvent) => event.user_id) },
  };
  pipelineOn(chatEvents)({ ...counting, detect: [zScore("n", z), zScore("people", z), peak("n", { kind: "k" })] });
  // @ts-expect-error a metric that the pipeline does not have
  pipelineOn(chatEvents)({ ...counting, detect: [zScore("m", z)] });
  // @ts-expect-error the same for moments
  pipelineOn(chatEvents)({ ...counting, detect: [zScore("n", z), peak("m", { kind: "k" })] });
  // @ts-expect-error a metric of another event's field
  pipelineOn(chatEvents)({ ...base, metrics: { bad: meanOf((event) => event.viewer_count, { scale: 0 }) } });
  const about = { name: "mood", version: 1, fields: ["mood"] } as const;
  const mood = enricher<ChatEvent, Mood>({ ...about, enrich: (events) => events.map(() => ({ mood: 1 })) });
  const moods = { mean_mood: meanOf<ChatEvent & Partial<Mood>>((event) => event.mood, { scale: 0 }) };
  pipelineOn(chatEvents, [mood])({ ...base, metrics: moods, detect: [zScore("mean_mood", z)] });
  pipelineOn(chatEvents, [mood])({ ...base, metrics: { mean: meanOf((event) => event.mood, { scale: 0 }) } });
  // @ts-expect-error a field that no enricher adds
  pipelineOn(chatEvents)({ ...base, metrics: { mean: meanOf((event) => event.mood, { scale: 0 }) } });
}
