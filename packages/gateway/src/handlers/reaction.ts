import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { GatewayContext } from '../context.ts';
import { sendPassing } from '../outbox.ts';
import type { InCall } from '../session.ts';

const RELAYED_REACTION = { event: 'relayed', kind: 'reaction' } as const;
const RELAYED_CARD = { event: 'relayed', kind: 'card' } as const;
const RELAYED_EXCHANGE = { event: 'relayed', kind: 'exchange' } as const;

export function relayReaction(
  context: GatewayContext,
  at: InCall,
  { match, epoch, reaction }: ClientMessageOf<'call.react'>,
): void {
  passToOthers(context, at, { type: 'call.reaction', match, epoch, reaction });
  context.ports.observer.observe(RELAYED_REACTION);
}

/** Relays a card. Its seat may be the peer's, because a page repeats the peer's card too. */
export function relayCard(
  context: GatewayContext,
  at: InCall,
  { match, epoch, card }: ClientMessageOf<'call.card'>,
): void {
  passToOthers(context, at, { type: 'call.card', match, epoch, card });
  context.ports.observer.observe(RELAYED_CARD);
}

/** Relays the state of a language exchange. Drops it in a call that is none. */
export function relayExchange(
  context: GatewayContext,
  at: InCall,
  { match, epoch, state }: ClientMessageOf<'call.exchange'>,
): void {
  if (at.call.exchange === null) return;
  passToOthers(context, at, { type: 'call.exchange', match, epoch, state });
  context.ports.observer.observe(RELAYED_EXCHANGE);
}

/**
 * Passes a message to the other users of the call. A user without a socket misses the message, and
 * so does a user who hasn't yet rejoined on a new page.
 */
function passToOthers(
  context: GatewayContext,
  { call, seat }: InCall,
  message: ServerMessageOf<'call.reaction' | 'call.card' | 'call.exchange'>,
): void {
  for (const { session, transcript } of call.seat(seat).others) {
    if (transcript.state !== 'away') sendPassing(context, session, message);
  }
}
