import type { MediaState, Mode } from '@farandole/protocol/fields';
import type { ShieldChoice } from '../shield/guard.ts';
import type { ShieldView } from '../shield/shield-view.ts';
import type { EndReason, VideoRefusal } from './call-state.ts';
import type { QualityView } from './quality.ts';

/** Why a search is paused. Resumes after `retryInMs` or when the link is back. */
export type ShownPauseReason = 'no-link' | 'too-fast' | 'server-moving' | 'pool-full' | 'busy';

export interface SearchView {
  readonly mode: Mode;
  readonly held: { readonly reason: ShownPauseReason; readonly retryInMs: number | null } | null;
  /** Normalised by the server, once it replied. */
  readonly interests: readonly string[];
  readonly onlyShared: boolean;
  /** A filter is on and ANYONE_AFTER_MS has passed. */
  readonly canAskAnyone: boolean;
  readonly waitedMs: number;
  /** Users in the queue at the start, including this one. */
  readonly waiting: number | null;
  readonly usualWaitMs: number | null;
  readonly connectFailures: number;
  readonly quickly: number;
}

/** `stuck`: lost for STUCK_AFTER_MS, so it may not come back. */
export type MediaFlow = 'none' | 'connecting' | 'flowing' | 'interrupted' | 'stuck';

export interface PeerView {
  readonly camera: MediaState['camera'];
  readonly microphone: MediaState['microphone'];
  readonly cover: MediaState['cover'];
  /** False: the peer lost its link and may come back. */
  readonly present: boolean;
}

export interface CallView {
  readonly mode: Mode;
  readonly sharedInterests: readonly string[];
  readonly sharedLanguages: readonly string[];
  /** This user named languages and none is shared; the peer may have named none. */
  readonly noSharedLanguage: boolean;
  readonly elapsedMs: number;
  readonly flow: MediaFlow;
  readonly quality: QualityView | null;
  /** True from the first picture on: "Show video" works. */
  readonly hasPicture: boolean;
  readonly cover: MediaState['cover'];
  readonly shield: ShieldView | null;
  readonly peer: PeerView;
  readonly next: NextView;
  readonly direct: DirectView;
  /** Null in a video call and where no upgrade is available. */
  readonly video: VideoOfferView | null;
  readonly restoring: boolean;
}

/** `really`: a second press within `remainingMs` confirms. */
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
  /** Whether strangers are shown after "Show video", automatically or unchecked. */
  readonly shield: ShieldChoice;
  readonly relayOnly: boolean;
  /** Sends the smallest picture that still shows a face. */
  readonly savesData: boolean;
}

export interface VideoOfferView {
  /**
   * `theirs`: the peer agreed and waits. `getting-ready`: this user prepares the camera and hasn't
   * agreed. `waiting`: for the peer's answer.
   */
  readonly state: 'possible' | 'theirs' | 'getting-ready' | 'waiting';
  readonly peer: boolean;
  readonly refused: VideoRefusal | null;
  /** Devices are ready and the own picture passed the check. */
  readonly mayAgree: boolean;
}
