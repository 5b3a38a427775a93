/**
 * The public API: what a source, an enricher, a metric, a detector or a pipeline is written with. Imported as "tidemark",
 * from any folder of the project; docs/extending.md shows how each is used.
 * @module
 */
export { type Clock, type Random, seededRandom } from "./core/clock.ts";
export { type BarEvent, barEvents } from "./core/events/bars.ts";
export { type ChatEvent, chatEvents } from "./core/events/chat.ts";
export { type EventBase, eventBase, type EventContract, type Fault, nonEmpty } from "./core/events/contract.ts";
export { decimalText } from "./core/events/decimal_text.ts";
export { type StreamMetaEvent, streamMetaEvents } from "./core/events/stream_meta.ts";
export { type TradeEvent, tradeEvents } from "./core/events/trades.ts";
export { type TransactionEvent, transactionEvents } from "./core/events/transactions.ts";
export { type ViewerEvent, viewerEvents } from "./core/events/viewer.ts";
export { type WatchEvent, watchEvents } from "./core/events/watch.ts";
export type { TileSpec } from "./core/pipeline_info.ts";
export type { ColumnSpec, ColumnType, SourcePosition, TableSpec } from "./core/ports.ts";
export type { SourceState } from "./core/status.ts";
export { days, formatTime, hours, minutes, parseTime, seconds } from "./core/time.ts";
export { session, type SessionSpec, sliding, type SlidingSpec, tumbling, type WindowSpec } from "./core/window.ts";
export { type EventDraft, source, type SourceDefinition, type SourceStart } from "./ingest/define_source.ts";
export { type LinkState, SourceMonitor } from "./ingest/monitor.ts";
export type { Shard } from "./ingest/sharding.ts";
export type {
  Decode,
  Decoded,
  DecodedEvent,
  FieldMapping,
  RecordedFile,
  RecordedFormat,
  Source,
  SourceBatch,
  SourceContext,
  SourceOrder,
} from "./ingest/source.ts";
export * from "./processor/detectors/mod.ts";
export {
  type Enriched,
  type Enricher,
  enricher,
  type EnrichersOf,
  type FieldsOf,
} from "./processor/enrichers/enricher.ts";
export { type LookedUp, type Lookup, lookup, type LookupDefinition } from "./processor/lookup.ts";
export * from "./processor/metrics/mod.ts";
export {
  type DefinitionOn,
  type Named,
  type NeedsEnrichers,
  type NeedsLookup,
  type Pipeline,
  pipeline,
  type PipelineColumn,
  type PipelineDefinition,
  type PipelineMaker,
  pipelineOn,
} from "./processor/pipeline.ts";
