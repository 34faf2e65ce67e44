import { assertNever } from '@farandole/kernel/assert';
import type { Mode } from '@farandole/protocol/fields';
import {
  type Call,
  type CallEffect,
  type CallEvent,
  type CallState,
  type ConfirmingNext,
  type InCall,
  isInCall,
  mediaOf,
  type Paused,
  type Searching,
  type Step,
  type Wishes,
} from './call-state.ts';
import {
  ask,
  connectFailed,
  endByNode,
  endOwn,
  idle,
  isConnecting,
  leaveCall,
  type Moment,
  newPursuit,
  rejoin,
  search,
  stay,
  toMode,
  withCall,
} from './call-steps.ts';
import { ESCAPE_GUARD_MS, MET_GUARD_MS, NEXT_CONFIRM_MS, NEXT_GUARD_MS } from './limits.ts';
import { onMessage } from './on-message.ts';
import { isBelow, isText } from './rungs.ts';

/**
 * State machine of searches and calls: a pure function from a state and an event to the next state
 * and effects. The caller must execute the effects at once and in order.
 */
export function transition(before: CallState, event: CallEvent, at: Moment): Step {
  return tellMedia(react(before, event, at));
}

function react(state: CallState, event: CallEvent, at: Moment): Step {
  switch (event.event) {
    case 'start':
      if (state.state !== 'idle' && state.state !== 'ended') return stay(state);
      return search(state, newPursuit(event.wishes, at), at);
    case 'rejoin':
      if (state.state !== 'idle' && state.state !== 'ended') return stay(state);
      return rejoin(state, event.kept, event.wishes, at);
    case 'next':
      return next(state, event.wishes, at);
    case 'stop':
      return stop(state, at);
    case 'escape':
      return escape(state, event.wishes, at);
    case 'leave':
      if (!isInCall(state)) return stay(state);
      return endOwn(state, event.as === 'away' ? 'page-hidden' : 'stop', event.as, at);
    case 'page-hidden':
      return pageHidden(state);
    case 'anyone':
      return anyone(state);
    case 'wishes':
      return changeWishes(state, event.wishes, at);
    case 'cover':
      // Outside a live call there is no stranger's picture that "Show video" could uncover.
      if (state.state !== 'live') return stay(state);
      return stay({ ...state, call: { ...state.call, cover: event.cover } });
    case 'aside':
      if (!isInCall(state)) return stay(state);
      // The stranger stays covered afterwards, so that a picture which the user wanted to report
      // returns only when the user presses "Show video".
      return stay(withCall(state, { aside: event.aside, cover: 'covered' }));
    case 'media':
      return stay({ ...state, media: event.media });
    case 'consent-direct':
      return consentDirect(state, event.allowed);
    case 'consent-video':
      return isInCall(state) ? consentVideo(state, event.allowed) : stay(state);
    case 'lower':
      return state.state === 'live' ? lower(state, event.mode, at) : stay(state);
    case 'prepared':
      if (state.state !== 'searching' || state.ticket !== event.ticket) return stay(state);
      return state.phase === 'preparing' ? ask(state, event.offer) : stay(state);
    case 'session-opened':
      return sessionOpened(state, at);
    case 'moved':
      return isInCall(state) ? endByNode(state, 'moving', at) : stay(state);
    case 'media-connected':
      return isInCall(state) ? connected(state) : stay(state);
    case 'first-frame':
      return isInCall(state) ? firstFrame(state, at) : stay(state);
    case 'way':
      return isInCall(state) ? tellFirstFrame(withCall(state, { way: event.way })) : stay(state);
    case 'media-interrupted':
      return isInCall(state) ? interrupted(state, at) : stay(state);
    case 'media-failed':
      if (isConnecting(state)) return connectFailed(state, true, at);
      return isInCall(state) ? turnFailed(state) : stay(state);
    case 'message':
      return onMessage(state, event.message, at);
    case 'tick':
      return tick(state, at);
    default:
      return assertNever(event);
  }
}

function tellMedia(step: Step): Step {
  const { state, effects } = step;
  const media = mediaOf(state);
  if (media === null || !isInCall(state) || isText(state.call.mode)) return step;
  // The node drops signals while it restores the call, and the peer forgets the media state when it
  // hears of a lower mode. So the media state is sent afterwards.
  if (state.call.restoring || state.call.lowering !== null) return step;
  const { announced, match, epoch } = state.call;
  if (
    media.camera === announced.camera &&
    media.microphone === announced.microphone &&
    media.cover === announced.cover
  ) {
    return step;
  }
  const message = { type: 'media.update', match, epoch, media } as const;
  return {
    state: withCall(state, { announced: media }),
    effects: [...effects, { effect: 'send', message }],
  };
}

