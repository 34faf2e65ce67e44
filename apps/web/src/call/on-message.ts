import { assertNever } from '@farandole/kernel/assert';
import {
  type Call,
  type CallMessage,
  type CallState,
  type InCall,
  isInCall,
  type Searching,
  type Step,
} from './call-state.ts';
import {
  connectFailed,
  endByNode,
  isConnecting,
  type Moment,
  open,
  pause,
  search,
  stay,
  upgradeToVideo,
  videoWords,
  withCall,
} from './call-steps.ts';
import { BUSY_RETRY_AFTER_MS, RETRY_AFTER_MS } from './limits.ts';

type Of<T extends CallMessage['type']> = Extract<CallMessage, { type: T }>;

export function onMessage(state: CallState, message: CallMessage, at: Moment): Step {
  switch (message.type) {
    case 'ticket.accepted':
      if (!answers(state, message.ticket)) return stay(state);
      return stay({
        ...state,
        phase: 'queued',
        interests: message.interests,
        usualWaitMs: message.usualWaitMs ?? null,
      });
    case 'ticket.refused':
      return answers(state, message.ticket) ? ticketRefused(state, message, at) : stay(state);
    case 'ticket.withdrawn':
      return stay(state);
    case 'match.found':
      if (answers(state, message.ticket)) return open(state, message, at);
      return refuseCall(state, message.match, message.epoch);
    case 'call.restored':
      if (isInCall(state) && state.call.match === message.match)
        return restored(state, message, at);
      return refuseCall(state, message.match, message.epoch);
    case 'restore.refused':
      return isInCall(state) && state.call.restoring
        ? endByNode(state, 'not-restored', at)
        : stay(state);
    case 'call.restoring':
      return stay(state);
    case 'signal.offer':
    case 'signal.answer':
    case 'signal.candidate':
    case 'signal.refused':
    case 'media.updated':
    case 'direct.updated':
    case 'video.updated':
    case 'video.refused':
    case 'video.started':
    case 'peer.presence':
    case 'call.ended':
      // A message about a call that this page has already left is ignored.
      return isInCall(state) && state.call.match === message.match
        ? onCallMessage(state, message, at)
        : stay(state);
    default:
      return assertNever(message);
  }
}

type InCallMessage = Exclude<
  CallMessage,
  {
    type:
      | `ticket.${string}`
      | 'match.found'
      | 'call.restoring'
      | 'call.restored'
      | 'restore.refused';
  }
>;

function onCallMessage(state: InCall, message: InCallMessage, at: Moment): Step {
  switch (message.type) {
    case 'signal.offer':
    case 'signal.answer':
    case 'signal.candidate':
      return stay(state, { effect: 'signal', message });
    case 'signal.refused':
      // In a connected call only the renegotiation failed, and media still flows.
      return isConnecting(state) ? connectFailed(state, true, at) : stay(state);
    case 'media.updated':
      return stay(withCall(state, { peer: message.media }));
    case 'direct.updated': {
      const { you, stranger: peer } = message;
      return stay(withCall(state, { direct: { you, peer } }), {
        effect: 'allow-direct',
        allowed: you && peer,
      });
    }
    case 'video.updated':
      return stay(withCall(state, { video: heardOfVideo(state.call.video, message) }));
    case 'video.refused': {
      const { reason: refused } = message;
      return stay(withCall(state, { video: { ...state.call.video, you: false, refused } }));
    }
    case 'video.started':
      return videoStarted(state, message, at);
    case 'peer.presence':
      return stay(withCall(state, { peerPresent: message.present }));
    case 'call.ended':
      return message.reason === 'connect-failed'
        ? connectFailed(state, false, at)
        : endByNode(state, message.reason, at);
    default:
      return assertNever(message);
  }
}

function answers(state: CallState, ticket: string): state is Searching {
  return state.state === 'searching' && state.ticket === ticket;
}

