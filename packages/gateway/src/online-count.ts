import type { GatewayContext } from './context.ts';
import { ONLINE_COUNT_EVERY_MS, ONLINE_TOLD_AT_ONCE, ONLINE_TOLD_EVERY_MS } from './limits.ts';
import { sendPassing } from './outbox.ts';
import type { Session } from './session.ts';

/**
 * Tells everybody how many people are online, when that has changed, some of them at a time: to
 * write to twenty thousand sockets in one turn would keep everybody's lines waiting meanwhile.
 */
export class OnlineCount {
  #online = 0;
  #nextRoundAtMs: number;
  /** Those who are not told yet, in this round; null between two rounds. */
  #left: Iterator<Session, undefined> | null = null;

  /** @param startedAtMs after which the first round begins */
  constructor(startedAtMs: number) {
    this.#nextRoundAtMs = startedAtMs + ONLINE_COUNT_EVERY_MS;
  }

  /** When `tell` is to be called first. */
  get firstAtMs(): number {
    return this.#nextRoundAtMs;
  }

  /**
   * Tells the next of them.
   *
   * @param count of people who have a socket now; asked at the beginning of a round
   * @returns when to go on
   */
  tell(context: GatewayContext, count: () => number): number {
    const nowMs = context.now.monotonicMs;
    if (this.#left === null) {
      this.#nextRoundAtMs = nowMs + ONLINE_COUNT_EVERY_MS;
      this.#online = count();
      // Whoever comes meanwhile is told too, and whoever goes is not waited for.
      this.#left = context.sessions.values();
    }
    for (let told = 0; told < ONLINE_TOLD_AT_ONCE; ) {
      const next = this.#left.next();
      if (next.done === true) {
        this.#left = null;
        return Math.max(this.#nextRoundAtMs, nowMs + ONLINE_TOLD_EVERY_MS);
      }
      const session = next.value;
      if (session.connection === null || session.onlineTold === this.#online) continue;
      session.onlineTold = this.#online;
      sendPassing(context, session, { type: 'online.count', online: this.#online });
      told += 1;
    }
    return nowMs + ONLINE_TOLD_EVERY_MS;
  }
}
