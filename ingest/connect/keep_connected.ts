/**
 * Keeps a feed of a websocket alive: connects again after each end, with a back-off; notices silence; and changes to a
 * new connection before the old one is cut where that is known to come, the two overlapping.
 *
 * ```
 * connect ─▶ ready ─▶ frames … ─▶ cut, silence                      ─▶ back-off ─▶ connect
 *                              └▶ retire, age: a successor connects ─▶ ready ─▶ the old one is closed
 * ```
 * @module
 */
import type { Clock, Random } from "../../core/clock.ts";
import type { SourceMonitor } from "../monitor.ts";
import { type BackOff, backOffMs } from "./back_off.ts";
import { LiveSocket, type OpenSocket, type SocketOptions } from "./live_socket.ts";

/** Times of a feed. */
export interface KeepTimes {
  readonly backOff: BackOff;
  /** From the start of a connection until it must be ready. */
  readonly readyMsMax: number;
  /** A connection that lived shorter counts as a failed try for the back-off. */
  readonly goodMs: number;
  /** Silence after which the server is asked for a sign of life, and how long that may take. */
  readonly silentMsMax: number;
  readonly answerMsMax: number;
  /** Age at which a connection is replaced; Infinity = never. */
  readonly ageMsMax: number;
}

/** A feed to keep. */
export interface KeepOptions extends Pick<SocketOptions, "onOpen" | "onFrame"> {
  readonly url: string;
  readonly open: OpenSocket;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly monitor: SourceMonitor;
  readonly times: KeepTimes;
  /** Text that makes the server answer. */
  readonly probe: string;
}

/** Why a connection is left: it ended, or it is to have a successor. */
type Leave = "ended" | "retired";

/** Keeps the feed until the signal aborts. */
export async function keepConnected(options: KeepOptions): Promise<void> {
  const { clock, random, signal, monitor, times } = options;
  let old: LiveSocket | null = null;
  let failures = 0;
  let wasReady = false;
  while (!signal.aborted) {
    if (old === null || old.isOver) monitor.link = "connecting";
    const startMs = clock.nowMs();
    const socket: LiveSocket = new LiveSocket({
      ...options,
      onFrame: (text, from) => {
        monitor.heardMs = clock.nowMs();
        options.onFrame(text, from);
      },
    });
    const leave: Leave = await liveOf(socket, options, () => {
      if (wasReady) monitor.reconnects++;
      wasReady = true;
      old?.close("replaced");
      old = null;
    });
    if (leave === "retired") old = socket;
    if (signal.aborted) break;
    failures = clock.nowMs() - startMs >= times.goodMs ? 0 : failures + 1;
    // A server that shuts down one connection after the other is given time as well.
    if (leave === "ended" || failures > 1) await clock.sleep(backOffMs(times.backOff, { failures, random }), signal);
  }
  (old as LiveSocket | null)?.close("the source ends");
}

/** One connection from its start until it is left; closed unless it is retired. */
async function liveOf(socket: LiveSocket, options: KeepOptions, onReady: () => void): Promise<Leave> {
  const { signal, times, clock, monitor } = options;
  const over = new AbortController();
  const stop = () => socket.close("the source ends");
  signal.addEventListener("abort", stop);
  try {
    const isReady = await Promise.race([
      socket.ready.then(() => true),
      socket.ended.then(() => false),
      clock.sleep(times.readyMsMax, over.signal).then(() => false),
    ]);
    if (!isReady) {
      monitor.trouble = `cannot connect to ${new URL(options.url).host}: ${
        socket.isOver ? await socket.ended : `not ready within ${times.readyMsMax / 1_000} s`
      }`;
      socket.close("not ready");
      return "ended";
    }
    monitor.link = "live";
    monitor.trouble = null;
    onReady();
    return await watch(socket, options, over.signal);
  } finally {
    over.abort();
    signal.removeEventListener("abort", stop);
  }
}

/** Watches a connection for silence and age until it is left. */
async function watch(
  socket: LiveSocket,
  { clock, times, probe, monitor }: KeepOptions,
  over: AbortSignal,
): Promise<Leave> {
  const retireMs = clock.nowMs() + times.ageMsMax;
  for (;;) {
    const untilSilentMs = Math.max(1, times.silentMsMax - socket.silentMs);
    const untilOldMs = Math.min(retireMs - clock.nowMs(), 2 ** 31 - 1);
    const left = await Promise.race([
      socket.ended.then((): Leave => "ended"),
      socket.retired.then((): Leave => "retired"),
      clock.sleep(Math.min(untilSilentMs, untilOldMs), over).then(() => null),
    ]);
    if (left !== null) return left;
    if (clock.nowMs() >= retireMs) return "retired";
    if (socket.silentMs < times.silentMsMax) continue;
    const askedMs = clock.nowMs();
    socket.send(probe);
    await Promise.race([socket.ended, clock.sleep(times.answerMsMax, over)]);
    if (socket.isOver) return "ended";
    if (socket.heardMs >= askedMs) continue;
    monitor.trouble = `no answer for ${Math.round(socket.silentMs / 1_000)} s, connecting anew`;
    socket.close("silent");
    return "ended";
  }
}
