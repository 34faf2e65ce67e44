import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { INVITATION_LIFETIME_MS } from '@farandole/protocol/limits';
import { readReceipt } from './fake-call.ts';
import type { FakeNode, FakeSession } from './fake-node.ts';

/** The invitations of the fake node. It checks only whether one was withdrawn or has expired. */
export class FakeInvitations {
  readonly #node: FakeNode;
  readonly #over = new Set<string>();
  #made = 0;
  answer: 'accept' | 'refuse' | 'silence' = 'accept';

  constructor(node: FakeNode) {
    this.#node = node;
  }

  /** @param withdrawn called with the token of a withdrawn invitation */
  take(
    session: FakeSession,
    message: ClientMessageOf<'invitation.create' | 'invitation.withdraw'>,
    withdrawn: (token: string) => void,
  ): void {
    if (message.type === 'invitation.withdraw') {
      this.end(message.invitation);
      withdrawn(message.invitation);
      return;
    }
    if (this.answer === 'silence') return;
    const { id } = message;
    if (this.answer === 'refuse') {
      this.#node.send(session, { type: 'invitation.refused', id });
      return;
    }
    this.#made += 1;
    const invitation = `invitation-token-${String(this.#made).padStart(4, '0')}`;
    const endsAtMs = 1_800_000_000_000 + INVITATION_LIFETIME_MS;
    this.#node.send(session, { type: 'invitation.created', id, invitation, endsAtMs });
  }

  end(token: string): void {
    this.#over.add(token);
  }

  isOver({ meeting }: ClientMessageOf<'ticket.create'>): boolean {
    return meeting !== undefined && this.#over.has(meeting.token);
  }
}

/** Two tickets match only if their keys are equal. */
export function meetingKeyOf({ meeting }: ClientMessageOf<'ticket.create'>): string | null {
  if (meeting === undefined) return null;
  return meeting.by === 'again' ? readReceipt(meeting.token).match : meeting.token;
}
