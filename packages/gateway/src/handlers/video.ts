import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Mode } from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Call, CallSeat } from '../call.ts';
import {
  callReceipt,
  callTransport,
  meetAgeOf,
  nextModeOf,
  renewGates,
  tellSeat,
} from '../calls.ts';
import type { GatewayContext } from '../context.ts';
import { VIDEO_OFFERS_MAX } from '../limits.ts';
import { send } from '../outbox.ts';
import type { InCall } from '../session.ts';

type VideoConsent = ClientMessageOf<'video.consent'>;
type VideoRefusal = ServerMessageOf<'video.refused'>['reason'];

/**
 * Handles a user's answer to a video offer. The call switches for all users once each has
 * agreed. A refusal clears every user's agreement.
 */
export function consentToVideo(
  context: GatewayContext,
  inCall: InCall,
  message: VideoConsent,
): void {
  const { call, seat } = inCall;
  const at = call.seat(seat);
  const next = nextModeOf(context, call);
  // The call already has video, because both users agreed at the same time.
  if (next === null) return;
  if (!message.allowed) {
    if (!call.seats.some(({ allowsVideo }) => allowsVideo)) return;
    for (const each of call.seats) each.allowsVideo = false;
    tellVideo(context, call);
    return;
  }
  if (at.allowsVideo) return;
  const reason = refusalOf(context, inCall, next, message);
  if (reason !== null) {
    const { match, epoch } = call;
    send(context, at.session, 'video.refused', { match, epoch, reason });
    return;
  }
  at.allowsVideo = true;
  if (haveAgreed(at.others)) {
    upgradeTo(context, call, next);
  } else {
    at.videoOffers += 1;
    tellVideo(context, call);
  }
}

function haveAgreed(seats: readonly CallSeat[]): boolean {
  return seats.every(({ allowsVideo }) => allowsVideo);
}

/**
 * Returns why the user may not switch to video, or null. Applies the checks of a video search
 * and limits the number of offers.
 */
function refusalOf(
  context: GatewayContext,
  { call, seat }: InCall,
  next: Mode,
  { policyVersion }: VideoConsent,
): VideoRefusal | null {
  if (policyVersion !== context.config.rules.policyVersion) return 'policy-changed';
  if (!meetAgeOf(context.modeRules(next), call)) return 'age-required';
  // One of the users may not use video, so asking again is pointless. The answer must not reveal
  // which user is restricted.
  if (!call.seats.every(({ session }) => context.mayBeIn(session, next))) return 'too-often';
  const { others, videoOffers } = call.seat(seat);
  return haveAgreed(others) || videoOffers < VIDEO_OFFERS_MAX ? null : 'too-often';
}

function upgradeTo(context: GatewayContext, call: Call, mode: Mode): void {
  call.mode = mode;
  const { match, epoch } = call;
  for (const at of call.seats) at.hasOffered = false;
  renewGates(context, call);
  for (const { name, session } of call.seats) {
    send(context, session, 'video.started', {
      match,
      epoch,
      ...callTransport(context, call),
      receipt: callReceipt(context, call, name),
    });
  }
  context.ports.observer.observe({ event: 'video-started', match });
}

function tellVideo(context: GatewayContext, call: Call): void {
  const { match, epoch } = call;
  for (const at of call.seats) {
    const fields = { match, epoch, you: at.allowsVideo, stranger: haveAgreed(at.others) };
    tellSeat(context, at, 'video.updated', fields);
  }
}
