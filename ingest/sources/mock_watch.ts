/**
 * Mock viewing: people who sit down in front of shows, most for a while, few for long, with labelled marathons.
 * @module
 */
import { type WatchEvent, watchEvents } from "../../core/events/watch.ts";
import { formatTime } from "../../core/time.ts";
import { anyContract, type Source } from "../source.ts";
import { pacedSequence, type Place, type Tick } from "./mock_pace.ts";
import { byShare, eventRandom, jitterMs, normal, zipfShares } from "./mock_random.ts";
import { mockBatches, type MockStart } from "./mock_start.ts";
import { shardOf, wholeShard } from "../sharding.ts";

const contract = anyContract(watchEvents);

/** Source `mock_watch`. */
export const mockWatch: Source = {
  name: "mock_watch",
  about: "invented sittings in front of shows, with labelled marathons",
  contracts: [contract],
  repeatable: true,
  open: (context) =>
    mockBatches(context, {
      name: "mock_watch",
      contract,
      make(start) {
        const { mock } = context.config;
        const made = mockWatchEvents({
          ...start,
          ratePerSec: mock.ratePerSec,
          users: shardOf(people, context.shard ?? wholeShard),
          ...(mock.fakeAnomalies ? { anomalyEveryRecords: mock.anomalyEveryRecords } : {}),
        });
        return (tick) => made(tick).map((event) => ({ event }));
      },
    }),
};

/** A sitting of the mock. */
export interface MockWatchEvent extends WatchEvent {
  /** The truth for detectors: nobody sits that long. */
  readonly fake_anomaly?: "marathon";
}

/** What decides mock viewing. */
export interface MockWatchOptions extends MockStart {
  readonly ratePerSec: number;
  readonly users: readonly string[];
  /** Every so many sittings one is a marathon; none without it. */
  readonly anomalyEveryRecords?: number;
}

/** People of all producers together. */
const USERS = 2_000;
const people = Array.from({ length: USERS }, (_, i) => `viewer-${i + 1}`);
const SALT_WATCH = 601;
/** Minutes of a marathon at least; longer than any show. */
const MARATHON_MINUTES = 900;

const shows: readonly (readonly [name: string, minutes: number])[] = [
  ["The Lighthouse Keepers", 48],
  ["Tea at Noon", 24],
  ["Harbour Police", 52],
  ["Signals", 41],
  ["Ten Small Gardens", 28],
  ["The Long Winter (film)", 117],
  ["Kitchen of the World", 33],
  ["Night Train", 56],
  ["Paper Moons (film)", 96],
  ["Deep Field", 44],
  ["Owls", 25],
  ["The Second Violin (film)", 104],
];
const drawShow = byShare(zipfShares(shows.length));

/** The sittings by tick; each follows from the options and its number alone. */
export function mockWatchEvents(options: MockWatchOptions): (tick: Tick) => MockWatchEvent[] {
  const { seed, startMs, users, anomalyEveryRecords } = options;
  const places = pacedSequence(options);
  const drawUser = byShare(zipfShares(users.length, 0.5));
  const run = `${startMs.toString(36)}-${seed.toString(36)}`;
  const make = ({ k, pacedMs }: Place): MockWatchEvent => {
    const random = eventRandom(seed, k, SALT_WATCH);
    const timestamp = formatTime(Math.floor(pacedMs) - jitterMs(random));
    const [show, length] = shows[drawShow(random)]!;
    // A third see it to its end, the others leave somewhere before, most of them early.
    const share = random.next() < 0.35 ? 1 : random.next() ** 1.6;
    const marathon = anomalyEveryRecords !== undefined && (k + 1) % anomalyEveryRecords === 0;
    const minutes = marathon ? MARATHON_MINUTES * Math.exp(0.1 * Math.abs(normal(random))) : length * share;
    const sitting: MockWatchEvent = {
      event_id: `mock_watch:${run}:${k}`,
      timestamp,
      source: "mock_watch",
      user_id: users[drawUser(random)]!,
      show_name: show,
      watch_duration_minutes: Math.round(minutes * 100) / 100,
      watch_date: timestamp.slice(0, 10),
      show_duration_minutes: length,
    };
    return marathon ? { ...sitting, fake_anomaly: "marathon" } : sitting;
  };
  return (tick) => places(tick).map(make);
}
