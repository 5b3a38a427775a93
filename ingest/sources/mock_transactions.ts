/**
 * Mock transactions: bits, subscriptions and donations, some of them for every so many messages, with labelled waves of
 * gifts.
 * @module
 */
import { type TransactionEvent, transactionEvents } from "../../core/events/transactions.ts";
import { formatTime } from "../../core/time.ts";
import { anyContract, type Source } from "../source.ts";
import { userName } from "./mock_chat_messages.ts";
import { type Episode, type EpisodeOptions, episodesIn } from "./mock_episodes.ts";
import { pacedSequence, type Place, type Tick } from "./mock_pace.ts";
import { byShare, eventRandom, jitterMs, normal, oneOf, zipfShares } from "./mock_random.ts";
import { streamShares } from "./mock_rhythm.ts";
import { mockBatches, ownStreams } from "./mock_start.ts";

const contract = anyContract(transactionEvents);

/** A transaction for so many messages. */
export const MESSAGES_A_TRANSACTION = 50;

/** Source `mock_transactions`. */
export const mockTransactions: Source = {
  name: "mock_transactions",
  about: "invented bits, subscriptions and donations, a fiftieth of the mock rate, with labelled waves of gifts",
  contracts: [contract],
  repeatable: true,
  open: (context) =>
    mockBatches(context, {
      name: "mock_transactions",
      contract,
      make(start) {
        const { mock } = context.config;
        const made = mockTransactionEvents({
          ...start,
          ratePerSec: mock.ratePerSec / MESSAGES_A_TRANSACTION,
          channels: ownStreams(context, mock.channels),
          ...(mock.fakeAnomalies ? { anomalyEveryMs: mock.anomalyEveryMs } : {}),
        });
        return (tick) => made(tick).map((event) => ({ event }));
      },
    }),
};

/** A transaction of the mock streams. */
export interface MockTransactionEvent extends TransactionEvent {
  readonly username: string;
  /** The truth for detectors: this is one of a wave of gifts. */
  readonly fake_anomaly?: "gift_wave";
}

/** What decides mock transactions. */
export interface MockTransactionOptions extends EpisodeOptions {
  readonly ratePerSec: number;
}

/** In the time of a chat spike or a raid the stream gets this many times its own gifts. */
const WAVE_FACTOR = 20;
const SALT_TRANSACTIONS = 301;
const USERS = 3_000;
const drawUser = byShare(zipfShares(USERS));
const drawType = byShare([0.55, 0.3, 0.15]);
const subscriptionPrices = ["4.99", "4.99", "4.99", "9.99", "24.99"];

/** The transactions of the mock streams by tick. */
export function mockTransactionEvents(options: MockTransactionOptions): (tick: Tick) => MockTransactionEvent[] {
  const { seed, startMs, channels, ratePerSec } = options;
  const shares = streamShares(seed, channels.length);
  const steady = pacedSequence(options);
  const run = `${startMs.toString(36)}-${seed.toString(36)}`;
  const make = ({ k, pacedMs }: Place, wave?: Episode): MockTransactionEvent => {
    const random = eventRandom(seed, k, SALT_TRANSACTIONS + (wave ? 1 + wave.number : 0));
    const channel = wave?.channel ?? byShare(shares(pacedMs))(random);
    const user = drawUser(random);
    const event = {
      event_id: `mock_transactions:${run}:${wave ? `wave${wave.number}:` : ""}${k}`,
      timestamp: formatTime(Math.floor(pacedMs) - jitterMs(random)),
      source: "mock_transactions",
      stream_id: channels[channel]!,
      user_id: `mock-${user + 1}`,
      username: userName(user),
    };
    const type = wave ? 1 : drawType(random);
    const worth = Math.exp(normal(random));
    const gift = type === 0
      ? { type: "bits", amount: String(Math.max(1, Math.round(100 * worth))), currency: "BITS" } as const
      : type === 1
      ? { type: "subscription", amount: oneOf(subscriptionPrices, random), currency: "USD" } as const
      : { type: "donation", amount: Math.max(1, 5 * worth).toFixed(2), currency: "USD" } as const;
    return wave ? { ...event, ...gift, fake_anomaly: "gift_wave" } : { ...event, ...gift };
  };
  let running: { number: number; take: (tick: Tick) => Place[] } | undefined;
  return (tick) => {
    const found = steady(tick).map((place) => ({ place, event: make(place) }));
    for (const episode of episodesIn(options, tick)) {
      if (episode.kind === "toxic_episode") continue;
      if (running?.number !== episode.number) {
        const rate = ratePerSec * shares(episode.startMs)[episode.channel]! * WAVE_FACTOR;
        const { resumeMs = episode.startMs } = options;
        const take = pacedSequence({ startMs: episode.startMs, ratePerSec: rate, resumeMs });
        running = { number: episode.number, take };
      }
      const fromMs = Math.max(tick.fromMs, episode.startMs);
      const places = running.take({ fromMs, toMs: Math.min(tick.toMs, episode.endMs) });
      found.push(...places.map((place) => ({ place, event: make(place, episode) })));
    }
    return found.sort((a, b) => a.place.pacedMs - b.place.pacedMs).map(({ event }) => event);
  };
}
