import { assertNever } from '@farandole/kernel/assert';
import type { MediaState, Mode } from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { RoutedMessage } from '../signal/signal-state.ts';

export interface Wishes {
  readonly mode: Mode;
  readonly interests: readonly string[];
  readonly onlyShared: boolean;
  readonly languages: readonly string[];
  readonly policyVersion: number;
}

export type OwnMedia = Pick<MediaState, 'camera' | 'microphone'>;

/** A search by one or more tickets. */
export interface Pursuit {
  readonly wishes: Wishes;
  readonly startedAtMs: number;
  readonly connectFailures: number;
  readonly quickly: number;
}

export type MatchFound = ServerMessageOf<'match.found'>;

/** A call left by an earlier page of this user and still stored by the node. */
export type RejoinableCall = NonNullable<ServerMessageOf<'session.opened'>['rejoin']>;

export interface Call {
  readonly match: string;
  readonly epoch: number;
  readonly side: MatchFound['side'];
  readonly role: MatchFound['role'];
  readonly mode: Mode;
  readonly transport: MatchFound['transport'];
  readonly directOffered: boolean;
  readonly receipt: string;
  readonly sharedInterests: readonly string[];
  readonly sharedLanguages: readonly string[];
  /** False after a rejoin: the common interests are unknown. */
  readonly commonKnown: boolean;
  readonly foundAtMs: number;
  /** By the node's clock. */
  readonly startedAtMs: number;
  readonly pursuit: Pursuit;
  /** The user's choice. "Really?" covers regardless. */
  readonly cover: MediaState['cover'];
  /** The media state last sent to the peer. */
  readonly announced: MediaState;
  readonly peer: MediaState;
  readonly peerPresent: boolean;
  readonly flow: 'none' | 'connecting' | 'flowing' | 'interrupted';
  /** Null while media flows. */
  readonly interruptedAtMs: number | null;
  /** From `mediaFromMs`; null before the first picture. */
  readonly firstFrameMs: number | null;
  readonly firstFrameTold: boolean;
  readonly way: 'direct' | 'relay' | null;
  readonly direct: { readonly you: boolean; readonly peer: boolean };
  readonly video: VideoWords;
  /** When waiting for the first picture began. */
  readonly mediaFromMs: number;
  /** The session is lost and the node is restoring the call. */
  readonly restoring: boolean;
}

export interface VideoWords {
  /** Whether the node offers video in this call. */
  readonly offered: boolean;
  readonly you: boolean;
  readonly peer: boolean;
  readonly said: boolean;
  readonly refused: VideoRefusal | null;
}

/** `not-now` comes from the peer, the others from the node. */
export type VideoRefusal = 'not-now' | ServerMessageOf<'video.refused'>['reason'];

export const ASSUMED_MEDIA: MediaState = { camera: 'on', microphone: 'on', cover: 'covered' };

export type PauseReason = 'too-fast' | 'server-moving' | 'pool-full' | 'busy';

/**
 * - `you`: stopped by this user; `reported`, `blocked`: by this user, that way;
 * - `away`: the page was in the background at the match and too long afterwards;
 * - `left`: by the peer; `lost`: the peer's connection did not return;
 * - `no-connection`: several calls in a row failed to connect;
 * - `moving`: the server stopped; `not-restored`: it restarted without the call.
 */
export type EndReason =
  | 'you'
  | 'reported'
  | 'blocked'
  | 'away'
  | 'left'
  | 'lost'
  | 'no-connection'
  | 'moving'
  | 'not-restored';

interface Base {
  readonly media: OwnMedia;
  /** The last press of Next that counted. */
  readonly pressedAtMs: number | null;
}

export interface Idle extends Base {
  readonly state: 'idle';
}

export interface Searching extends Base {
  readonly state: 'searching';
  readonly pursuit: Pursuit;
  readonly ticket: string;
  /** `preparing` an offer; `asked`: sent to the node; `queued` by it. */
  readonly phase: 'preparing' | 'asked' | 'queued';
  /** False once the node refused an offer in this search. */
  readonly mayOffer: boolean;
  readonly interests: readonly string[];
  readonly waiting: number | null;
  readonly usualWaitMs: number | null;
}

export interface Paused extends Base {
  readonly state: 'held';
  readonly pursuit: Pursuit;
  readonly reason: PauseReason;
  readonly untilMs: number;
}

export interface Connecting extends Base {
  readonly state: 'connecting';
  readonly call: Call;
  readonly deadlineMs: number;
}

export interface Live extends Base {
  readonly state: 'live';
  readonly call: Call;
}

/** "Really?": covered and sending nothing until a second press or the timeout. */
export interface ConfirmingNext extends Base {
  readonly state: 'confirming-next';
  readonly call: Call;
  readonly untilMs: number;
  /** The connect deadline if it returns to `connecting`; null for `live`. */
  readonly deadlineMs: number | null;
}

export interface Ended extends Base {
  readonly state: 'ended';
  readonly call: Call;
  readonly reason: EndReason;
  readonly endedAtMs: number;
}

export type CallState = Idle | Searching | Paused | Connecting | Live | ConfirmingNext | Ended;
export type InCall = Connecting | Live | ConfirmingNext;

export const INITIAL_CALL_STATE: CallState = {
  state: 'idle',
  media: { camera: 'off', microphone: 'off' },
  pressedAtMs: null,
};

