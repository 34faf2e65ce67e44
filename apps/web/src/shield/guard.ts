import type { Clock } from '@farandole/kernel/clock';
import type { ShieldRules } from '@farandole/protocol/shield-rules';
import type { ReadonlySignal } from '@preact/signals';
import type { OpenViewer } from '../call/rtc-handler.ts';
import type { DevicesView } from '../devices/devices-view.ts';
import type { Scheduler } from '../signal/ports.ts';
import type { Classifier } from './classifier.ts';
import type { KeptClassifier } from './classifier-keeper.ts';
import type { Part } from './looks.ts';
import type { OwnCheckState, OwnCheckView } from './own-check.ts';
import type { ShieldView } from './shield-view.ts';

/** `off` means `ask` wherever the server does not allow it. */
export type ShieldChoice = 'ask' | 'automatic' | 'off';

/** Where a picture can be looked at. */
export interface Looked {
  look(part: Part): Promise<ImageBitmap | null>;
}

/** The page's shield as the rest of the page sees it. */
export interface Guard {
  /** Whether the stranger's picture and sound may reach the person, as far as the shield goes. */
  readonly open: ReadonlySignal<boolean>;
  /** Of the stranger of the moment. */
  readonly stranger: ReadonlySignal<ShieldView>;
  /** Of one's own picture. */
  readonly own: ReadonlySignal<OwnCheckView>;
  readonly classifier: ReadonlySignal<KeptClassifier>;

  /** Somebody is to be met soon: what it takes to look is fetched. */
  prepare(): void;
  /** Looks at one's own picture from now on; null for no longer. */
  watchOwn(track: MediaStreamTrack | null): void;
  /** There is a stranger, covered until more is known. */
  begin(stranger: Looked): void;
  /** Their first frame is here. */
  pictureCame(): void;
  consent(consent: boolean): void;
  /** After a flag: the person wants to see it. */
  resume(): void;
  /** Tries again what could not be had. */
  retry(): void;
  /** The stranger is left. */
  end(): void;
}

/** Whether somebody may be met with one's own picture as it is: it is clean, or there is none. */
export function isFitToBeSeen(state: OwnCheckState): boolean {
  return state === 'clean' || state === 'none';
}

/** Has one's own camera looked at, as far as it is on. */
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
  /** Whether the page is in the background. */
  readonly hidden: ReadonlySignal<boolean>;
  /** What the operator says. */
  readonly rules: () => ShieldRules;
  /** Whether this person does without; asked at the beginning of each call. */
  readonly isOff: () => boolean;
}
