import { CREDIT_LIMITS } from '@farandole/gateway/limits';

/**
 * Lines that a page says at once, and how often one more: below what the node allows, since lines
 * that were kept while a socket was lost arrive together.
 */
const BURST = CREDIT_LIMITS.chat.burst - 2;
const EVERY_MS = CREDIT_LIMITS.chat.everyMs * 1.25;

/** Keeps one page below the node's limit of lines, in the machine's own time, as the node counts. */
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
