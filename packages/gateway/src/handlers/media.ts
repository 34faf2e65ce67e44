import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { renewGates, tellDirect, tellOthers } from '../calls.ts';
import type { GatewayContext } from '../context.ts';
import { DIRECT_CHANGES_MAX } from '../limits.ts';
import type { InCall } from '../session.ts';

const RELAYED_MEDIA = { event: 'relayed', kind: 'media' } as const;

export function relayMediaState(
  context: GatewayContext,
  { call, seat }: InCall,
  message: ClientMessageOf<'media.update'>,
): void {
  // No user of a group has a camera or microphone in the call.
  if (call.seats.length > 2) return;
  const { match, epoch, media } = message;
  tellOthers(context, call, seat, 'media.updated', { match, epoch, media });
  context.ports.observer.observe(RELAYED_MEDIA);
}

/**
 * Handles a user's answer to a direct connection. If the transport of the call changes, all
 * candidate filters are renewed. The number of changes is limited, because a new filter resets
 * the candidate counts.
 */
export function consentToDirect(
  context: GatewayContext,
  { call, seat }: InCall,
  { allowed }: ClientMessageOf<'direct.consent'>,
): void {
  const at = call.seat(seat);
  const isAsked = context.config.relayMode === 'until-consent' && at.gate !== null;
  if (!isAsked || at.allowsDirect === allowed) return;
  const wasAgreed = call.isDirectAgreed;
  if (allowed && call.directChanges >= DIRECT_CHANGES_MAX) return;
  at.allowsDirect = allowed;
  if (call.isDirectAgreed !== wasAgreed) {
    call.directChanges += 1;
    call.route = 'unknown';
    renewGates(context, call);
  }
  tellDirect(context, call);
}

export function noteFirstFrame(
  context: GatewayContext,
  { call, seat }: InCall,
  { elapsedMs, way }: ClientMessageOf<'call.first-frame'>,
): void {
  const at = call.seat(seat);
  if (at.hasFirstFrame) return;
  at.hasFirstFrame = true;
  call.seeing.add(seat);
  // One relayed direction makes the relay carry the call.
  if (call.route !== 'relay') call.route = way;
  context.ports.observer.observe({ event: 'first-frame', elapsedMs, way });
}
