import { CREDIT_LIMITS } from '@farandole/gateway/limits';

/**
 * Burst and rate of a page's lines. Below the node's limit, because queued lines arrive together
 * after a resume.
 */
const BURST = CREDIT_LIMITS.chat.burst - 2;
const EVERY_MS = CREDIT_LIMITS.chat.everyMs * 1.25;

/** Keeps a page below the node's rate limit, in real time, as the node counts. */
export class LineAllowance {
  #tokens = BURST;
  #atMs = performance.now();

  take(): boolean {
    const nowMs = performance.now();
    this.#tokens = Math.min(BURST, this.#tokens + (nowMs - this.#atMs) / EVERY_MS);
    this.#atMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
