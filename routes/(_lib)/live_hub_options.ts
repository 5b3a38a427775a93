/**
 * Bounds, times and counters of the hub.
 * @module
 */

/** Bounds and times of a hub. */
export interface LiveHubOptions {
  readonly clientsMax?: number;
  readonly heartbeatMs?: number;
  /** Time between looks at the status, which is sent when it has changed. */
  readonly statusMs?: number;
  /** Time between looks at viewers and money around the newest moments, which are sent when they have changed. */
  readonly contextMs?: number;
  /** Updates of this span travel together. */
  readonly flushDelayMs?: number;
  /** How far a client without room may fall behind before it loses its place. */
  readonly behindUpdatesMax?: number;
  readonly behindBytesMax?: number;
  /** A client that takes nothing for so long is closed. */
  readonly stallMaxMs?: number;
  /** A snapshot is shared by the clients that come within this time. */
  readonly snapshotAgeMaxMs?: number;
  /** Updates kept for a resume. */
  readonly historyUpdatesMax?: number;
  readonly historyBytesMax?: number;
}

/** What a hub has done since it was made; `clients` is how many there are now. */
export interface LiveHubCounters {
  clients: number;
  connected: number;
  /** Turned away since there were too many. */
  refused: number;
  resumed: number;
  snapshots: number;
  gaps: number;
  /** Clients that lost their place by reading too slowly. */
  behind: number;
  /** Clients closed after a long stall. */
  stalled: number;
  updates: number;
  bytes: number;
  feedFailures: number;
  storeFailures: number;
  /** The last failure of feed or store, for people. */
  failure: string | null;
}

/** What an option is where it is not given. */
export const liveHubDefaults: Required<LiveHubOptions> = {
  clientsMax: 1_000,
  heartbeatMs: 15_000,
  statusMs: 1_000,
  contextMs: 15_000,
  flushDelayMs: 20,
  behindUpdatesMax: 2_000,
  behindBytesMax: 1_048_576,
  stallMaxMs: 120_000,
  snapshotAgeMaxMs: 1_000,
  historyUpdatesMax: 10_000,
  historyBytesMax: 16_777_216,
};

/** Counters of a new hub. */
export const zeroCounters = (): LiveHubCounters => ({
  clients: 0,
  connected: 0,
  refused: 0,
  resumed: 0,
  snapshots: 0,
  gaps: 0,
  behind: 0,
  stalled: 0,
  updates: 0,
  bytes: 0,
  feedFailures: 0,
  storeFailures: 0,
  failure: null,
});
