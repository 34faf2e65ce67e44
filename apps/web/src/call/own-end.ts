import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { RESTORE_WINDOW_MS } from '@farandole/protocol/limits';
import type { Outgoing } from '../signal/frame-stream.ts';
import { type CallEvent, type CallState, isInCall, type Step } from './call-state.ts';

type CallEnd = Outgoing & Pick<ClientMessageOf<'call.end'>, 'type' | 'match' | 'receipt'>;

/**
 * Remembers that the user ended a call, until the peer has surely learned of it. A node that died
 * before the end reached it doesn't know the end. A node that died just after may have told only this
 * page. In both cases the peer would wait for the call to be restored.
 */
export class OwnEnd {
  #latest: CallEnd | null = null;
  /** When the node confirmed the end, or this page repeated it first. Null before. */
  #saidAtMs: number | null = null;

  /** Called when another tab continues the call, which then hasn't ended for the node. */
  forget(): void {
    this.#latest = null;
  }

  /**
   * Called after each step of the call machine.
   *
   * @returns the message to repeat with the call's receipt in a new session, or null
   */
  follow(before: CallState, event: CallEvent, { effects }: Step, nowMs: number): CallEnd | null {
    const isOld = nowMs - (this.#saidAtMs ?? nowMs) >= RESTORE_WINDOW_MS;
    const repeated = event.event === 'session-opened' && !isOld ? this.#latest : null;
    const isConfirmed =
      event.event === 'message' &&
      event.message.type === 'call.ended' &&
      event.message.match === this.#latest?.match;
    if (isConfirmed) this.#saidAtMs = nowMs;
    // The node of this session may die too, so a later session repeats the end again.
    if (event.event === 'session-opened') this.#saidAtMs ??= nowMs;
    if (!isInCall(before)) return repeated;
    const { match, receipt } = before.call;
    for (const effect of effects) {
      if (effect.effect !== 'send' || effect.message.type !== 'call.end') continue;
      if (effect.message.match !== match) continue;
      this.#latest = { ...effect.message, receipt };
      this.#saidAtMs = null;
    }
    return repeated;
  }
}
