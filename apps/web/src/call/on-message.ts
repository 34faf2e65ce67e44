import { assertNever } from '@farandole/kernel/assert';
import type { Mode } from '@farandole/protocol/fields';
import {
  type Call,
  type CallMessage,
  type CallState,
  type ExchangeRefusal,
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
  nextOf,
  open,
  pause,
  search,
  stay,
  toMode,
  videoWords,
  withCall,
} from './call-steps.ts';
import { BUSY_RETRY_AFTER_MS, RETRY_AFTER_MS } from './limits.ts';
import { isBelow, isText } from './rungs.ts';

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
        opensAtMs: message.opensInMs === undefined ? null : at.nowMs + message.opensInMs,
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
    case 'mode.lowered':
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
      return modeChanged(state, message.mode ?? 'video', message, null, at);
    case 'mode.lowered': {
      const { mode, you } = message;
      const why =
        you || mode === 'video' || mode === 'question' ? null : (`lowered-${mode}` as const);
      return modeChanged(state, mode, message, why, at);
    }
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
  const { reason } = message;
  if (reason === 'bad-offer') return search(state, pursuit, at, false);
  if (reason === 'age-required' || reason === 'policy-changed') {
    return stay({ state: 'idle', media, pressedAtMs }, { effect: 'ask-rules', why: reason });
  }
  if (reason === 'too-fast' || reason === 'server-moving' || reason === 'pool-full') {
    return pause(state, reason, untilMs);
  }
  if (isFinal(reason)) return pause(state, reason, Number.POSITIVE_INFINITY);
  // The question's room shows its own text beside the question.
  if (reason === 'not-offered' && pursuit.wishes.mode !== 'question') {
    return pause(state, reason, Number.POSITIVE_INFINITY);
  }
  if (reason === 'server-busy') return pause(state, 'busy', untilMs);
  if (reason === 'already-searching' || reason === 'in-a-call') {
    // The node still has an earlier search or call of this user. The message that ends the
    // earlier one is on its way.
    return pause(state, 'busy', at.nowMs + (message.retryAfterMs ?? BUSY_RETRY_AFTER_MS));
  }
  const fault = message.fault ?? reason;
  return stay({ state: 'idle', media, pressedAtMs }, { effect: 'wish-refused', fault });
}

type FinalReason = 'meeting-over' | 'closed' | ExchangeRefusal;

/** Whether nothing changes by trying again, so that the search waits until the user decides. */
function isFinal(reason: Of<'ticket.refused'>['reason']): reason is FinalReason {
  return (
    reason === 'meeting-over' ||
    reason === 'closed' ||
    reason === 'bad-exchange' ||
    reason === 'exchange-off' ||
    reason === 'exchange-closed'
  );
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

/**
 * Moves the call to the mode that the node names.
 *
 * @param refused why the call isn't in a higher mode any more, if the peer went down
 */
function modeChanged(
  state: InCall,
  mode: Mode,
  message: Of<'video.started'> | Of<'mode.lowered'>,
  refused: Call['video']['refused'],
  at: Moment,
): Step {
  const { transport, directOffered, receipt, step = 0 } = message;
  const { lowering } = state.call;
  const facts = { transport, directOffered, receipt, step };
  // The page knows the change already, from a restored call.
  if (lowering === null && mode === state.call.mode) return stay(state);
  // This user went further down meanwhile. The node confirms that next.
  if (lowering !== null && isBelow(lowering, mode)) return stay(withCall(state, facts));
  const video = { ...videoWords(nextOf(message)), refused };
  return enter(toMode(state, mode, { ...facts, lowering: null, video }, at));
}

/** Opens the media connection of the call's new mode, or ends the one of the mode before. */
function enter(state: InCall): Step {
  const { call } = state;
  return stay(
    state,
    isText(call.mode) ? { effect: 'end-media', mode: call.mode } : { effect: 'turn', call },
  );
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
  const { video, mode, lowering, pursuit } = state.call;
  const { match, epoch, step = 0 } = message;
  const change: Partial<Call> = {
    ...{ epoch, step },
    receipt: message.receipt,
    transport: message.transport,
    directOffered: message.directOffered,
    peerPresent: true,
    restoring: false,
  };
  const effects: Step['effects'] = [{ effect: 'restored', restored: message }];
  // The node stopped before it heard that this user went down.
  if (lowering !== null && isBelow(lowering, message.mode)) {
    const lower = { type: 'mode.lower', match, epoch, mode: lowering } as const;
    return stay(withCall(state, change), ...effects, { effect: 'send', message: lower });
  }
  // The mode changed before the node stopped and this page missed the message, or the peer's new
  // page has no connection.
  const isNew = message.newPage === true && !isText(message.mode);
  if (message.mode !== mode || lowering !== null || isNew) {
    const words = videoWords(nextOf(message));
    const moved = enter(
      toMode(state, message.mode, { ...change, lowering: null, video: words }, at),
    );
    const { state: turned } = moved;
    const direct = !isText(message.mode) && isInCall(turned) ? again(turned) : [];
    return { state: turned, effects: [...effects, ...moved.effects, ...direct] };
  }
  // A restarted node doesn't know who agreed to the next mode, so this user's answer is sent again.
  const words = { ...videoWords(nextOf(message)), you: video.you };
  const said = withCall(state, { ...change, video: words });
  const direct = isText(mode) ? [] : again(said);
  if (!video.you) return { state: said, effects: [...effects, ...direct] };
  const { policyVersion } = pursuit.wishes;
  const yes = { type: 'video.consent', match, epoch, step, allowed: true, policyVersion } as const;
  return { state: said, effects: [...effects, ...direct, { effect: 'send', message: yes }] };
}

function again({ call: { match, epoch, direct } }: InCall): Step['effects'] {
  if (!direct.you) return [];
  const message = { type: 'direct.consent', match, epoch, allowed: true } as const;
  return [{ effect: 'send', message }];
}
