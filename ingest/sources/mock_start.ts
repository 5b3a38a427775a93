/**
 * How mock sources run: from which seed and when, with which part of the streams or symbols, and with PRODUCER_SEED from
 * where they stood, so that a kill at any moment costs no event and repeats none.
 * @module
 */
import { createHash } from "node:crypto";
import type { EventContract } from "../../core/events/contract.ts";
import { minutes } from "../../core/time.ts";
import { ownNames, wholeShard } from "../sharding.ts";
import type { Decoded, DecodedEvent, SourceBatch, SourceContext } from "../source.ts";
import { type Tick, ticks } from "./mock_pace.ts";

/** What a mock's events follow from. */
export interface MockStart {
  readonly seed: number;
  /** The first moment. */
  readonly startMs: number;
  /** Everything before was sent by an earlier process; absent at a first start. */
  readonly resumeMs?: number;
}

/** An event that was made, with its JSON text where that is there already. */
export interface MadeEvent {
  readonly event: unknown;
  readonly text?: string;
}

/** A mock source at work. */
export interface MockMaker {
  readonly name: string;
  readonly contract: EventContract;
  /** Makes the events of each tick. */
  make(start: MockStart): (tick: Tick) => readonly MadeEvent[];
}

/** Where a seeded mock stands; saved in the append of its events. */
interface MockPosition {
  readonly startMs: number;
  /** End of the last tick. */
  readonly toMs: number;
  /** Events sent. */
  readonly sent: number;
}

/** A seeded mock that was away for longer begins anew: nobody waits for the events of a night. */
const AWAY_MS_MAX = minutes(10);

/** The batches of a mock source, until the signal aborts. */
export async function* mockBatches(
  context: SourceContext,
  maker: MockMaker,
): AsyncGenerator<readonly Decoded[] | SourceBatch> {
  const { seed } = context.config.mock;
  if (seed === null) yield* unrepeatedBatches(context, maker);
  else yield* seededBatches(context, { ...maker, seed });
}

async function* unrepeatedBatches(
  { clock, signal, random }: SourceContext,
  { contract, make }: MockMaker,
): AsyncGenerator<readonly Decoded[]> {
  const startMs = Math.floor(clock.nowMs());
  const made = make({ seed: Math.floor(random.next() * 2 ** 32), startMs });
  for await (const tick of ticks({ clock, signal, startMs })) {
    const batch = made(tick).map(({ event, text }): Decoded =>
      decodedOf({ contract, value: event, ...withText(text) })
    );
    if (batch.length > 0) yield batch;
  }
}

async function* seededBatches(
  context: SourceContext,
  { name, contract, make, seed }: MockMaker & { seed: number },
): AsyncGenerator<SourceBatch> {
  const { clock, signal } = context;
  const id = positionId(name, context);
  const found = await context.loadPosition(id) as MockPosition | null;
  const nowMs = Math.floor(clock.nowMs());
  const resumed = found !== null && nowMs - found.toMs <= AWAY_MS_MAX ? found : null;
  const { startMs, toMs: fromMs } = resumed ?? { startMs: nowMs, toMs: nowMs };
  const made = make({ seed, startMs, ...(resumed === null ? {} : { resumeMs: resumed.toMs }) });
  const instance = `${id}:${startMs.toString(36)}`;
  let sent = resumed?.sent ?? 0;
  for await (const tick of ticks({ clock, signal, startMs: fromMs, leavesNothingOut: true })) {
    const decoded = made(tick).map(({ event, text }) =>
      decodedOf({ contract, value: event, ...withText(text), order: { instance, seq: sent++ } })
    );
    if (decoded.length === 0) continue;
    const state: MockPosition = { startMs, toMs: tick.toMs, sent };
    yield { decoded, positions: [{ id, state }] };
  }
}

const withText = (text: string | undefined) => (text === undefined ? {} : { text });
const decodedOf = (event: DecodedEvent): Decoded => ({ kind: "events", events: [event] });

/** Another rate, other streams or another part make other events: such a mock has a place of its own. */
function positionId(name: string, { config: { mock }, shard = wholeShard }: SourceContext): string {
  const digest = createHash("sha256").update(JSON.stringify([mock, shard])).digest("hex").slice(0, 12);
  return `${name}:${mock.seed}:${digest}`;
}

/**
 * The streams or symbols that are this producer's.
 *
 * @throws {UserError} when none is left for it.
 */
export const ownStreams = ({ shard = wholeShard }: SourceContext, all: readonly string[]): readonly string[] =>
  ownNames(all, shard, "PRODUCER_CHANNELS or BINANCE_SYMBOLS");
