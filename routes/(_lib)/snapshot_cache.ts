/**
 * Snapshots, encoded once and shared by the clients that come at about the same time: after a restart all come at once.
 * @module
 */
import type { HubClient } from "./hub_client.ts";
import { readRecent } from "./recent.ts";
import type { Services } from "./state.ts";
import { encodeEvent, type UpdateRing } from "./update_ring.ts";

/** A snapshot ready to be sent. */
export interface Snapshot {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Number of the first update after it. */
  readonly cursor: number;
}

interface Held {
  readonly atMs: number;
  readonly cursor: number;
  readonly snapshot: Promise<Snapshot>;
}

/** Sets of channels that are remembered. */
const ENTRIES_MAX = 32;

/** Reads snapshots, at most one per set of channels and span of time. */
export class SnapshotCache {
  readonly #services: Services;
  readonly #ring: UpdateRing;
  readonly #ageMaxMs: number;
  readonly #held = new Map<string, Held>();

  constructor(services: Services, ring: UpdateRing, { ageMaxMs }: { readonly ageMaxMs: number }) {
    this.#services = services;
    this.#ring = ring;
    this.#ageMaxMs = ageMaxMs;
  }

  /** A snapshot for a client, not older than the place that it has lost; rejects when the store fails. */
  read({ channels, channelsKey, cursor: lost }: HubClient): Promise<Snapshot> {
    const nowMs = this.#services.clock.nowMs();
    const held = this.#held.get(channelsKey);
    const isYoung = held !== undefined && nowMs - held.atMs <= this.#ageMaxMs;
    if (isYoung && held.cursor >= Math.max(lost, this.#ring.oldest)) return held.snapshot;
    // Taken before reading: what is published meanwhile is sent after the snapshot, at worst twice.
    const [id, cursor] = [this.#ring.lastId, this.#ring.end];
    const snapshot = readRecent(this.#services, { channels: [...channels] }).then((updates) => ({
      bytes: encodeEvent({ id, name: "snapshot", data: { last_id: id, updates } }),
      cursor,
    }));
    snapshot.catch(() => this.#held.delete(channelsKey)); // the next one tries again
    const [oldest] = this.#held.keys();
    if (this.#held.size >= ENTRIES_MAX && oldest !== undefined) this.#held.delete(oldest);
    this.#held.set(channelsKey, { atMs: nowMs, cursor, snapshot });
    return snapshot;
  }
}
