import type { Prng } from '@farandole/kernel/prng';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { MEET_AGAIN_CALL_MS } from '@farandole/protocol/limits';
import type { ClientCall } from '../support/test-client.ts';

export type MeetingWish = NonNullable<ClientMessageOf<'ticket.create'>['meeting']>;

/** What a user does when a search begins. Null is an ordinary search. */
export type PrivateStep = 'invites' | MeetingWish | null;

const KEPT = 6;
const INVITES_CHANCE = 0.03;
const ACCEPTS_CHANCE = 0.06;

/** Invitations that simulated users sent each other, and who of them wants to meet again. */
export class Letters {
  readonly #sent: string[] = [];

  /** Passes an invitation on to all users. Only the latest invitations are kept. */
  send(invitation: string): void {
    this.#sent.push(invitation);
    if (this.#sent.length > KEPT) this.#sent.shift();
  }

  /**
   * Draws whether a user who begins to search wants a private meeting.
   *
   * @param last the user's latest call and how long ago it began; null if it was used before
   */
  draw(
    prng: Prng,
    last: { readonly call: ClientCall; readonly sinceMs: number } | null,
  ): PrivateStep {
    if (last !== null && last.sinceMs >= MEET_AGAIN_CALL_MS && agreeOn(last.call.match)) {
      return { by: 'again', token: last.call.receipt };
    }
    if (prng.chance(INVITES_CHANCE)) return 'invites';
    if (this.#sent.length === 0 || !prng.chance(ACCEPTS_CHANCE)) return null;
    return { by: 'invitation', token: prng.pick(this.#sent) };
  }
}

/** Whether the two users of a match want to meet again, which they agree on in their call. */
function agreeOn(match: string): boolean {
  return match.charCodeAt(0) % 2 === 0;
}