/** Messages that move the machine, all sequenced; chat and reports have other owners. */
export type CallMessage = Extract<
  RoutedMessage,
  {
    seq: number;
    type:
      | `ticket.${string}`
      | `signal.${string}`
      | `call.${string}`
      | `video.${string}`
      | 'match.found'
      | 'media.updated'
      | 'direct.updated'
      | 'peer.presence'
      | 'restore.refused';
  }
>;

export type SignalMessage = Extract<
  CallMessage,
  { type: 'signal.offer' | 'signal.answer' | 'signal.candidate' }
>;

export type CallEvent =
  | { readonly event: 'start'; readonly wishes: Wishes }
  /** `wishes` are for the search after it. */
  | { readonly event: 'rejoin'; readonly kept: RejoinableCall; readonly wishes: Wishes }
  /** `wishes` are for the search that may follow. */
  | { readonly event: 'next'; readonly wishes: Wishes }
  | { readonly event: 'stop' }
  /** Stops a search; Next otherwise. */
  | { readonly event: 'escape'; readonly wishes: Wishes }
  /** Ends the call because the user reports, blocks or is away. */
  | { readonly event: 'leave'; readonly as: 'reported' | 'blocked' | 'away' }
  | { readonly event: 'page-hidden' }
  | { readonly event: 'anyone' }
  | { readonly event: 'wishes'; readonly wishes: Wishes }
  | { readonly event: 'cover'; readonly cover: MediaState['cover'] }
  | { readonly event: 'media'; readonly media: OwnMedia }
  | { readonly event: 'consent-direct'; readonly allowed: boolean }
  | { readonly event: 'consent-video'; readonly allowed: boolean }
  /** Null: no offer is available. */
  | { readonly event: 'prepared'; readonly ticket: string; readonly offer: string | null }
  | { readonly event: 'session-opened' }
  /** The node stops as announced. */
  | { readonly event: 'moved' }
  /** From the current call's media connection. */
  | { readonly event: 'media-connected' | 'media-interrupted' | 'media-failed' | 'first-frame' }
  | { readonly event: 'way'; readonly way: 'direct' | 'relay' }
  | { readonly event: 'message'; readonly message: CallMessage }
  | { readonly event: 'tick' };

export type CallEffect =
  | { readonly effect: 'send'; readonly message: Outgoing }
  /** Answered by `prepared`. */
  | { readonly effect: 'prepare'; readonly ticket: string }
  /** Opens a chat and, in video, a media connection. */
  | {
      readonly effect: 'open';
      readonly call: Call;
      /** The peer's offer, for an answerer. */
      readonly offer: string | null;
      readonly offerUsed: boolean;
    }
  /** Opens a chat and asks the node for its call. */
  | { readonly effect: 'rejoin'; readonly call: Call }
  /** Adds media to the open call. */
  | { readonly effect: 'turn'; readonly call: Call }
  | { readonly effect: 'close' }
  | { readonly effect: 'signal'; readonly message: SignalMessage }
  | { readonly effect: 'allow-direct'; readonly allowed: boolean }
  /** Sends the receipt and what the chat received. */
  | { readonly effect: 'restore'; readonly receipt: string }
  | { readonly effect: 'restored'; readonly restored: ServerMessageOf<'call.restored'> }
  | { readonly effect: 'ask-rules'; readonly why: 'age-required' | 'policy-changed' }
  | { readonly effect: 'wish-refused'; readonly fault: 'bad-interest' | 'bad-language' };

export interface Step {
  readonly state: CallState;
  readonly effects: readonly CallEffect[];
}

export function isInCall(state: CallState): state is InCall {
  return (
    state.state === 'connecting' || state.state === 'live' || state.state === 'confirming-next'
  );
}

export function maySend(state: CallState): boolean {
  return state.state === 'connecting' || state.state === 'live';
}

export function coverOf(state: CallState): MediaState['cover'] {
  return state.state === 'live' ? state.call.cover : 'covered';
}

/** The media state for the peer; null outside a call. */
export function mediaOf(state: CallState): MediaState | null {
  if (!isInCall(state)) return null;
  if (state.state === 'confirming-next') {
    return {
      camera: state.media.camera === 'off' ? 'off' : 'paused',
      microphone: 'off',
      cover: 'covered',
    };
  }
  return { ...state.media, cover: coverOf(state) };
}

/** Whether this user ended the call or was away: no search follows by default. */
export function isOwnEnd(reason: EndReason): boolean {
  return reason === 'you' || reason === 'reported' || reason === 'blocked' || reason === 'away';
}

export function needsLink(state: CallState): boolean {
  return state.state !== 'idle' && state.state !== 'ended';
}

export function deadlineOf(state: CallState): number | null {
  switch (state.state) {
    case 'held':
      return state.untilMs;
    case 'connecting':
      return state.deadlineMs;
    case 'confirming-next':
      return Math.min(state.untilMs, state.deadlineMs ?? Number.POSITIVE_INFINITY);
    case 'idle':
    case 'searching':
    case 'live':
    case 'ended':
      return null;
    default:
      return assertNever(state);
  }
}

/** Of the search or the ended call; null elsewhere. */
export function modeOf(state: CallState): Mode | null {
  if (state.state === 'searching' || state.state === 'held') return state.pursuit.wishes.mode;
  return state.state === 'ended' ? state.call.mode : null;
}
