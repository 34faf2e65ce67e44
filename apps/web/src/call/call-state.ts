import { assertNever } from '@farandole/kernel/assert';
import type { MediaState, Mode } from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { RoutedMessage } from '../signal/signal-state.ts';

/** What a search asks for. */
export interface Wishes {
  readonly mode: Mode;
  readonly interests: readonly string[];
  readonly onlyShared: boolean;
  readonly languages: readonly string[];
  /** The version of the rules that the person agreed to. */
  readonly policyVersion: number;
}

/** What this person's devices do, apart from any call. */
export type OwnMedia = Pick<MediaState, 'camera' | 'microphone'>;

/** A wish that is pursued, through as many tickets as it takes. */
export interface Pursuit {
  readonly wishes: Wishes;
  readonly startedAtMs: number;
  /** Calls in a row that could not be connected. */
  readonly connectFailures: number;
  /** How often in a row this person went on, each time soon after the search before. */
  readonly quickly: number;
}

export type MatchFound = ServerMessageOf<'match.found'>;

/** A call that an older page of this person left without a word, as the node keeps it. */
export type KeptCall = NonNullable<ServerMessageOf<'session.opened'>['rejoin']>;

/** What the node said of a call, and what became of it since. */
export interface Call {
  readonly match: string;
  readonly epoch: number;
  readonly side: MatchFound['side'];
  readonly role: MatchFound['role'];
  readonly mode: Mode;
  readonly transport: MatchFound['transport'];
  readonly directOffered: boolean;
  /** Opens reports, blocks and restores. */
  readonly receipt: string;
  readonly sharedInterests: readonly string[];
  readonly sharedLanguages: readonly string[];
  /** False after a rejoin: what they have in common is not known any more. */
  readonly commonKnown: boolean;
  readonly foundAtMs: number;
  /** By the node's clock. */
  readonly startedAtMs: number;
  readonly pursuit: Pursuit;
  /** By this person's will. While "Really?" is asked all is covered, whatever stands here. */
  readonly cover: MediaState['cover'];
  /** What the other side was last told, or believes untold. */
  readonly announced: MediaState;
  readonly peer: MediaState;
  readonly peerPresent: boolean;
  readonly flow: 'none' | 'connecting' | 'flowing' | 'interrupted';
  /** Since when media is away; null while it flows. */
  readonly interruptedAtMs: number | null;
  /** From `mediaFromMs`; null before the first picture. */
  readonly firstFrameMs: number | null;
  readonly firstFrameTold: boolean;
  /** How media travels, or null while it is not known. */
  readonly way: 'direct' | 'relay' | null;
  readonly direct: { readonly you: boolean; readonly peer: boolean };
  /** In a text call: going on by video, which takes both people's yes. */
  readonly video: VideoWords;
  /** From when on a first picture was to be expected. */
  readonly mediaFromMs: number;
  /** The session of this call is gone, and the node has been asked for the same call again. */
  readonly restoring: boolean;
}

export interface VideoWords {
  /** Whether the node offers it for this call. */
  readonly offered: boolean;
  readonly you: boolean;
  readonly peer: boolean;
  /** This person's last word, which the node may not have heard yet. */
  readonly said: boolean;
  /** Why this person's last yes came to nothing. */
  readonly refused: VideoRefusal | null;
}

/** `not-now` is the other person's word, the others are the node's. */
export type VideoRefusal = 'not-now' | ServerMessageOf<'video.refused'>['reason'];

/** Before either side has said anything: everything on, and each covers the other. */
export const UNTOLD_MEDIA: MediaState = { camera: 'on', microphone: 'on', cover: 'covered' };

export type HoldReason = 'too-fast' | 'server-moving' | 'pool-full' | 'busy';

/**
 * - `you`: stopped by this person; `reported`, `blocked`: by this person, by that way;
 * - `away`: the page was in the background when they met, and for too long after;
 * - `left`: by the other; `lost`: their connection did not come back;
 * - `no-connection`: calls could not be connected, several times in a row;
 * - `moving`: the server stopped; `not-restored`: it restarted and the call did not come back.
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
  /** `preparing` an offer; `asked` the node; `queued` by it. */
  readonly phase: 'preparing' | 'asked' | 'queued';
  /** False once the node refused an offer of this search. */
  readonly mayOffer: boolean;
  /** As the node normalised them. */
  readonly interests: readonly string[];
  readonly waiting: number | null;
  /** How long people have lately waited, or null where the node does not know. */
  readonly usualWaitMs: number | null;
}

