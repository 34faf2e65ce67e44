import type { CallCount } from '@farandole/gateway/sizes';
import { RELAY_ESTIMATED_EVERY_MS } from '../limits.ts';

/** Bit rate of each user of a video call, as in docs/capacity.md. */
const USER_KBPS = 1_000;
const USERS = 2;

/**
 * Estimates the relayed bytes. The server never sees the media, so it counts seconds of calls. Only
 * calls with pictures report their route.
 */
export class RelayEstimate {
  readonly #calls: () => readonly CallCount[];
  readonly #callBytesPerS: number;
  #bytes = 0;
  #atMonotonicMs: number | null = null;

  /** @param kbpsMax limit of what a user sends through the relay, in kb/s; null without a limit */
  constructor(calls: () => readonly CallCount[], kbpsMax: number | null) {
    this.#calls = calls;
    this.#callBytesPerS = (USERS * Math.min(USER_KBPS, kbpsMax ?? USER_KBPS) * 1_000) / 8;
  }

  get bytes(): number {
    return Math.round(this.#bytes);
  }

  tick(monotonicMs: number): void {
    const passedMs = monotonicMs - (this.#atMonotonicMs ??= monotonicMs);
    if (passedMs < RELAY_ESTIMATED_EVERY_MS) return;
    this.#atMonotonicMs = monotonicMs;
    const relayed = this.#calls()
      .filter(({ mode, route }) => mode === 'video' && route === 'relay')
      .reduce((sum, { calls }) => sum + calls, 0);
    this.#bytes += (relayed * this.#callBytesPerS * passedMs) / 1_000;
  }
}
