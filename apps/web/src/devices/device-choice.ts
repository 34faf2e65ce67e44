import type { ReadonlySignal } from '@preact/signals';
import type { LoudnessListener } from './audio-meter.ts';
import type { ListedDevice } from './device-access.ts';

/** Choice of devices, also during a call. The actions do nothing if no device is open. */
export interface DeviceChoice {
  readonly lists: ReadonlySignal<DeviceListsView>;
  /** The last device that was connected or disconnected; `null` if there is nothing to show. */
  readonly news: ReadonlySignal<DeviceChange | null>;
  /** The microphone's stream for `hear`, or null. It must never be played. */
  readonly sound: ReadonlySignal<MediaStream | null>;
  readonly speakerTest: ReadonlySignal<SpeakerTest>;
  /** Whether the preview is mirrored, as the user prefers. A rear camera is never mirrored. */
  readonly mirrored: ReadonlySignal<boolean>;
  choose(kind: ListedDevice['kind'], id: string): void;
  /**
   * Reports the microphone's loudness many times a second.
   * @returns a function that stops the reports
   */
  hear(listener: LoudnessListener): () => void;
  /** Like `hear`, also for a muted microphone. The sound is measured here and never sent. */
  hearMuted(listener: LoudnessListener): () => void;
  /** Plays a test sound. Needs a user gesture. */
  testSpeaker(): void;
  answerSpeakerTest(heard: boolean): void;
  /** Switches between the front and rear cameras of a phone, or to the next camera in the list. */
  switchCamera(): void;
  takeOffer(): void;
  dismissChange(): void;
}

/**
 * `played`: the page waits for the user to say whether the sound was heard. `failed`: the browser
 * couldn't play on this speaker.
 */
export type SpeakerTest = 'untried' | 'playing' | 'played' | 'heard' | 'unheard' | 'failed';

/**
 * Lists of devices. They are empty until the user gives permission, as browsers hide names before.
 */
export interface DeviceListsView {
  readonly cameras: readonly ListedDevice[];
  readonly microphones: readonly ListedDevice[];
  /** The speakers; `null` if the page can't choose one. */
  readonly speakers: readonly ListedDevice[] | null;
  /** Id of the open camera; `null` if none is open or the browser doesn't reveal the id. */
  readonly camera: string | null;
  readonly microphone: string | null;
  /** Id of the chosen speaker; `null` for the system default. */
  readonly speaker: string | null;
  readonly canSwitchCamera: boolean;
  /** Whether the background is blurred; `null` if the page can't control it. */
  readonly blurred: boolean | null;
}

/**
 * - `replaced`: a device was unplugged, and the device `label` is used now;
 * - `offered`: new devices were plugged in, and `label` names the first.
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
