import type { ReadonlySignal } from '@preact/signals';
import type { LoudnessListener } from './audio-meter.ts';
import type { ListedDevice } from './device-access.ts';

/** Actions also work during a call. They do nothing without an open device. */
export interface DeviceChoice {
  readonly lists: ReadonlySignal<DeviceListsView>;
  /** The last device change from outside; null when there is none to show. */
  readonly news: ReadonlySignal<DeviceChange | null>;
  /** The microphone's sound; null without one. Measure it with `hear`, never play it. */
  readonly sound: ReadonlySignal<MediaStream | null>;
  readonly speakerTest: ReadonlySignal<SpeakerTest>;
  /** Whether the preview is mirrored: the user's preference, but never for a rear camera. */
  readonly mirrored: ReadonlySignal<boolean>;
  choose(kind: ListedDevice['kind'], id: string): void;
  /** Reports the microphone's loudness many times a second. @returns a function that stops it */
  hear(listener: LoudnessListener): () => void;
  /** Like `hear` for a muted microphone. Measured locally; nothing is sent. */
  hearMuted(listener: LoudnessListener): () => void;
  /** Needs a user gesture. */
  testSpeaker(): void;
  answerSpeakerTest(heard: boolean): void;
  /** Switches a phone's front and rear camera, or takes the next in the list. */
  switchCamera(): void;
  takeOffer(): void;
  dismissChange(): void;
}

/** `played`: waits for the user's answer. `failed`: the browser couldn't play there. */
export type SpeakerTest = 'untried' | 'playing' | 'played' | 'heard' | 'unheard' | 'failed';

/** Lists stay empty until permission is given, since browsers hide names before. */
export interface DeviceListsView {
  readonly cameras: readonly ListedDevice[];
  readonly microphones: readonly ListedDevice[];
  /** Null where the page can't choose the speaker. */
  readonly speakers: readonly ListedDevice[] | null;
  /** Id in use; null where there is none or the browser doesn't tell. */
  readonly camera: string | null;
  readonly microphone: string | null;
  /** Null: the system default. */
  readonly speaker: string | null;
  readonly canSwitchCamera: boolean;
  /** Null where the browser can't blur, or decides on its own. */
  readonly blurred: boolean | null;
}

/**
 * - `replaced`: a device was unplugged and `label` took its place;
 * - `offered`: these devices were plugged in, the first named `label`.
 */
export type DeviceChange =
  | {
      readonly news: 'replaced';
      readonly device: 'camera' | 'microphone';
      readonly label: string;
    }
  | {
      readonly news: 'offered';
      readonly label: string;
      readonly devices: readonly ListedDevice[];
    };
