import type { ReadonlySignal } from '@preact/signals';
import type { ListedDevice } from './device-access.ts';
import type { LoudnessTold } from './device-senses.ts';

/** Actions work in a call too, and do nothing while no device is in use. */
export interface DeviceChoice {
  readonly lists: ReadonlySignal<DeviceListsView>;
  /** What happened to the devices from outside; null when there is nothing to say. */
  readonly news: ReadonlySignal<DeviceNews | null>;
  /** What one's own microphone hears; null without one. Never play it: `hear` measures it. */
  readonly sound: ReadonlySignal<MediaStream | null>;
  /** How far the person is with trying their speaker. */
  readonly speakerTest: ReadonlySignal<SpeakerTest>;
  /** Show one's own picture as in a mirror: by preference, and never a camera that looks away. */
  readonly mirrored: ReadonlySignal<boolean>;
  /** Uses one of the lists from now on, and remembers it. */
  choose(kind: ListedDevice['kind'], id: string): void;
  /**
   * Tells how loud the microphone is, many times a second, while there is one.
   *
   * @returns a function that stops it
   */
  hear(told: LoudnessTold): () => void;
  /** The same of one that is switched off: it is measured here, and nothing of it is sent. */
  hearMuted(told: LoudnessTold): () => void;
  /** Plays a sound by the chosen speaker. Call it from a press. */
  testSpeaker(): void;
  /** "Did you hear it?", of what was played last. */
  answerSpeakerTest(heard: boolean): void;
  /** The camera on the other side of a phone, or else the next in the list. */
  switchCamera(): void;
  /** "Use it", of the devices that `news` offers. */
  takeOffer(): void;
  dismissNews(): void;
}

/**
 * `played`: whether it was heard is still to be said, and then `heard` or `unheard`; `failed`: the
 * browser would not play it there.
 */
export type SpeakerTest = 'untried' | 'playing' | 'played' | 'heard' | 'unheard' | 'failed';

/** A list is empty until the browser tells names: once the devices were given. */
export interface DeviceListsView {
  readonly cameras: readonly ListedDevice[];
  readonly microphones: readonly ListedDevice[];
  /** Null where the page may not choose: the system's own speaker plays. */
  readonly speakers: readonly ListedDevice[] | null;
  /** The ids of those in use; null where there is none, or where the browser does not say. */
  readonly camera: string | null;
  readonly microphone: string | null;
  /** Null: the system's own. */
  readonly speaker: string | null;
  /** "Switch camera" is worth offering: one is in use, and there is another. */
  readonly canSwitchCamera: boolean;
  /** The browser blurs what is behind the person; null where it cannot, or leaves no choice. */
  readonly blurred: boolean | null;
}

/**
 * - `replaced`: one was unplugged, and `label` took its place;
 * - `offered`: `label` was plugged in, as these devices.
 */
export type DeviceNews =
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