function ticketRefused(state: Searching, message: Of<'ticket.refused'>, at: Moment): Step {
  const { media, pressedAtMs, pursuit } = state;
  const untilMs = at.nowMs + (message.retryAfterMs ?? RETRY_AFTER_MS);
  switch (message.reason) {
    case 'bad-offer':
      return search(state, pursuit, at, false);
    case 'age-required':
    case 'policy-changed':
      return stay(
        { state: 'idle', media, pressedAtMs },
        { effect: 'ask-rules', why: message.reason },
      );
    case 'bad-interest':
    case 'bad-language':
      return stay(
        { state: 'idle', media, pressedAtMs },
        { effect: 'wish-refused', fault: message.reason },
      );
    case 'too-fast':
    case 'server-moving':
    case 'pool-full':
      return pause(state, message.reason, untilMs);
    case 'meeting-over':
      // Nothing changes by trying again, so the search waits until the user decides.
      return pause(state, message.reason, Number.POSITIVE_INFINITY);
    case 'server-busy':
      return pause(state, 'busy', untilMs);
    case 'already-searching':
    case 'in-a-call':
      // The node still has an earlier search or call of this user. The message that ends the
      // earlier one is on its way.
      return pause(state, 'busy', at.nowMs + (message.retryAfterMs ?? BUSY_RETRY_AFTER_MS));
    default:
      return assertNever(message.reason);
  }
}

/**
 * Applies the consents to video that the node knows. They may be older than this user's last
 * choice. If this user had consented and the node knows no consent of either user, the peer
 * declined.
 */
function heardOfVideo(
  video: Call['video'],
  { you, stranger: peer }: Of<'video.updated'>,
): Call['video'] {
  const stands = video.said && (you || (peer && video.you));
  const isRefused = video.you && !you && !peer;
  const refused = isRefused ? 'not-now' : peer ? null : video.refused;
  return { ...video, you: stands, peer, refused };
}

function videoStarted(state: InCall, message: Of<'video.started'>, at: Moment): Step {
  if (state.call.mode === 'video') return stay(state);
  const { transport, directOffered, receipt } = message;
  const turned = upgradeToVideo(state, { transport, directOffered, receipt }, at);
  return stay(turned, { effect: 'turn', call: turned.call });
}

/** Ends a call that was matched although this page no longer wants it, so that the peer is free. */
function refuseCall(state: CallState, match: string, epoch: number): Step {
  return stay(state, {
    effect: 'send',
    message: { type: 'call.end', match, epoch, reason: 'stop' },
  });
}

/** Continues a call after the node restarted or after one of the two users loaded a new page. */
function restored(state: InCall, message: Of<'call.restored'>, at: Moment): Step {
  const { video, mode } = state.call;
  const change: Partial<Call> = {
    epoch: message.epoch,
    receipt: message.receipt,
    transport: message.transport,
    directOffered: message.directOffered,
    peerPresent: true,
    restoring: false,
  };
  const { match, epoch } = message;
  const effects: Step['effects'] = [{ effect: 'restored', restored: message }];
  // The call needs a new media connection in two cases: the node upgraded the call before it
  // stopped and this page missed the message, or the peer's new page has no connection.
  if (message.mode === 'video' && (mode === 'text' || message.newPage === true)) {
    const turned = upgradeToVideo(state, change, at);
    return {
      state: turned,
      effects: [...effects, { effect: 'turn', call: turned.call }, ...again(turned)],
    };
  }
  // A restarted node doesn't know who consented to video, so this user's consent is sent again.
  if (mode === 'text') {
    const words = { ...videoWords(message.videoOffered), you: video.you };
    const said = withCall(state, { ...change, video: words });
    if (!video.you) return { state: said, effects };
    const { policyVersion } = state.call.pursuit.wishes;
    const yes = { type: 'video.consent', match, epoch, allowed: true, policyVersion } as const;
    return { state: said, effects: [...effects, { effect: 'send', message: yes }] };
  }
  const said = withCall(state, change);
  return { state: said, effects: [...effects, ...again(said)] };
}

function again({ call: { match, epoch, direct } }: InCall): Step['effects'] {
  if (!direct.you) return [];
  const message = { type: 'direct.consent', match, epoch, allowed: true } as const;
  return [{ effect: 'send', message }];
}
