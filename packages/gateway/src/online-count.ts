import type { GatewayContext } from './context.ts';
import {
  ONLINE_COUNT_EVERY_MS,
  ONLINE_NOTIFIED_AT_ONCE,
  ONLINE_NOTIFIED_EVERY_MS,
} from './limits.ts';
import { sendPassing } from './outbox.ts';
import type { Session } from './session.ts';

/**
 * Sends the number of online users in batches, because twenty thousand writes in one event-loop
 * turn would delay all messages.
 */
export class OnlineCount {
  #online = 0;
  #nextRoundAtMs: number;
  /** Sessions still to be told the online count in this round. Null between rounds. */
  #left: Iterator<Session, undefined> | null = null;

  constructor(startedAtMs: number) {
    this.#nextRoundAtMs = startedAtMs + ONLINE_COUNT_EVERY_MS;
  }

  get firstAtMs(): number {
    return this.#nextRoundAtMs;
  }

  /**
   * Tells the online count to the next batch of sessions.
   * @param count returns the number of users with a socket; called at the start of a round
   * @returns the time of the next batch
   */
  tell(context: GatewayContext, count: () => number): number {
    const nowMs = context.now.monotonicMs;
    if (this.#left === null) {
      this.#nextRoundAtMs = nowMs + ONLINE_COUNT_EVERY_MS;
      this.#online = count();
      // The iterator includes sessions that are added during the round and skips removed ones.
      this.#left = context.sessions.values();
    }
    for (let told = 0; told < ONLINE_NOTIFIED_AT_ONCE; ) {
      const next = this.#left.next();
      if (next.done === true) {
        this.#left = null;
        return Math.max(this.#nextRoundAtMs, nowMs + ONLINE_NOTIFIED_EVERY_MS);
      }
      const session = next.value;
      if (session.connection === null || session.onlineTold === this.#online) continue;
      session.onlineTold = this.#online;
      sendPassing(context, session, { type: 'online.count', online: this.#online });
      told += 1;
    }
    return nowMs + ONLINE_NOTIFIED_EVERY_MS;
  }
}
