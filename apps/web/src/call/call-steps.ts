import type { Mode } from '@farandole/protocol/fields';
import {
  ASSUMED_MEDIA,
  type Call,
  type CallEffect,
  type CallState,
  type EndReason,
  type InCall,
  type MatchFound,
  type PauseReason,
  type Pursuit,
  type RejoinableCall,
  type Searching,
  type Step,
  type VideoWords,
  type Wishes,
} from './call-state.ts';
import { CONNECT_RETRIES_MAX, CONNECT_TIMEOUT_MS, QUICK_NEXT_MS } from './limits.ts';
import { isText } from './rungs.ts';

export interface Moment {
  readonly nowMs: number;
  /** A new random id. A state transition uses at most one. */
  readonly freshId: string;
}

export function stay(state: CallState, ...effects: CallEffect[]): Step {
  return { state, effects };
}

export function withCall<S extends InCall>(state: S, change: Partial<Call>): S {
  return { ...state, call: { ...state.call, ...change } };
}

export function newPursuit(wishes: Wishes, at: Moment, before: Pursuit | null = null): Pursuit {
  const isQuick = before !== null && at.nowMs - before.startedAtMs < QUICK_NEXT_MS;
  const quickly = isQuick ? before.quickly + 1 : 0;
  return { wishes, startedAtMs: at.nowMs, connectFailures: 0, quickly };
}

export function search(base: CallState, pursuit: Pursuit, at: Moment, mayOffer = true): Step {
  const searching: Searching = {
    state: 'searching',
    media: base.media,
    pressedAtMs: base.pressedAtMs,
    pursuit,
    ticket: at.freshId,
    phase: 'preparing',
    mayOffer,
    interests: pursuit.wishes.interests,
    usualWaitMs: null,
    opensAtMs: null,
  };
  if (isText(pursuit.wishes.mode) || !mayOffer) return ask(searching, null);
  const { ticket } = searching;
  return stay(searching, { effect: 'prepare', ticket, mode: pursuit.wishes.mode });
}

export function ask(state: Searching, offer: string | null): Step {
  const { interests, languages, ...wishes } = state.pursuit.wishes;
  return stay(
    { ...state, phase: 'asked' },
    {
      effect: 'send',
      message: {
        type: 'ticket.create',
        ...wishes,
        ticket: state.ticket,
        interests: [...interests],
        languages: [...languages],
        ...(offer === null ? {} : { offer }),
      },
    },
  );
}

export function pause(state: Searching, reason: PauseReason, untilMs: number): Step {
  const { media, pressedAtMs, pursuit } = state;
  return stay({ state: 'held', media, pressedAtMs, pursuit, reason, untilMs });
}

export function idle({ media, pressedAtMs }: CallState): CallState {
  return { state: 'idle', media, pressedAtMs };
}

type OwnEnd = 'next' | 'stop' | 'page-hidden' | 'connect-failed';

/**
 * Leaves the call. The media connection closes first, because the message to the node may get lost.
 */
export function leaveCall({ call }: InCall, reason: OwnEnd): CallEffect[] {
  const { match, epoch } = call;
  return [
    { effect: 'close' },
    { effect: 'send', message: { type: 'call.end', match, epoch, reason } },
  ];
}

export function endOwn(state: InCall, said: OwnEnd, reason: EndReason, at: Moment): Step {
  return stay(ended(state, reason, at), ...leaveCall(state, said));
}

export function endByNode(state: InCall, reason: EndReason, at: Moment): Step {
  return stay(ended(state, reason, at), { effect: 'close' });
}

function ended({ media, pressedAtMs, call }: InCall, reason: EndReason, at: Moment): CallState {
  return { state: 'ended', media, pressedAtMs, call, reason, endedAtMs: at.nowMs };
}

/** @param ours whether this page detected the failure, so that the node must be notified */
export function connectFailed(state: InCall, ours: boolean, at: Moment): Step {
  const leaving: CallEffect[] = ours ? leaveCall(state, 'connect-failed') : [{ effect: 'close' }];
  const { pursuit } = state.call;
  const connectFailures = pursuit.connectFailures + 1;
  if (connectFailures > CONNECT_RETRIES_MAX) {
    return stay(ended(state, 'no-connection', at), ...leaving);
  }
  const again = search(state, { ...pursuit, startedAtMs: at.nowMs, connectFailures }, at);
  return { state: again.state, effects: [...leaving, ...again.effects] };
}

