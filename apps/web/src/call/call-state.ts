import { assertNever } from '@farandole/kernel/assert';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type {
  ExchangeCall,
  ExchangeWish,
  MediaState,
  Mode,
  Role,
} from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { RoutedMessage } from '../signal/signal-state.ts';
import type { WishFault } from './wish-fault.ts';

export interface Wishes {
  readonly mode: Mode;
  /** Lowest mode at which the user agrees to start. Absent for only `mode`. */
  readonly lowest?: Mode;
  /** The user's seat in the question mode, and the question of a user who asks. */
  readonly role?: Role;
  readonly question?: string;
  readonly interests: readonly string[];
  readonly onlyShared: boolean;
  readonly languages: readonly string[];
  readonly policyVersion: number;
  /** The private meeting that the user waits for. Absent in an ordinary search. */
  readonly meeting?: ClientMessageOf<'ticket.create'>['meeting'] & object;
  /** The community in which the user searches. Absent in the open pool. */
  readonly community?: ClientMessageOf<'ticket.create'>['community'] & object;
  /** The language exchange that the user seeks. Absent in an ordinary search. */
  readonly exchange?: ExchangeWish;
}

export type OwnMedia = Pick<MediaState, 'camera' | 'microphone'>;

/** A search of the user. It may use several tickets in sequence. */
export interface Pursuit {
  readonly wishes: Wishes;
  readonly startedAtMs: number;
  readonly connectFailures: number;
  readonly quickly: number;
}

export type MatchFound = ServerMessageOf<'match.found'>;

/** A call that an earlier page load of this user left and that the node still stores. */
export type RejoinableCall = NonNullable<ServerMessageOf<'session.opened'>['rejoin']>;

export interface Call {
  readonly match: string;
  readonly epoch: number;
  readonly side: MatchFound['side'];
  readonly role: MatchFound['role'];
  readonly mode: Mode;
  /** Number of times that the call changed its mode. */
  readonly step: number;
  /** The lower mode that this user chose, until the node confirms it. Null otherwise. */
  readonly lowering: Mode | null;
  readonly transport: MatchFound['transport'];
  readonly directOffered: boolean;
  readonly receipt: string;
  readonly sharedInterests: readonly string[];
  readonly sharedLanguages: readonly string[];
  /** What the users learn from each other. Null outside a language exchange. */
  readonly exchange: ExchangeCall | null;
  readonly foundAtMs: number;
  /** When the call started, in milliseconds of the node's clock. */
  readonly startedAtMs: number;
  readonly pursuit: Pursuit;
  /**
   * Whether the user has uncovered the stranger. While "Really?" is shown the stranger is covered
   * regardless of this value.
   */
  readonly cover: MediaState['cover'];
  /**
   * True while the report sheet is open. The stranger is then covered and muted, and this user
   * sends no media.
   */
  readonly aside: boolean;
  /** Camera, microphone and cover state that was last sent to the peer. */
  readonly announced: MediaState;
  readonly peer: MediaState;
  readonly peerPresent: boolean;
  readonly flow: 'none' | 'connecting' | 'flowing' | 'interrupted';
  /** When the media was interrupted, or `null` while media flows. */
  readonly interruptedAtMs: number | null;
  /**
   * Milliseconds from `mediaFromMs` to the stranger's first picture, or `null` before that picture.
   */
  readonly firstFrameMs: number | null;
  readonly firstFrameTold: boolean;
  readonly way: 'direct' | 'relay' | null;
  readonly direct: { readonly you: boolean; readonly peer: boolean };
  readonly video: VideoWords;
  /** When the page started to wait for the stranger's first picture. */
  readonly mediaFromMs: number;
  /** True while the node restores the call after the session was lost. */
  readonly restoring: boolean;
}

export interface VideoWords {
  /** The mode to which the call can move up. Null if it can't. */
  readonly next: Mode | null;
  readonly you: boolean;
  readonly peer: boolean;
  readonly said: boolean;
  readonly refused: VideoRefusal | null;
}

/**
 * Why the call isn't in a higher mode: the peer declined (`not-now`) or went down to a lower mode
 * (`lowered-…`), or the node refused.
 */
export type VideoRefusal =
  | 'not-now'
  | 'lowered-voice'
  | 'lowered-text'
  | ServerMessageOf<'video.refused'>['reason'];

export const ASSUMED_MEDIA: MediaState = { camera: 'on', microphone: 'on', cover: 'covered' };

export type PauseReason =
  | 'too-fast'
  | 'server-moving'
  | 'pool-full'
  | 'busy'
  | 'meeting-over'
  | 'closed'
  | 'not-offered'
  | ExchangeRefusal;

/** Why the node refuses a language exchange. Trying again changes nothing. */
export type ExchangeRefusal = 'bad-exchange' | 'exchange-off' | 'exchange-closed';

/**
 * Why a call ended:
 * - `you`: the user stopped the call;
 * - `reported`, `blocked`: the user reported or blocked the peer;
 * - `away`: the page was in the background at the match and stayed there too long;
 * - `left`: the peer ended the call;
 * - `lost`: the peer's connection did not return;
 * - `no-connection`: several calls in a row failed to connect;
 * - `moving`: the server stopped;
 * - `not-restored`: the server restarted and did not restore the call;
 * - `bell`: the round of an hour is over.
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
  | 'not-restored'
  | 'bell';

interface Base {
  readonly media: OwnMedia;
  /**
   * When the user last pressed Next. The second press of a double click doesn't change this time.
   */
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
   * `preparing` means that the WebRTC offer is being made. `asked` means that the ticket was sent
   * to the node, and `queued` that the node put it into the queue.
   */
  readonly phase: 'preparing' | 'asked' | 'queued';
  /**
   * Whether this search may send a WebRTC offer with its ticket. False after the node refused one.
   */
  readonly mayOffer: boolean;
  readonly interests: readonly string[];
  readonly usualWaitMs: number | null;
  /** When the hour begins for which the user waits. Null without an hour. */
  readonly opensAtMs: number | null;
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
 * State in which the page asks "Really?". The stranger is covered and this user sends no media
 * until the user presses again or the question times out.
 */
