import type { ServerMessage } from '@farandole/protocol/server-message';
import type { Expectation } from './expectation.ts';
import { check } from './violation.ts';

/** The frames that one page received, and the outcomes that its dishonest frames must have. */
export class PageLog {
  readonly subject: string;
  readonly deviceKey: string;
  /** The outcomes required for frames that no honest page sends, by the text of the frame. */
  readonly expects = new Map<string, Expectation>();
  /** Number of the last sequenced frame that the page received. */
  #taken = 0;
  readonly #epochs = new Map<string, number>();

  constructor(subject: string, deviceKey: string) {
    this.subject = subject;
    this.deviceKey = deviceKey;
  }

  /**
   * Records that a frame reaches the page. Checks I6, that frames arrive in order, and I7, that
   * the epochs of a call increase.
   * @returns whether the page gets the frame for the first time
   */
  hears(message: ServerMessage): boolean {
    if (message.type === 'session.opened') this.#taken = 0;
    if ('seq' in message) {
      if (message.seq <= this.#taken) return false;
      this.#taken += 1;
      const isNext = message.seq === this.#taken;
      check(isNext, 'I6', `${this.subject} got frame ${message.seq}, not ${this.#taken}`);
    }
    if (message.type !== 'match.found' && message.type !== 'call.restored') return true;
    const { match, epoch } = message;
    const isLater = epoch > (this.#epochs.get(match) ?? 0);
    check(isLater, 'I7', `${this.subject} hears that ${match} goes on under epoch ${epoch} again`);
    this.#epochs.set(match, epoch);
    return true;
  }
}
