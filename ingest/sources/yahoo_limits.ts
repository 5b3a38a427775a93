/**
 * Manners towards Yahoo: how often it is asked, and when it is left alone.
 * @module
 */
import type { Clock } from "../../core/clock.ts";

/** A bucket that refills steadily: bursts up to its size, and in the long run no more than its rate. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #size: number;
  readonly #refillMs: number;
  #tokens: number;
  #sinceMs: number;

  /** @param options how many tokens it holds, and the time after which one more is there. */
  constructor(clock: Clock, { size, refillMs }: { readonly size: number; readonly refillMs: number }) {
    this.#clock = clock;
    this.#size = size;
    this.#refillMs = refillMs;
    this.#tokens = size;
    this.#sinceMs = clock.nowMs();
  }

  /** Takes a token once there is one; false when the signal aborts before. One caller at a time. */
  async take(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const nowMs = this.#clock.nowMs();
      // A clock that was set back gives no tokens.
      this.#tokens = Math.min(this.#size, this.#tokens + Math.max(0, nowMs - this.#sinceMs) / this.#refillMs);
      this.#sinceMs = nowMs;
      if (this.#tokens >= 1) {
        this.#tokens--;
        return true;
      }
      await this.#clock.sleep(Math.ceil((1 - this.#tokens) * this.#refillMs), signal);
    }
    return false;
  }
}

/** `open` = nothing is asked; `half-open` = one call decides. */
export type CircuitState = "closed" | "open" | "half-open";

/** Bounds of a circuit breaker. */
export interface CircuitBounds {
  /** Failures in a row that open it. */
  readonly failuresMax: number;
  /** How long it stays open the first time; each failed try doubles it. */
  readonly openMs: number;
  readonly openMsMax: number;
}

/**
 * Stops asking a host that does not answer.
 *
 * ```
 * closed ──failuresMax failures──▶ open ──openMs──▶ half-open ──success──▶ closed
 *                                   ▲                  └──failure──▶ open, twice as long
 * ```
 */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #bounds: CircuitBounds;
  #failures = 0;
  #openMs: number;
  #openUntilMs: number | null = null;

  constructor(clock: Clock, bounds: CircuitBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
    this.#openMs = bounds.openMs;
  }

  /** What it is. */
  get state(): CircuitState {
    if (this.#openUntilMs === null) return "closed";
    return this.#clock.nowMs() < this.#openUntilMs ? "open" : "half-open";
  }

  /** How long nothing is to be asked. */
  get waitMs(): number {
    return this.#openUntilMs === null ? 0 : Math.max(0, this.#openUntilMs - this.#clock.nowMs());
  }

  /** A call has succeeded. */
  succeeded(): void {
    this.#failures = 0;
    this.#openMs = this.#bounds.openMs;
    this.#openUntilMs = null;
  }

  /** A call has failed. */
  failed(): void {
    const { failuresMax, openMsMax } = this.#bounds;
    if (this.#openUntilMs !== null) this.#openMs = Math.min(openMsMax, this.#openMs * 2);
    else if (++this.#failures < failuresMax) return;
    this.#openUntilMs = this.#clock.nowMs() + this.#openMs;
  }
}
