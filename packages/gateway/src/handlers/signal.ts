import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { tellSeat } from '../calls.ts';
import type { GatewayContext } from '../context.ts';
import { send } from '../outbox.ts';
import type { InCall } from '../session.ts';
import { isUfrag } from '../signal-policy/candidate.ts';
import { mediaKindsOf } from '../signal-policy/media-kinds.ts';
import { filterSdp } from '../signal-policy/sdp.ts';

type Description = ClientMessageOf<'signal.offer'> | ClientMessageOf<'signal.answer'>;

const RELAYED_SIGNAL = { event: 'relayed', kind: 'signal' } as const;
const MID = /^[A-Za-z0-9_-]{1,16}$/;

/**
 * Relays an SDP offer. The first offer must come from the offerer, and later offers may come
 * from either user.
 */
export function relayOffer(
  context: GatewayContext,
  inCall: InCall,
  message: ClientMessageOf<'signal.offer'>,
): void {
  if (isOutdated(inCall, message)) return;
  const { call, seat } = inCall;
  const isFirst = !call.seats.some(({ hasOffered }) => hasOffered);
  if (isFirst && seat !== call.offerer) {
    refuseDescription(context, inCall, 'wrong-role', 'wrong-role');
    return;
  }
  if (relayDescription(context, inCall, message, 'offer')) call.seat(seat).hasOffered = true;
}

/** Relays an SDP answer. Refuses an answer if the peer sent no offer. */
export function relayAnswer(
  context: GatewayContext,
  inCall: InCall,
  message: ClientMessageOf<'signal.answer'>,
): void {
  if (isOutdated(inCall, message)) return;
  if (inCall.call.seat(inCall.seat).others.some(({ hasOffered }) => hasOffered)) {
    relayDescription(context, inCall, message, 'answer');
  } else {
    refuseDescription(context, inCall, 'wrong-role', 'wrong-role');
  }
}

/**
 * Tells the page that its description exceeds the rate limit. The connection of that description
 * won't be made.
 */
export function refuseDescriptionTooFast(context: GatewayContext, inCall: InCall): void {
  refuseDescription(context, inCall, 'too-fast', 'too-fast');
}

/**
 * Rewrites a description by the pair's policy and relays the result. Returns false if the
 * description is refused.
 */
function relayDescription(
  context: GatewayContext,
  inCall: InCall,
  message: Description,
  type: 'offer' | 'answer',
): boolean {
  const { call, seat } = inCall;
  const { gate } = call.seat(seat);
  if (gate === null) {
    refuseDescription(context, inCall, 'bad-description', 'no-media');
    return false;
  }
  const kinds = mediaKindsOf(context.modeRules(call.mode));
  const filtered = filterSdp(message.sdp, { type, gate, candidates: 'gate', kinds });
  if (!filtered.ok) {
    refuseDescription(context, inCall, 'bad-description', filtered.reason);
    return false;
  }
  for (const reason of filtered.value.candidateRefusals) {
    context.ports.observer.observe({ event: 'signal-dropped', reason });
  }
  const { match, epoch } = call;
  const { sdp } = filtered.value;
  tellSeat(context, call.across(seat), `signal.${type}`, { match, epoch, sdp });
  context.ports.observer.observe(RELAYED_SIGNAL);
  return true;
}

/** Rewrites and relays an ICE candidate. Silently drops a candidate that the policy forbids. */
export function relayCandidate(
  context: GatewayContext,
  inCall: InCall,
  message: ClientMessageOf<'signal.candidate'>,
): void {
  if (isOutdated(inCall, message)) return;
  const { call, seat } = inCall;
  const { gate } = call.seat(seat);
  const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = message.candidate;
  if (gate === null || (sdpMid !== null && !MID.test(sdpMid))) {
    context.ports.observer.observe({ event: 'signal-dropped', reason: 'malformed' });
    return;
  }
  const passed = gate.pass(candidate);
  if (!passed.ok) {
    context.ports.observer.observe({ event: 'signal-dropped', reason: passed.reason });
    return;
  }
  const hasUfrag = typeof usernameFragment === 'string' && isUfrag(usernameFragment);
  const { match, epoch } = call;
  tellSeat(context, call.across(seat), 'signal.candidate', {
    match,
    epoch,
    candidate: {
      candidate: passed.value,
      sdpMid,
      sdpMLineIndex,
      ...(hasUfrag ? { usernameFragment } : {}),
    },
  });
  context.ports.observer.observe(RELAYED_SIGNAL);
}

/**
 * Whether a signal belongs to the media connection of an earlier mode of the call. Such a signal
 * was sent before its page learned of the new mode. A page of an earlier version names no step.
 */
function isOutdated({ call }: InCall, { step }: { readonly step?: number }): boolean {
  return step !== undefined && step !== call.step;
}

function refuseDescription(
  context: GatewayContext,
  { call, seat }: InCall,
  reason: ServerMessageOf<'signal.refused'>['reason'],
  detail: string,
): void {
  const { match, epoch } = call;
  send(context, call.seat(seat).session, 'signal.refused', { match, epoch, reason });
  context.ports.observer.observe({ event: 'signal-dropped', reason: detail });
}
