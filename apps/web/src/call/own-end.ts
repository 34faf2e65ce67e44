import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Outgoing } from '../signal/frame-stream.ts';
import { type CallEvent, type CallState, isInCall, type Step } from './call-state.ts';

type CallEnd = Outgoing & Pick<ClientMessageOf<'call.end'>, 'type' | 'match' | 'receipt'>;

/**
 * Remembers that the user ended a call, until the node has confirmed it. A node that died before
 * doesn't know it, and the peer would wait for the call to be restored.
 */
export class OwnEnd {
  #unconfirmed: CallEnd | null = null;

  /** Called when another tab continues the call, which then hasn't ended for the node. */
  forget(): void {
    this.#unconfirmed = null;
  }

  /**
   * Called after each step of the call machine.
   *
   * @returns the message to repeat with the call's receipt in a new session, or null
   */
  follow(before: CallState, event: CallEvent, { effects }: Step): CallEnd | null {
    const repeated = event.event === 'session-opened' ? this.#unconfirmed : null;
    const isConfirmed =
      event.event === 'message' &&
      event.message.type === 'call.ended' &&
      event.message.match === this.#unconfirmed?.match;
    if (repeated !== null || isConfirmed) this.#unconfirmed = null;
    if (!isInCall(before)) return repeated;
    const { match, receipt } = before.call;
    for (const effect of effects) {
      if (effect.effect !== 'send' || effect.message.type !== 'call.end') continue;
      if (effect.message.match === match) this.#unconfirmed = { ...effect.message, receipt };
    }
    return repeated;
  }
}
