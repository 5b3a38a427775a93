/**
 * Live Twitch chat: IRC over a websocket, one connection for all channels.
 * @module
 */
import { UserError } from "../../core/errors.ts";
import { FrameQueue } from "../connect/frame_queue.ts";
import { keepConnected, type KeepTimes } from "../connect/keep_connected.ts";
import type { LiveSocket, OpenSocket } from "../connect/live_socket.ts";
import { type RateBounds, RateLimit } from "../connect/rate_limit.ts";
import { RecentIds } from "../connect/recent_ids.ts";
import type { Decode, Decoded, SourceContext } from "../source.ts";
import { ownNames, wholeShard } from "../sharding.ts";
import { ignored } from "./outcome.ts";
import { type SessionOptions, TwitchSession } from "./twitch_session.ts";

/** What a test changes. */
export interface TwitchLiveOptions {
  readonly open: OpenSocket;
  readonly times: KeepTimes;
  /** How many JOINs are allowed; an account of a verified bot could do more. */
  readonly joinBounds: RateBounds;
  readonly joinMsMax: number;
}

/** As Twitch wants it. */
export const twitchLiveOptions: TwitchLiveOptions = {
  open: (url) => new WebSocket(url),
  times: {
    backOff: { firstMs: 500, maxMs: 60_000 },
    openMsMax: 15_000,
    // 100 channels take 50 s to join.
    readyMsMax: 90_000,
    goodMs: 30_000,
    silentMsMax: 5 * 60_000,
    answerMsMax: 10_000,
    ageMsMax: Infinity,
  },
  joinBounds: { callsMax: 20, perMs: 10_000 },
  joinMsMax: 10_000,
};

/** Batches of live chat until the signal aborts. */
export async function* twitchLive(
  context: SourceContext,
  { decode, options }: { decode: Decode; options: TwitchLiveOptions },
): AsyncGenerator<readonly Decoded[]> {
  const { monitor, signal, clock, random, config: { twitch } } = context;
  if (twitch.channels.length === 0) {
    throw new UserError("usage", {
      cause: "Cannot read Twitch chat: no channel is named",
      fix: "set TWITCH_CHANNEL to one or more names, separated by commas",
    });
  }
  const queue = new FrameQueue<string>(monitor, { unitsOf: (line) => line.length });
  const stop = new AbortController();
  const ending = AbortSignal.any([signal, stop.signal]);
  const fatal: { error: UserError | null } = { error: null };
  const { nickname, oauthToken } = twitch;
  const session: SessionOptions = {
    channels: ownNames(twitch.channels, context.shard ?? wholeShard, "TWITCH_CHANNEL"),
    account: nickname === undefined || oauthToken === undefined ? undefined : { nickname, oauthToken },
    guestName: `justinfan${10_000 + Math.floor(random.next() * 80_000)}`,
    joins: new RateLimit(clock, options.joinBounds),
    joinMsMax: options.joinMsMax,
    clock,
    signal: ending,
    monitor,
    onFatal: (error) => {
      fatal.error = error;
      stop.abort();
    },
  };
  const connection = keepConnected({
    url: twitch.ircUrl,
    open: options.open,
    clock,
    random,
    signal: ending,
    monitor,
    times: options.times,
    probe: "PING :tidemark",
    ...listener(session, queue),
  }).finally(() => queue.close());
  // Seen below, when what is queued was handed over; until then it must not end the process.
  connection.catch(() => {});
  try {
    const once = withoutRepeats();
    for await (const lines of queue.batches(ending)) yield lines.map((line) => once(decode(line)));
    await connection;
    if (fatal.error !== null) throw fatal.error;
  } finally {
    stop.abort();
    await Promise.allSettled([connection]);
  }
}

/** What is done with each connection: its talk is kept, its lines go into the queue. */
function listener(session: SessionOptions, queue: FrameQueue<string>) {
  const sessions = new WeakMap<LiveSocket, TwitchSession>();
  return {
    onOpen: (socket: LiveSocket) => void sessions.set(socket, new TwitchSession(socket, session)),
    onFrame: (text: string, socket: LiveSocket) => {
      for (const line of text.split("\r\n")) {
        if (line === "") continue;
        sessions.get(socket)?.hear(line);
        queue.push(line);
      }
    },
  };
}

/** While two connections overlap (after a RECONNECT) both bring the same lines. */
function withoutRepeats(): (decoded: Decoded) => Decoded {
  const recent = new RecentIds();
  return (decoded) => {
    const first = decoded.kind === "dead" ? undefined : decoded.events?.[0];
    if (first === undefined) return decoded;
    const { event_id: id } = first.value as { event_id: string };
    return recent.isNew(id) ? decoded : ignored("repeat");
  };
}
