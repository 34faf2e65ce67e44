import type { Clock } from '@farandole/kernel/clock';
import type { ShieldRules } from '@farandole/protocol/shield-rules';
import type { ReadonlySignal } from '@preact/signals';
import type { OpenViewer } from '../call/rtc-handler.ts';
import type { DevicesView } from '../devices/devices-view.ts';
import type { Scheduler } from '../signal/ports.ts';
import type { Classifier } from './classifier.ts';
import type { CachedClassifier } from './classifier-keeper.ts';
import type { OwnCheckState, OwnCheckView } from './own-check.ts';
import type { Part } from './sampling.ts';
import type { ShieldView } from './shield-view.ts';

/** `off` acts as `ask` unless the server allows it. */
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
  /** Checks the user's own picture; null stops. */
  watchOwn(track: MediaStreamTrack | null): void;
  /** Starts covered with a new peer. */
  begin(stranger: Sampled): void;
  pictureCame(): void;
  consent(consent: boolean): void;
  /** After a flag: the user wants to see it. */
  resume(): void;
  retry(): void;
  end(): void;
}

/** Whether the own picture is clean or absent. */
export function isFitToBeSeen(state: OwnCheckState): boolean {
  return state === 'clean' || state === 'none';
}

/** Checks the own camera while it is on. */
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
  readonly openClassifier: () => Promise<Classifier>;
  readonly openViewer: OpenViewer;
  readonly hidden: ReadonlySignal<boolean>;
  readonly rules: () => ShieldRules;
  /** Read at the start of each call. */
  readonly isOff: () => boolean;
}