export interface ConfirmingNext extends Base {
  readonly state: 'confirming-next';
  readonly call: Call;
  readonly untilMs: number;
  /** Time by which a connecting call must be connected, or `null` for a live call. */
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
 * Server messages that change the call state. All of them have sequence numbers. Messages about
 * chat and reports are handled elsewhere.
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
      | `mode.${string}`
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
  /**
   * Resumes a call of an earlier page load. `wishes` are the user's choices for the search after
   * this call.
   */
  | { readonly event: 'rejoin'; readonly kept: RejoinableCall; readonly wishes: Wishes }
  /** Ends the current call. `wishes` are the user's choices for the search that may follow. */
  | { readonly event: 'next'; readonly wishes: Wishes }
  | { readonly event: 'stop' }
  /** The user pressed Esc, which stops a search and otherwise acts as Next. */
  | { readonly event: 'escape'; readonly wishes: Wishes }
  | { readonly event: 'leave'; readonly as: 'reported' | 'blocked' | 'away' }
  | { readonly event: 'page-hidden' }
  | { readonly event: 'anyone' }
  | { readonly event: 'wishes'; readonly wishes: Wishes }
  | { readonly event: 'cover'; readonly cover: MediaState['cover'] }
  /** Sets the call aside while the report sheet is open, or takes it up again. */
  | { readonly event: 'aside'; readonly aside: boolean }
  | { readonly event: 'media'; readonly media: OwnMedia }
  | { readonly event: 'consent-direct'; readonly allowed: boolean }
  | { readonly event: 'consent-video'; readonly allowed: boolean }
  /** The user takes the call down to a lower mode. */
  | { readonly event: 'lower'; readonly mode: Mode }
  /** The WebRTC offer for the ticket is ready. It is `null` if none could be made. */
  | { readonly event: 'prepared'; readonly ticket: string; readonly offer: string | null }
  | { readonly event: 'session-opened' }
  /** The node had announced that it would stop, and is stopping now. */
  | { readonly event: 'moved' }
  | { readonly event: 'media-connected' | 'media-interrupted' | 'media-failed' | 'first-frame' }
  | { readonly event: 'way'; readonly way: 'direct' | 'relay' }
  | { readonly event: 'message'; readonly message: CallMessage }
  | { readonly event: 'tick' };

export type CallEffect =
  | { readonly effect: 'send'; readonly message: Outgoing }
  /** Prepares a WebRTC offer for a ticket. The event `prepared` returns it. */
  | { readonly effect: 'prepare'; readonly ticket: string; readonly mode: Mode }
  /** Opens the chat of a call and, in a video call, a media connection. */
  | {
      readonly effect: 'open';
      readonly call: Call;
      /** The peer's offer if this page is the answerer, otherwise `null`. */
      readonly offer: string | null;
      readonly offerUsed: boolean;
    }
  /** Opens the chat of an earlier page load's call and asks the node to resume the call. */
  | { readonly effect: 'rejoin'; readonly call: Call }
  /** Opens the media connection of the call's new mode, and closes that of the mode before. */
  | { readonly effect: 'turn'; readonly call: Call }
  /** Ends the media of the mode before, and the devices that the new mode doesn't use. */
  | { readonly effect: 'end-media'; readonly mode: Mode }
  | { readonly effect: 'close' }
  | { readonly effect: 'signal'; readonly message: SignalMessage }
  | { readonly effect: 'allow-direct'; readonly allowed: boolean }
  /**
   * Asks the node to restore the call. Sends the call's receipt and counts of the received chat
   * lines.
   */
  | { readonly effect: 'restore'; readonly receipt: string }
  | { readonly effect: 'restored'; readonly restored: ServerMessageOf<'call.restored'> }
  | { readonly effect: 'ask-rules'; readonly why: 'age-required' | 'policy-changed' }
  | { readonly effect: 'wish-refused'; readonly fault: WishFault };

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
  return (state.state === 'connecting' || state.state === 'live') && !state.call.aside;
}

export function coverOf(state: CallState): MediaState['cover'] {
  return state.state === 'live' && !state.call.aside ? state.call.cover : 'covered';
}

/** Returns the media state that is sent to the peer, or `null` outside a call. */
export function mediaOf(state: CallState): MediaState | null {
  if (!isInCall(state)) return null;
  if (state.state === 'confirming-next' || state.call.aside) {
    return {
      camera: state.media.camera === 'off' ? 'off' : 'paused',
      microphone: 'off',
      cover: 'covered',
    };
  }
  return { ...state.media, cover: coverOf(state) };
}

/**
 * Whether the call ended because of this user, who ended it or was away. No search then follows
 * automatically.
 */
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

/** Returns the mode of the search or call, also after the call's end; null outside of both. */
export function modeNow(state: CallState): Mode | null {
  return isInCall(state) ? state.call.mode : modeOf(state);
}

/** Returns the mode of the search or of the ended call. Null in the other states. */
export function modeOf(state: CallState): Mode | null {
  if (state.state === 'searching' || state.state === 'held') return state.pursuit.wishes.mode;
  return state.state === 'ended' ? state.call.mode : null;
}
