import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { GatewayContext } from '../context.ts';
import { sendPassing } from '../outbox.ts';
import type { InCall } from '../session.ts';

const RELAYED_REACTION = { event: 'relayed', kind: 'reaction' } as const;

/**
 * Relays a reaction to the other users of the call. A user without a socket misses the reaction,
 * and so does a user who hasn't yet rejoined on a new page.
 */
export function relayReaction(
  context: GatewayContext,
  { call, seat }: InCall,
  message: ClientMessageOf<'call.react'>,
): void {
  const { match, epoch, reaction } = message;
  for (const { session, transcript } of call.seat(seat).others) {
    if (transcript.state === 'away') continue;
    sendPassing(context, session, { type: 'call.reaction', match, epoch, reaction });
  }
  context.ports.observer.observe(RELAYED_REACTION);
}
