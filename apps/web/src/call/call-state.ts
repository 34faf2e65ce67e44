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

/** A search. It may use several tickets in sequence. */
export interface Pursuit {
  readonly wishes: Wishes;
  readonly startedAtMs: number;
  readonly connectFailures: number;
  readonly quickly: number;
}

export type MatchFound = ServerMessageOf<'match.found'>;

/** A call that an earlier page of this user left and that the node still stores. */
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
  /**
   * Whether the common interests are known. False after a rejoin, because the node forgets them.
   */
  readonly commonKnown: boolean;
  readonly foundAtMs: number;
  /** Start of the call by the node's clock, in milliseconds. */
  readonly startedAtMs: number;
  readonly pursuit: Pursuit;
  /** Whether the user has uncovered the stranger. "Really?" covers the stranger in either case. */
  readonly cover: MediaState['cover'];
  /** The media state last sent to the peer. */
  readonly announced: MediaState;
  readonly peer: MediaState;
  readonly peerPresent: boolean;
  readonly flow: 'none' | 'connecting' | 'flowing' | 'interrupted';
  /** Start of an interruption; `null` while media flows. */
  readonly interruptedAtMs: number | null;
  /** Time from `mediaFromMs` to the first picture; `null` before the first picture. */
  readonly firstFrameMs: number | null;
  readonly firstFrameTold: boolean;
  readonly way: 'direct' | 'relay' | null;
  readonly direct: { readonly you: boolean; readonly peer: boolean };
  readonly video: VideoWords;
  /** Time at which the page started to wait for the first picture. */
  readonly mediaFromMs: number;
  /** The session was lost and the node is restoring the call. */
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

/** The peer sends `not-now`; the node sends the other reasons. */
export type VideoRefusal = 'not-now' | ServerMessageOf<'video.refused'>['reason'];

export const ASSUMED_MEDIA: MediaState = { camera: 'on', microphone: 'on', cover: 'covered' };

export type PauseReason = 'too-fast' | 'server-moving' | 'pool-full' | 'busy';

/**
 * - `you`: the user stopped the call;
 * - `reported`, `blocked`: the user reported or blocked the peer;
 * - `away`: the page was in the background at the match and stayed there too long;
 * - `left`: the peer ended the call;
 * - `lost`: the peer's connection did not return;
 * - `no-connection`: several calls in a row failed to connect;
 * - `moving`: the server stopped;
 * - `not-restored`: the server restarted and did not restore the call.
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
  /** Time of the last press of Next, without the second press of a double click. */
  readonly pressedAtMs: number | null;
}

export interface Idle extends Base {
  readonly state: 'idle';
}

export interface Searching extends Base {
  readonly state: 'searching';
  readonly pursuit: Pursuit;
  readonly ticket: string;
  /**
   * `preparing`: the offer is being made. `asked`: the ticket was sent to the node. `queued`: the
   * node queued the ticket.
   */
  readonly phase: 'preparing' | 'asked' | 'queued';
  /** False after the node refused an offer in this search. */
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

/**
 * The page shows "Really?": the stranger is covered and nothing is sent until a second press or the
 * timeout.
 */
export interface ConfirmingNext extends Base {
  readonly state: 'confirming-next';
  readonly call: Call;
  readonly untilMs: number;
  /** The connect deadline of a call that was still connecting; `null` for a live call. */
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

/**
 * Server messages that change the call state. All are sequenced. Chat and reports handle their own
 * messages.
 */
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
  /** Rejoins a call. `wishes` are the user's choices for the search after this call. */
  | { readonly event: 'rejoin'; readonly kept: RejoinableCall; readonly wishes: Wishes }
  /** Ends the call. `wishes` are the user's choices for the search that may follow. */
  | { readonly event: 'next'; readonly wishes: Wishes }
  | { readonly event: 'stop' }
  /** Esc was pressed: stops a search, otherwise acts like Next. */
  | { readonly event: 'escape'; readonly wishes: Wishes }
  | { readonly event: 'leave'; readonly as: 'reported' | 'blocked' | 'away' }
  | { readonly event: 'page-hidden' }
  | { readonly event: 'anyone' }
  | { readonly event: 'wishes'; readonly wishes: Wishes }
  | { readonly event: 'cover'; readonly cover: MediaState['cover'] }
  | { readonly event: 'media'; readonly media: OwnMedia }
  | { readonly event: 'consent-direct'; readonly allowed: boolean }
  | { readonly event: 'consent-video'; readonly allowed: boolean }
  /** The offer is prepared; `null` if none is available. */
  | { readonly event: 'prepared'; readonly ticket: string; readonly offer: string | null }
  | { readonly event: 'session-opened' }
  /** The announced stop of the node has begun. */
  | { readonly event: 'moved' }
  | { readonly event: 'media-connected' | 'media-interrupted' | 'media-failed' | 'first-frame' }
  | { readonly event: 'way'; readonly way: 'direct' | 'relay' }
  | { readonly event: 'message'; readonly message: CallMessage }
  | { readonly event: 'tick' };

export type CallEffect =
  | { readonly effect: 'send'; readonly message: Outgoing }
  /** Prepares an offer. The result is the event `prepared`. */
  | { readonly effect: 'prepare'; readonly ticket: string }
  /** Opens a chat and, in a video call, a media connection. */
  | {
      readonly effect: 'open';
      readonly call: Call;
      /** The peer's offer, if this page is the answerer. */
      readonly offer: string | null;
      readonly offerUsed: boolean;
    }
  /** Opens a chat and asks the node to return the call. */
  | { readonly effect: 'rejoin'; readonly call: Call }
  /** Adds media to the open call. */
  | { readonly effect: 'turn'; readonly call: Call }
  | { readonly effect: 'close' }
  | { readonly effect: 'signal'; readonly message: SignalMessage }
  | { readonly effect: 'allow-direct'; readonly allowed: boolean }
  /** Sends the receipt of the call and the counters of the received chat lines. */
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

/** Returns the media state that the peer should know; `null` outside a call. */
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

/** Whether this user ended the call or was away. No search follows automatically then. */
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

/** Returns the mode of the search or of the ended call; `null` in other states. */
export function modeOf(state: CallState): Mode | null {
  if (state.state === 'searching' || state.state === 'held') return state.pursuit.wishes.mode;
  return state.state === 'ended' ? state.call.mode : null;
}