export interface Held extends Base {
  readonly state: 'held';
  readonly pursuit: Pursuit;
  readonly reason: HoldReason;
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

/** "Really?": covered, mute and sending nothing until the second press, or until all returns. */
export interface ConfirmingNext extends Base {
  readonly state: 'confirming-next';
  readonly call: Call;
  readonly untilMs: number;
  /** Where it returns to: the connect deadline of `connecting`, or null for `live`. */
  readonly deadlineMs: number | null;
}

export interface Ended extends Base {
  readonly state: 'ended';
  readonly call: Call;
  readonly reason: EndReason;
  readonly endedAtMs: number;
}

export type CallState = Idle | Searching | Held | Connecting | Live | ConfirmingNext | Ended;
export type InCall = Connecting | Live | ConfirmingNext;

export const INITIAL_CALL_STATE: CallState = {
  state: 'idle',
  media: { camera: 'off', microphone: 'off' },
  pressedAtMs: null,
};

/** Messages that move the machine, all sequenced; chat and reports have owners of their own. */
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
  /** Takes up a call that an older page left. `wishes` are those of a search after it. */
  | { readonly event: 'rejoin'; readonly kept: KeptCall; readonly wishes: Wishes }
  /** `wishes` are those of the search that may follow. */
  | { readonly event: 'next'; readonly wishes: Wishes }
  | { readonly event: 'stop' }
  /** The key that stops a search, and is Next else. */
  | { readonly event: 'escape'; readonly wishes: Wishes }
  /** Ends the call since the person reports or blocks, or is not there. */
  | { readonly event: 'leave'; readonly as: 'reported' | 'blocked' | 'away' }
  | { readonly event: 'page-hidden' }
  | { readonly event: 'anyone' }
  /** Others than the search began with. */
  | { readonly event: 'wishes'; readonly wishes: Wishes }
  | { readonly event: 'cover'; readonly cover: MediaState['cover'] }
  | { readonly event: 'media'; readonly media: OwnMedia }
  | { readonly event: 'consent-direct'; readonly allowed: boolean }
  | { readonly event: 'consent-video'; readonly allowed: boolean }
  /** The offer for a ticket is ready, or will not be: null. */
  | { readonly event: 'prepared'; readonly ticket: string; readonly offer: string | null }
  | { readonly event: 'session-opened' }
  /** The node stops now, as it had announced. */
  | { readonly event: 'moved' }
  /** Of the current call's media connection. */
  | { readonly event: 'media-connected' | 'media-interrupted' | 'media-failed' | 'first-frame' }
  | { readonly event: 'way'; readonly way: 'direct' | 'relay' }
  | { readonly event: 'message'; readonly message: CallMessage }
  | { readonly event: 'tick' };

/** What the machine asks of the world, in this order. */
export type CallEffect =
  | { readonly effect: 'send'; readonly message: Outgoing }
  /** Answer with `prepared`. */
  | { readonly effect: 'prepare'; readonly ticket: string }
  /** Text and video alike: a chat opens, and in video a media connection. */
  | {
      readonly effect: 'open';
      readonly call: Call;
      /** The other's offer, for an answerer. */
      readonly offer: string | null;
      /** The offer that went with the ticket is in use. */
      readonly offerUsed: boolean;
    }
  /** A chat opens, and the node is asked for the call that it belongs to. */
  | { readonly effect: 'rejoin'; readonly call: Call }
  /** The open call goes on by a media connection of its own, and all else as it was. */
  | { readonly effect: 'turn'; readonly call: Call }
  /** At once: no media in or out of this call any more. */
  | { readonly effect: 'close' }
  | { readonly effect: 'signal'; readonly message: SignalMessage }
  | { readonly effect: 'allow-direct'; readonly allowed: boolean }
  /** Present this call's receipt, and what the chat has received. */
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

/** Whether this person's picture and sound may leave the device now. */
export function maySend(state: CallState): boolean {
  return state.state === 'connecting' || state.state === 'live';
}

/** Whether the stranger's picture and sound may reach this person now. */
export function coverOf(state: CallState): MediaState['cover'] {
  return state.state === 'live' ? state.call.cover : 'covered';
}

/** What the other side should be told of this one, or null outside a call. */
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

/** Whether this person ended it, or was not there: whom they meet next is for them to say. */
export function isOwnEnd(reason: EndReason): boolean {
  return reason === 'you' || reason === 'reported' || reason === 'blocked' || reason === 'away';
}

/** Whether a search or a call depends on the link. */
export function needsLink(state: CallState): boolean {
  return state.state !== 'idle' && state.state !== 'ended';
}

/** When `tick` is due next, or null. */
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

/** The mode of the search, or of the call that ended; null elsewhere. */
export function modeOf(state: CallState): Mode | null {
  if (state.state === 'searching' || state.state === 'held') return state.pursuit.wishes.mode;
  return state.state === 'ended' ? state.call.mode : null;
}
