import type { CallCount } from '@farandole/gateway/sizes';
import { RELAY_ESTIMATED_EVERY_MS } from '../limits.ts';

/**
 * Bytes per second that a relay passes on for both users of a video call: 1 Mb/s for each, as in
 * docs/capacity.md. Only calls with pictures report their route.
 */
const VIDEO_CALL_BYTES_PER_S = 250_000;

/** Estimates the relayed bytes. The server never sees the media, so it counts seconds of calls. */
export class RelayEstimate {
  readonly #calls: () => readonly CallCount[];
  #bytes = 0;
  #atMonotonicMs: number | null = null;

  constructor(calls: () => readonly CallCount[]) {
    this.#calls = calls;
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
    this.#bytes += (relayed * VIDEO_CALL_BYTES_PER_S * passedMs) / 1_000;
  }
}
