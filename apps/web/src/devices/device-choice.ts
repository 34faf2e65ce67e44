import type { ReadonlySignal } from '@preact/signals';
import type { LoudnessListener } from './audio-meter.ts';
import type { ListedDevice } from './device-access.ts';
import type { EffectState } from './local-device.ts';

/**
 * Lets the user choose devices, also during a call. If no device is open, the actions do nothing.
 */
export interface DeviceChoice {
  readonly lists: ReadonlySignal<DeviceListsView>;
  /** The device that was plugged in or unplugged last, or `null` if there is nothing to show. */
  readonly news: ReadonlySignal<DeviceChange | null>;
  /** Stream of the microphone whose loudness is measured, or null. It must never be played. */
  readonly sound: ReadonlySignal<MediaStream | null>;
  readonly speakerTest: ReadonlySignal<SpeakerTest>;
  /**
   * Whether the user's own picture is mirrored, as the user prefers. The picture of a rear camera
   * is never mirrored.
   */
  readonly mirrored: ReadonlySignal<boolean>;
  choose(kind: ListedDevice['kind'], id: string): void;
  /**
   * Calls `listener` with the microphone's loudness many times a second.
   * @returns a function that stops this
   */
  hear(listener: LoudnessListener): () => void;
  /**
   * Measures the loudness as `hear` does, even if the microphone is muted. The sound is never sent.
   */
  hearMuted(listener: LoudnessListener): () => void;
  /** Plays a test sound on the chosen speaker. Must be called in a user gesture. */
  testSpeaker(): void;
  answerSpeakerTest(heard: boolean): void;
  /**
   * Switches between the front and rear cameras of a phone. On other devices, switches to the next
   * camera in the list.
   */
  switchCamera(): void;
  takeOffer(): void;
  dismissChange(): void;
}

/**
 * State of the speaker test. With `played` the page waits for the user to say whether the sound was
 * heard. With `failed` the browser couldn't play on this speaker.
 */
export type SpeakerTest = 'untried' | 'playing' | 'played' | 'heard' | 'unheard' | 'failed';

/**
 * The devices from which the user can choose. The lists are empty until the user gives permission,
 * because browsers hide the names until then.
 */
export interface DeviceListsView {
  readonly cameras: readonly ListedDevice[];
  readonly microphones: readonly ListedDevice[];
  /** The speakers, or `null` if the browser doesn't let the page choose one. */
  readonly speakers: readonly ListedDevice[] | null;
  /**
   * Id of the open camera. It is `null` if no camera is open or the browser doesn't reveal the id.
   */
  readonly camera: string | null;
  readonly microphone: string | null;
  /** Id of the chosen speaker, or `null` for the system default. */
  readonly speaker: string | null;
  readonly canSwitchCamera: boolean;
  /**
   * State of the background blur, or `null` if the page can't control it. With `starting` nothing of
   * the camera is sent. With `failed` the camera was turned off.
   */
  readonly blur: EffectState | null;
  /** State of the strong noise suppression, or `null` if this browser doesn't support it. */
  readonly strongNoise: EffectState | null;
}

/**
 * Change of the connected devices:
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
