import type { Clock } from '@farandole/kernel/clock';
import type { ShieldRules } from '@farandole/protocol/shield-rules';
import { effect, type ReadonlySignal } from '@preact/signals';
import type { OpenViewer } from '../call/rtc-handler.ts';
import type { DevicesView } from '../devices/devices-view.ts';
import type { Scheduler } from '../signal/ports.ts';
import type { Classifier } from './classifier.ts';
import type { CachedClassifier } from './classifier-keeper.ts';
import type { OwnCheckState, OwnCheckView } from './own-check.ts';
import type { Part } from './sampling.ts';
import type { ShieldView } from './shield-view.ts';

/** The preference `off` acts like `ask` unless the server allows users to turn the shield off. */
export type ShieldChoice = 'ask' | 'automatic' | 'off';

export interface Sampled {
  sample(part: Part): Promise<ImageBitmap | null>;
}

export interface Guard {
  /** Whether the shield lets the peer's picture and sound through. */
  readonly open: ReadonlySignal<boolean>;
  readonly stranger: ReadonlySignal<ShieldView>;
  readonly own: ReadonlySignal<OwnCheckView>;
  readonly classifier: ReadonlySignal<CachedClassifier>;

  prepare(): void;
  /** Starts the shield's check of the user's own picture; `null` ends the check. */
  watchOwn(track: MediaStreamTrack | null): void;
  /** Starts the shield's check of a new peer, who is covered at first. */
  begin(stranger: Sampled): void;
  pictureCame(): void;
  consent(consent: boolean): void;
  /** Handles a press of Resume: the user wants to see a peer whom the shield flagged. */
  resume(): void;
  retry(): void;
  end(): void;
}

/** Whether the user's own picture is clean or absent. */
export function isFitToBeSeen(state: OwnCheckState): boolean {
  return state === 'clean' || state === 'none';
}

/** Resolves with the result of the check of the user's own picture, once it is known. */
export function ownChecked({ own }: Pick<Guard, 'own'>): Promise<OwnCheckState> {
  const { promise, resolve } = Promise.withResolvers<OwnCheckState>();
  const stop = effect(() => {
    const { state } = own.value;
    if (state !== 'waiting' && state !== 'checking') resolve(state);
  });
  return promise.finally(stop);
}

/** Checks the picture of the user's own camera while the camera is on. */
export function watchOwnCamera(
  guard: Pick<Guard, 'watchOwn'>,
  devices: {
    readonly view: ReadonlySignal<DevicesView>;
    readonly selfStream: ReadonlySignal<MediaStream | null>;
  },
): void {
  const { state, camera } = devices.view.value;
  const [track = null] = devices.selfStream.value?.getVideoTracks() ?? [];
  guard.watchOwn(state === 'ready' && camera === 'on' ? track : null);
}

export interface GuardPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Returns a random number from 0 to below 1. */
  readonly unit: () => number;
  readonly openClassifier: () => Promise<Classifier>;
  readonly openViewer: OpenViewer;
  readonly hidden: ReadonlySignal<boolean>;
  readonly rules: () => ShieldRules;
  /** Whether the user turned the shield off. The page reads this at the start of each call. */
  readonly isOff: () => boolean;
}
