/**
 * Viewers and money after a moment are known minutes after it was told: the newest moments are read again now and then,
 * once for all clients of a process.
 * @module
 */
import { readRecent } from "./recent.ts";
import type { Services } from "./state.ts";
import { encodeEvent } from "./update_ring.ts";

/** The newest moments with what was around them, ready to be sent. */
export class MomentContexts {
  readonly #services: Services;
  readonly #everyMs: number;
  #readMs = -Infinity;
  #isReading = false;
  #text = "";
  #bytes: Uint8Array<ArrayBuffer> | null = null;
  #version = 0;

  constructor(services: Services, { everyMs }: { readonly everyMs: number }) {
    this.#services = services;
    this.#everyMs = everyMs;
  }

  /** Rises whenever there is something else to send; 0 = nothing yet. */
  get version(): number {
    return this.#version;
  }

  /** Event `refresh` of the version; null before the first. */
  get bytes(): Uint8Array<ArrayBuffer> | null {
    return this.#bytes;
  }

  /** Reads them if it is time, and not while it is being done; rejects when the store fails. */
  async refresh(): Promise<void> {
    const nowMs = this.#services.clock.nowMs();
    if (this.#isReading || nowMs - this.#readMs < this.#everyMs) return;
    this.#isReading = true;
    this.#readMs = nowMs;
    try {
      const updates = await readRecent(this.#services, { channels: ["moments"] });
      const text = JSON.stringify(updates);
      if (text === this.#text || updates.length === 0) return;
      this.#text = text;
      this.#bytes = encodeEvent({ name: "refresh", data: { updates } });
      this.#version++;
    } finally {
      this.#isReading = false;
    }
  }
}
