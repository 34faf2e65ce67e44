import type { ExchangeCall, ExchangeWish, MediaState, Mode } from '@farandole/protocol/fields';
import type { ShieldChoice } from '../shield/guard.ts';
import type { ShieldView } from '../shield/shield-view.ts';
import type { EndReason, ExchangeRefusal, VideoRefusal, Wishes } from './call-state.ts';
import type { QualityView } from './quality.ts';

/** Why a search is paused. The search resumes after `retryInMs` or when the session is back. */
export type ShownPauseReason =
  | 'no-link'
  | 'proving'
  | 'too-fast'
  | 'server-moving'
  | 'pool-full'
  | 'busy'
  | 'meeting-over'
  | 'closed'
  | 'not-offered'
  | ExchangeRefusal;

export interface SearchView {
  readonly mode: Mode;
  readonly held: {
    readonly reason: ShownPauseReason;
    readonly retryInMs: number | null;
    /** Completed part of the proof of work, from 0 to 1, if the search waits for the proof. */
    readonly share?: number;
  } | null;
  /** The user's interests: as typed, or as normalised by the server once it has replied. */
  readonly interests: readonly string[];
  readonly onlyShared: boolean;
  /** The private meeting that the user waits for. Null in an ordinary search. */
  readonly meeting: Wishes['meeting'] | null;
  /** The language exchange that the user seeks. Null in an ordinary search. */
  readonly exchange: ExchangeWish | null;
  /**
   * Whether the page offers to match with anyone. True once a search with a filter has taken
   * `ANYONE_AFTER_MS`.
   */
  readonly canAskAnyone: boolean;
  readonly waitedMs: number;
  readonly usualWaitMs: number | null;
  /** Time until the hour for which the user waits, 0 in the hour. Null without an hour. */
  readonly opensInMs: number | null;
  readonly connectFailures: number;
  readonly quickly: number;
}

/** `stuck` means that media was interrupted for `STUCK_AFTER_MS` and might not come back. */
export type MediaFlow = 'none' | 'connecting' | 'flowing' | 'interrupted' | 'stuck';

export interface PeerView {
  readonly camera: MediaState['camera'];
  readonly microphone: MediaState['microphone'];
  readonly cover: MediaState['cover'];
  /** Whether the peer has a session with the node. A peer whose session was lost may come back. */
  readonly present: boolean;
}

export interface CallView {
  readonly mode: Mode;
  readonly sharedInterests: readonly string[];
  readonly sharedLanguages: readonly string[];
  /** What the users learn, by seat. Null outside a language exchange. */
  readonly exchange: ExchangeCall | null;
  readonly elapsedMs: number;
  readonly flow: MediaFlow;
  readonly quality: QualityView | null;
  /** True once the stranger's first picture has arrived. "Show video" works from then on. */
  readonly hasPicture: boolean;
  readonly cover: MediaState['cover'];
  readonly shield: ShieldView | null;
  readonly peer: PeerView;
  readonly next: NextView;
  readonly direct: DirectView;
  /**
   * State of the upgrade to the next mode. It is `null` if the call has no next mode.
   */
  readonly video: VideoOfferView | null;
  readonly restoring: boolean;
}

/** In the state `really` the page asks "Really?". A press of Next within `remainingMs` confirms. */
export type NextView =
  | { readonly state: 'next' }
  | { readonly state: 'really'; readonly remainingMs: number };

export interface DirectView {
  readonly way: 'direct' | 'relay' | null;
  readonly offered: boolean;
  readonly you: boolean;
  readonly peer: boolean;
}

export interface EndedView {
  readonly mode: Mode;
  readonly exchange: ExchangeCall | null;
  readonly reason: EndReason;
  readonly durationMs: number;
  readonly canReport: boolean;
  /** Whether the page asks if the two want to meet again: they talked, and neither was reported. */
  readonly canMeetAgain: boolean;
  readonly canBlock: boolean;
  readonly block: 'none' | 'asked' | 'accepted' | 'refused';
}

export interface CallPreferences {
  /**
   * Whether strangers are shown after a press of "Show video", automatically, or without the
   * shield's check.
   */
  readonly shield: ShieldChoice;
  readonly relayOnly: boolean;
  /** Whether this user saves data by sending a smaller picture. Null before the user chose. */
  readonly savesData: boolean | null;
}

export interface VideoOfferView {
  /** The next mode of the call. */
  readonly to: Mode;
  /**
   * With `theirs` the peer has agreed and waits for this user. With `getting-ready` this user
   * prepares the devices and hasn't agreed yet. With `waiting` this user has agreed and waits
   * for the peer.
   */
  readonly state: 'possible' | 'theirs' | 'getting-ready' | 'waiting';
  readonly peer: boolean;
  readonly refused: VideoRefusal | null;
  /**
   * Whether the user may agree. True once the devices are open and, for video, the shield has
   * approved the user's own picture.
   */
  readonly mayAgree: boolean;
}
