import type { MediaState, Mode } from '@farandole/protocol/fields';
import type { ShieldChoice } from '../shield/guard.ts';
import type { ShieldView } from '../shield/shield-view.ts';
import type { EndReason, VideoRefusal } from './call-state.ts';
import type { QualityView } from './quality.ts';

/**
 * Why a search does not go on just now. Each ends by itself when `retryInMs` has run down, or
 * when the link is back.
 */
export type HeldReason = 'no-link' | 'too-fast' | 'server-moving' | 'pool-full' | 'busy';

export interface SearchView {
  readonly mode: Mode;
  readonly held: { readonly reason: HeldReason; readonly retryInMs: number | null } | null;
  /** As the server normalised them, once it has. */
  readonly interests: readonly string[];
  readonly onlyShared: boolean;
  /** "Anyone" is worth offering: a filter is on and some seconds have passed. */
  readonly canAskAnyone: boolean;
  readonly waitedMs: number;
  /** People in the queue, this one included, as the server said at the start. */
  readonly waiting: number | null;
  /** How long people have lately waited in this mode; null while it is not known. */
  readonly usualWaitMs: number | null;
  /** Calls in a row that could not be connected: above 0, "Looking for another". */
  readonly connectFailures: number;
  /** How often in a row this person went on, each time soon after the search before. */
  readonly quickly: number;
}

/** `stuck`: lost for so long that the person should know that it may not come back. */
export type MediaFlow = 'none' | 'connecting' | 'flowing' | 'interrupted' | 'stuck';

export interface PeerView {
  readonly camera: MediaState['camera'];
  readonly microphone: MediaState['microphone'];
  /** Whether they still have this person covered. */
  readonly cover: MediaState['cover'];
  /** False: their link to the server is lost; they may come back. */
  readonly present: boolean;
}

export interface CallView {
  readonly mode: Mode;
  readonly sharedInterests: readonly string[];
  readonly sharedLanguages: readonly string[];
  /** This person said what they speak, and the two named no language in common: the other may have named none. */
  readonly noSharedLanguage: boolean;
  readonly elapsedMs: number;
  /** `none` in a text call. */
  readonly flow: MediaFlow;
  /** Null in a text call, and before anything is known of it. */
  readonly quality: QualityView | null;
  /** True from the first picture on: "Show video" means something. */
  readonly hasPicture: boolean;
  readonly cover: MediaState['cover'];
  /** Null in a text call. */
  readonly shield: ShieldView | null;
  readonly peer: PeerView;
  readonly next: NextView;
  readonly direct: DirectView;
  /** Going on by video; null in a video call, and where it is not to be had. */
  readonly video: VideoOfferView | null;
  /** The server restarted: the same call is being put together again. */
  readonly restoring: boolean;
}

/** `really`: one more press within `remainingMs` goes on; else all returns. */
export type NextView =
  | { readonly state: 'next' }
  | { readonly state: 'really'; readonly remainingMs: number };

export interface DirectView {
  /** How media travels now; null while it is not known. */
  readonly way: 'direct' | 'relay' | null;
  /** Whether a direct connection may be chosen by both. */
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
  /** `asked`: on its way to the server. `accepted`: on its disk. */
  readonly block: 'none' | 'asked' | 'accepted' | 'refused';
}

/** What a person chose about calls. */
export interface CallPreferences {
  /** When a stranger is shown: after "Show video", by itself, or, where allowed, unchecked. */
  readonly shield: ShieldChoice;
  /** Media goes through the server's relay or not at all. */
  readonly relayOnly: boolean;
  /** The picture is sent no larger than still shows a face. */
  readonly savesData: boolean;
}

/** How a text call goes on by video. */
export interface VideoOfferView {
  /**
   * `possible`; `theirs`: the other person has said yes, and waits; `getting-ready`: this person is
   * on the way to a yes, sees themselves and has said nothing; `waiting` for the other's word.
   */
  readonly state: 'possible' | 'theirs' | 'getting-ready' | 'waiting';
  /** Whether the other person has said yes. */
  readonly peer: boolean;
  /** Why the last yes of this person came to nothing. */
  readonly refused: VideoRefusal | null;
  /** Devices are there and one's own picture is fit: `agreeToVideo` means something. */
  readonly mayAgree: boolean;
}
