import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Call } from '../call.ts';
import { callReceipt, callTransport, mayHaveVideo, renewGate, tellSide } from '../calls.ts';
import type { GatewayContext } from '../context.ts';
import { VIDEO_OFFERS_MAX } from '../limits.ts';
import { send } from '../outbox.ts';
import type { Seat, Session } from '../session.ts';

type VideoConsent = ClientMessageOf<'video.consent'>;
type Refusal = ServerMessageOf<'video.refused'>['reason'];

/**
 * One person's yes or no to going on by video. The second yes turns the call for both in this
 * turn; a no, whoever says it, takes back what both have said.
 */
export function consentToVideo(context: GatewayContext, seat: Seat, message: VideoConsent): void {
  const { call, side } = seat;
  const [at, across] = [call.side(side), call.across(side)];
  // The other's yes has crossed this one: the call is by video already.
  if (context.carriesMedia(call.mode)) return;
  if (!message.allowed) {
    if (!at.allowsVideo && !across.allowsVideo) return;
    at.allowsVideo = false;
    across.allowsVideo = false;
    tellVideo(context, call);
    return;
  }
  if (at.allowsVideo) return;
  const reason = refusalOf(context, seat, message);
  if (reason !== null) {
    const { match, epoch } = call;
    send(context, at.session, 'video.refused', { match, epoch, reason });
    return;
  }
  at.allowsVideo = true;
  if (across.allowsVideo) {
    startVideo(context, call);
  } else {
    at.videoOffers += 1;
    tellVideo(context, call);
  }
}

/** What a search by video asks for, asked again; and nobody is begged without end. */
function refusalOf(
  context: GatewayContext,
  { call, side }: Seat,
  { policyVersion }: VideoConsent,
): Refusal | null {
  if (policyVersion !== context.config.policyVersion) return 'policy-changed';
  if (!mayHaveVideo(context, call)) return 'age-required';
  // Neither may have it now, and asking again helps nobody; whose doing it is, is not said.
  const isKept = (of: Session): boolean => context.standingOf(of).may !== 'meet';
  if (isKept(call.side(side).session) || isKept(call.across(side).session)) return 'too-often';
  const isAnswer = call.across(side).allowsVideo;
  return isAnswer || call.side(side).videoOffers < VIDEO_OFFERS_MAX ? null : 'too-often';
}

function startVideo(context: GatewayContext, call: Call): void {
  call.mode = 'video';
  const { match, epoch } = call;
  for (const side of ['a', 'b'] as const) {
    call.side(side).hasOffered = false;
    renewGate(context, call, side);
  }
  for (const side of ['a', 'b'] as const) {
    send(context, call.side(side).session, 'video.started', {
      match,
      epoch,
      ...callTransport(context, call),
      receipt: callReceipt(context, call, side),
    });
  }
  context.ports.observer.observe({ event: 'video-started', match });
}

function tellVideo(context: GatewayContext, call: Call): void {
  const { match, epoch } = call;
  for (const side of ['a', 'b'] as const) {
    const you = call.side(side).allowsVideo;
    const stranger = call.across(side).allowsVideo;
    tellSide(context, call, side, 'video.updated', { match, epoch, you, stranger });
  }
}
