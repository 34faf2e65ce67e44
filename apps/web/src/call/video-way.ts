import type { DevicesWanted } from '../state/app-model.ts';
import type { VideoRefusal } from './call-state.ts';

/** How a text call goes on by video, as a screen may see and do it. */

export interface VideoActions {
  /**
   * Text call: "Turn on video", and the yes to the other person's. Asks for the devices, and says
   * nothing yet. Call it from a press: browsers want one before they ask.
   */
  prepare(wanted?: DevicesWanted): void;
  /** Having seen themselves: says the yes. */
  agree(): void;
  /** "Not now": no to theirs, or one's own offer taken back. The camera goes off. */
  decline(): void;
}

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
