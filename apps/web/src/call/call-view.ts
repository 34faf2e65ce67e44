import type { MediaState, Mode } from '@farandole/protocol/fields';
import type { ShieldChoice } from '../shield/guard.ts';
import type { ShieldView } from '../shield/shield-view.ts';
import type { EndReason, VideoRefusal } from './call-state.ts';
import type { QualityView } from './quality.ts';

/** Why a search is paused. The search resumes after `retryInMs` or when the session is back. */
export type ShownPauseReason = 'no-link' | 'too-fast' | 'server-moving' | 'pool-full' | 'busy';

export interface SearchView {
  readonly mode: Mode;
  readonly held: { readonly reason: ShownPauseReason; readonly retryInMs: number | null } | null;
  /** Interests as the user typed them, or as the server normalised them once it has replied. */
  readonly interests: readonly string[];
  readonly onlyShared: boolean;
  /** True if a filter is on and `ANYONE_AFTER_MS` has passed. */
  readonly canAskAnyone: boolean;
  readonly waitedMs: number;
  /** Number of users in the queue when the search started, including this one. */
  readonly waiting: number | null;
  readonly usualWaitMs: number | null;
  readonly connectFailures: number;
  readonly quickly: number;
}

/** `stuck`: media was interrupted for `STUCK_AFTER_MS` and might not come back. */
export type MediaFlow = 'none' | 'connecting' | 'flowing' | 'interrupted' | 'stuck';

export interface PeerView {
  readonly camera: MediaState['camera'];
  readonly microphone: MediaState['microphone'];
  readonly cover: MediaState['cover'];
  /** False while the peer's session is lost. The peer may come back. */
  readonly present: boolean;
}

export interface CallView {
  readonly mode: Mode;
  readonly sharedInterests: readonly string[];
  readonly sharedLanguages: readonly string[];
  /** True if this user named languages and the two share none. The peer may have named none. */
  readonly noSharedLanguage: boolean;
  readonly elapsedMs: number;
  readonly flow: MediaFlow;
  readonly quality: QualityView | null;
  /** True from the first picture on. "Show video" works from then on. */
  readonly hasPicture: boolean;
  readonly cover: MediaState['cover'];
  readonly shield: ShieldView | null;
  readonly peer: PeerView;
  readonly next: NextView;
  readonly direct: DirectView;
  /** The upgrade to video; `null` in a video call and where no upgrade is possible. */
  readonly video: VideoOfferView | null;
  readonly restoring: boolean;
}

/** `really`: the page asks "Really?", and a press within `remainingMs` confirms. */
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
  readonly reason: EndReason;
  readonly durationMs: number;
  readonly canReport: boolean;
  readonly canBlock: boolean;
  readonly block: 'none' | 'asked' | 'accepted' | 'refused';
}

export interface CallPreferences {
  /** Whether strangers are shown after "Show video", automatically, or without the shield. */
  readonly shield: ShieldChoice;
  readonly relayOnly: boolean;
  /** Whether this user sends the smallest picture that still shows a face. */
  readonly savesData: boolean;
}

export interface VideoOfferView {
  /**
   * `theirs`: the peer agreed and waits for this user. `getting-ready`: this user prepares the
   * camera and hasn't agreed yet. `waiting`: this user agreed and waits for the peer.
   */
  readonly state: 'possible' | 'theirs' | 'getting-ready' | 'waiting';
  readonly peer: boolean;
  readonly refused: VideoRefusal | null;
  /** True once the devices are open and the own picture passed the shield's check. */
  readonly mayAgree: boolean;
}
