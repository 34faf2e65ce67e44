import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { otherSide } from '../call.ts';
import { renewGate, tellDirect, tellSide } from '../calls.ts';
import type { GatewayContext } from '../context.ts';
import { DIRECT_CHANGES_MAX } from '../limits.ts';
import type { Seat } from '../session.ts';

const RELAYED_MEDIA = { event: 'relayed', kind: 'media' } as const;

/** What this person's devices and cover do, for the other to know. */
export function relayMediaState(
  context: GatewayContext,
  { call, side }: Seat,
  message: ClientMessageOf<'media.update'>,
): void {
  const { match, epoch, media } = message;
  tellSide(context, call, otherSide(side), 'media.updated', { match, epoch, media });
  context.ports.observer.observe(RELAYED_MEDIA);
}

/**
 * One person's yes or no to a direct connection. When that changes what both allow, each side's
 * candidates go by another policy; a few times only, since new gates count anew.
 */
export function consentToDirect(
  context: GatewayContext,
  { call, side }: Seat,
  { allowed }: ClientMessageOf<'direct.consent'>,
): void {
  const at = call.side(side);
  const isAsked = context.config.relayMode === 'until-consent' && at.gate !== null;
  if (!isAsked || at.allowsDirect === allowed) return;
  const wasAgreed = call.isDirectAgreed;
  if (allowed && call.directChanges >= DIRECT_CHANGES_MAX) return;
  at.allowsDirect = allowed;
  if (call.isDirectAgreed !== wasAgreed) {
    call.directChanges += 1;
    renewGate(context, call, 'a');
    renewGate(context, call, 'b');
  }
  tellDirect(context, call);
}

/** The person sees the other, for the first time in this call. */
export function noteFirstFrame(
  context: GatewayContext,
  { call, side }: Seat,
  { elapsedMs, way }: ClientMessageOf<'call.first-frame'>,
): void {
  const at = call.side(side);
  if (at.hasFirstFrame) return;
  at.hasFirstFrame = true;
  context.ports.observer.observe({ event: 'first-frame', elapsedMs, way });
}