function anyone(state: CallState): Step {
  if (state.state !== 'searching' && state.state !== 'held') return stay(state);
  if (!state.pursuit.wishes.onlyShared) return stay(state);
  const wishes = { ...state.pursuit.wishes, onlyShared: false };
  const widened = { ...state, pursuit: { ...state.pursuit, wishes } };
  // No message is needed if the search is paused or its ticket isn't sent yet, because the next
  // ticket contains the user's changed choices.
  if (widened.state === 'held' || widened.phase === 'preparing') return stay(widened);
  return stay(widened, {
    effect: 'send',
    message: { type: 'ticket.widen', ticket: widened.ticket },
  });
}

/** A ticket that was sent can't be changed, so the search restarts with a new ticket. */
function changeWishes(state: CallState, wishes: Wishes, at: Moment): Step {
  const pursuit = newPursuit(wishes, at);
  // The search waits for the user's decision, and not for a time.
  const isOver = state.state === 'held' && !Number.isFinite(state.untilMs);
  if (isOver) return search(state, pursuit, at);
  if (state.state === 'held') {
    return stay({ ...state, pursuit: { ...pursuit, quickly: state.pursuit.quickly } });
  }
  if (state.state !== 'searching') return stay(state);
  const anew = search(state, pursuit, at, state.mayOffer);
  return { state: anew.state, effects: [...withdraw(state), ...anew.effects] };
}

function withdraw(state: Searching): CallEffect[] {
  if (state.phase === 'preparing') return [];
  return [{ effect: 'send', message: { type: 'ticket.withdraw', ticket: state.ticket } }];
}

function next(state: CallState, wishes: Wishes, at: Moment): Step {
  if (isPressed(state, at, NEXT_GUARD_MS)) return stay(state);
  const pressed = { ...state, pressedAtMs: at.nowMs };
  switch (pressed.state) {
    case 'idle':
    case 'searching':
    case 'held':
      return stay(state);
    case 'ended':
      return search(pressed, newPursuit(wishes, at, pressed.call.pursuit), at);
    case 'connecting':
    case 'live':
      return stay({
        state: 'confirming-next',
        media: pressed.media,
        pressedAtMs: at.nowMs,
        call: pressed.call,
        untilMs: at.nowMs + NEXT_CONFIRM_MS,
        deadlineMs: pressed.state === 'connecting' ? pressed.deadlineMs : null,
      });
    case 'confirming-next':
      return confirmNext(pressed, wishes, at);
    default:
      return assertNever(pressed);
  }
}

/**
 * Confirms "Really?". The timer that ends the question may be late. A press after the deadline is a
 * first press, so it asks again instead of confirming.
 */
function confirmNext(state: ConfirmingNext, wishes: Wishes, at: Moment): Step {
  const pressed = { ...state, pressedAtMs: at.nowMs };
  if (at.nowMs >= pressed.untilMs) {
    return stay({ ...pressed, untilMs: at.nowMs + NEXT_CONFIRM_MS });
  }
  const pursuit = newPursuit(wishes, at, pressed.call.pursuit);
  const { state: searching, effects } = search(pressed, pursuit, at);
  return { state: searching, effects: [...leaveCall(pressed, 'next'), ...effects] };
}

function stop(state: CallState, at: Moment): Step {
  switch (state.state) {
    case 'idle':
      return stay(state);
    case 'searching':
    case 'held':
      // The second click of a double click on "Really?" lands on Stop and must not stop the new
      // search.
      return isPressed(state, at, NEXT_GUARD_MS) ? stay(state) : stopSearch(state);
    case 'ended':
      // The home button appears where Stop was, so the second click of a double click on Stop is
      // ignored.
      return stay(at.nowMs - state.endedAtMs < NEXT_GUARD_MS ? state : idle(state));
    case 'connecting':
    case 'live':
    case 'confirming-next':
      return endOwn(state, 'stop', 'you', at);
    default:
      return assertNever(state);
  }
}

function stopSearch(state: Searching | Paused): Step {
  return stay(idle(state), ...(state.state === 'searching' ? withdraw(state) : []));
}

/**
 * Handles the Esc key, which stops a search and otherwise acts as Next. For a short time after a
 * change of state, Esc keeps the meaning that it had before, because the user may not have noticed
 * the change.
 */
function escape(state: CallState, wishes: Wishes, at: Moment): Step {
  if (state.state === 'searching' || state.state === 'held') {
    // If Esc meant Next and started this search, a repeated press of Esc must not stop the search.
    return isPressed(state, at, ESCAPE_GUARD_MS) ? stay(state) : stopSearch(state);
  }
  if (state.state === 'connecting' || state.state === 'live') {
    // The user pressed Esc to stop the search, which found a match at that moment.
    const isJustMet = at.nowMs - state.call.foundAtMs < MET_GUARD_MS;
    if (isJustMet && !isPressed(state, at, ESCAPE_GUARD_MS)) return stop(state, at);
  }
  // Two quick presses of Esc are meant, unlike a double click. A held key sends no second press.
  if (state.state === 'confirming-next') return confirmNext(state, wishes, at);
  return next(state, wishes, at);
}

function isPressed({ pressedAtMs }: CallState, { nowMs }: Moment, withinMs: number): boolean {
  return pressedAtMs !== null && nowMs - pressedAtMs < withinMs;
}