export function open(state: Searching, found: MatchFound, at: Moment): Step {
  const { sharedInterests, sharedLanguages } = found;
  const common = { sharedInterests, sharedLanguages };
  const call = { ...newCall(found, state.pursuit, at), ...common };
  const { media, pressedAtMs } = state;
  const effect: CallEffect = {
    effect: 'open',
    call,
    offer: found.offer ?? null,
    offerUsed: found.offerUsed,
  };
  if (isText(call.mode)) return stay({ state: 'live', media, pressedAtMs, call }, effect);
  const deadlineMs = at.nowMs + CONNECT_TIMEOUT_MS;
  return stay({ state: 'connecting', media, pressedAtMs, call, deadlineMs }, effect);
}

/**
 * Resumes a call of an earlier page load. The node no longer knows which interests the users share.
 */
export function rejoin(base: CallState, kept: RejoinableCall, wishes: Wishes, at: Moment): Step {
  const { media, pressedAtMs } = base;
  const foundAtMs = at.nowMs - kept.elapsedMs;
  const call = { ...newCall(kept, newPursuit(wishes, at), at), foundAtMs, restoring: true };
  return stay({ state: 'live', media, pressedAtMs, call }, { effect: 'rejoin', call });
}

function newCall(facts: MatchFound | RejoinableCall, pursuit: Pursuit, at: Moment): Call {
  const { match, epoch, side, role, mode, transport, directOffered, receipt, startedAtMs } = facts;
  return {
    ...{ match, epoch, side, role, mode, transport, directOffered, receipt, startedAtMs, pursuit },
    step: facts.step ?? 0,
    lowering: null,
    sharedInterests: [],
    sharedLanguages: [],
    exchange: facts.exchange ?? null,
    foundAtMs: at.nowMs,
    cover: 'covered',
    aside: false,
    announced: ASSUMED_MEDIA,
    peer: ASSUMED_MEDIA,
    peerPresent: true,
    flow: isText(mode) ? 'none' : 'connecting',
    interruptedAtMs: null,
    firstFrameMs: null,
    firstFrameTold: false,
    way: null,
    direct: { you: false, peer: false },
    video: videoWords(nextOf(facts)),
    mediaFromMs: at.nowMs,
    restoring: false,
  };
}

/** Returns the mode to which a call can move up. Null if it can't. */
export function nextOf({
  videoOffered,
  next,
}: Pick<MatchFound, 'videoOffered' | 'next'>): Mode | null {
  return videoOffered === true ? 'video' : (next ?? null);
}

export function videoWords(next: Mode | null): VideoWords {
  return { next, you: false, peer: false, said: false, refused: null };
}

/**
 * Moves a call to another mode. The stranger is covered and silent, as in any new call. If the media
 * connection of the new mode fails, the call continues without it.
 */
export function toMode(state: InCall, mode: Mode, change: Partial<Call>, at: Moment): InCall {
  const hasNoMedia = isText(mode);
  const moved = withCall(state, {
    video: videoWords(null),
    ...change,
    mode,
    cover: 'covered',
    announced: ASSUMED_MEDIA,
    peer: ASSUMED_MEDIA,
    flow: hasNoMedia ? 'none' : 'connecting',
    interruptedAtMs: hasNoMedia ? null : at.nowMs,
    firstFrameMs: null,
    firstFrameTold: false,
    way: null,
    mediaFromMs: at.nowMs,
  });
  if (!hasNoMedia || moved.state === 'live') return moved;
  // The call no longer waits for a media connection.
  if (moved.state === 'confirming-next') return { ...moved, deadlineMs: null };
  const { media, pressedAtMs, call } = moved;
  return { state: 'live', media, pressedAtMs, call };
}

/** Whether the first media connection of the call is still being made. */
export function isConnecting(state: CallState): state is InCall {
  return (
    state.state === 'connecting' || (state.state === 'confirming-next' && state.deadlineMs !== null)
  );
}
