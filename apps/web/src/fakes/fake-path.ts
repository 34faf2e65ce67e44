import type { Clock } from '@farandole/kernel/clock';
import type { StatsReports } from '../call/stats-reports.ts';
import { reportsOf } from './stats.ts';

/**
 * A network path with a packet rate, a delay and a loss rate, which set the numbers in the
 * statistics reports.
 */
export class FakePath {
  perSecond = 100;
  loss = 0.004;
  rttMs = 42;
  jitterMs = 6;
  frozen = 0;
  readonly #clock: Clock;
  #atMs: number;
  #came = 0;
  #lost = 0;
  #frozenMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#atMs = clock.monotonicMs();
  }

  reports(): StatsReports {
    const nowMs = this.#clock.monotonicMs();
    const spanMs = nowMs - this.#atMs;
    this.#atMs = nowMs;
    const packets = (this.perSecond * spanMs) / 1_000;
    this.#came += packets * (1 - this.loss);
    this.#lost += packets * this.loss;
    this.#frozenMs += this.frozen * spanMs;
    return reportsOf({
      rttMs: this.rttMs,
      jitterMs: this.jitterMs,
      packetsReceived: Math.round(this.#came),
      packetsLost: Math.round(this.#lost),
      frozenMs: this.#frozenMs,
      lossOut: null,
      sentHeight: 480,
    });
  }
}