function pageHidden(state: CallState): Step {
  if (state.state === 'searching') return stopSearch(state);
  if (!isInCall(state)) return stay(idle(state));
  return stay(idle(state), ...leaveCall(state, 'page-hidden'));
}

function connected(state: InCall): Step {
  const pursuit = { ...state.call.pursuit, connectFailures: 0 };
  const call: Call = { ...state.call, pursuit, flow: 'flowing', interruptedAtMs: null };
  if (state.state === 'confirming-next') return stay({ ...state, call, deadlineMs: null });
  const { media, pressedAtMs } = state;
  return stay({ state: 'live', media, pressedAtMs, call });
}

function firstFrame(state: InCall, at: Moment): Step {
  const step = connected(state);
  if (!isInCall(step.state) || step.state.call.firstFrameMs !== null) return step;
  const firstFrameMs = Math.round(at.nowMs - step.state.call.mediaFromMs);
  return tellFirstFrame(withCall(step.state, { firstFrameMs }));
}

/** Reports the first frame to the node once, when both its time and the media's route are known. */
function tellFirstFrame(state: InCall): Step {
  const { firstFrameMs: elapsedMs, way, firstFrameTold, match, epoch } = state.call;
  if (elapsedMs === null || way === null || firstFrameTold) return stay(state);
  return stay(withCall(state, { firstFrameTold: true }), {
    effect: 'send',
    message: { type: 'call.first-frame', match, epoch, elapsedMs, way },
  });
}

function interrupted(state: InCall, at: Moment): Step {
  if (state.call.flow !== 'flowing') return stay(state);
  return stay(withCall(state, { flow: 'interrupted', interruptedAtMs: at.nowMs }));
}

function consentDirect(state: CallState, allowed: boolean): Step {
  if (!isInCall(state) || !state.call.directOffered) return stay(state);
  const { match, epoch, direct } = state.call;
  return stay(withCall(state, { direct: { ...direct, you: allowed } }), {
    effect: 'send',
    message: { type: 'direct.consent', match, epoch, allowed },
  });
}

function consentVideo(state: InCall, allowed: boolean): Step {
  const { match, epoch, step, video, pursuit, restoring } = state.call;
  if (allowed && (video.next === null || video.you)) return stay(state);
  if (!allowed && !video.you && !video.peer) return stay(state);
  const peer = allowed && video.peer;
  const said = withCall(state, {
    video: { ...video, you: allowed, said: allowed, peer, refused: null },
  });
  if (restoring) return stay(said);
  const { policyVersion } = pursuit.wishes;
  const message = { type: 'video.consent', match, epoch, step, allowed, policyVersion } as const;
  return stay(said, { effect: 'send', message });
}

/**
 * Takes the call down at once. The media of the higher mode end before the node hears of it, and
 * those of the lower mode begin once the node has confirmed it.
 */
function lower(state: InCall, mode: Mode, at: Moment): Step {
  const { match, epoch, mode: before, restoring } = state.call;
  if (!isBelow(mode, before)) return stay(state);
  const end: CallEffect = { effect: 'end-media', mode };
  const message = { type: 'mode.lower', match, epoch, mode } as const;
  const moved = toMode(state, mode, { lowering: mode }, at);
  return restoring ? stay(moved, end) : stay(moved, end, { effect: 'send', message });
}

/** Handles a failed media connection of a new mode, after which the call continues. */
function turnFailed(state: InCall): Step {
  return stay(state.call.flow === 'connecting' ? withCall(state, { flow: 'interrupted' }) : state);
}

/**
 * Handles a new session. Requests that were sent in the earlier session are lost, so those that
 * still matter are sent again.
 */
function sessionOpened(state: CallState, at: Moment): Step {
  if (state.state === 'searching') return search(state, state.pursuit, at, state.mayOffer);
  if (!isInCall(state)) return stay(state);
  return stay(withCall(state, { restoring: true }), {
    effect: 'restore',
    receipt: state.call.receipt,
  });
}

function tick(state: CallState, at: Moment): Step {
  if (state.state === 'held' && at.nowMs >= state.untilMs) {
    return search(state, state.pursuit, at);
  }
  const connectBy = 'deadlineMs' in state ? state.deadlineMs : null;
  if (isConnecting(state) && connectBy !== null && at.nowMs >= connectBy) {
    return connectFailed(state, true, at);
  }
  if (state.state === 'confirming-next' && at.nowMs >= state.untilMs) return resume(state);
  return stay(state);
}

/**
 * Restores the stranger's picture and the user's devices after the question "Really?" timed out.
 */
function resume(state: Extract<CallState, { state: 'confirming-next' }>): Step {
  const { media, pressedAtMs, call, deadlineMs } = state;
  if (deadlineMs === null) return stay({ state: 'live', media, pressedAtMs, call });
  return stay({ state: 'connecting', media, pressedAtMs, call, deadlineMs });
}
