export interface DevicesWanted {
  readonly camera: boolean;
  readonly microphone: boolean;
}

/**
 * - `unsupported`: the browser has no `getUserMedia`;
 * - `dismissed`: the user closed the prompt without an answer;
 * - `blocked`: the site setting forbids it; the page continues when the setting changes;
 * - `blocked-by-system`: the operating system forbids it;
 * - `in-use`: another program uses the device.
 */
export type DeviceFailureKind =
  | 'unsupported'
  | 'dismissed'
  | 'blocked'
  | 'blocked-by-system'
  | 'not-found'
  | 'in-use'
  | 'failed';

export interface DeviceFailure {
  readonly kind: DeviceFailureKind;
  /** The device that failed; `both` if unknown. */
  readonly device: 'camera' | 'microphone' | 'both';
}

/**
 * `absent`: not requested or not connected. `interrupted`: the system or another program took the
 * device.
 */
export type DeviceState = 'absent' | 'on' | 'off' | 'interrupted';

export interface DevicesView {
  readonly state: 'not-asked' | 'asking' | 'ready' | 'failed';
  /** The last failure: in the state `failed`, or after a failed retry in the state `ready`. */
  readonly failure: DeviceFailure | null;
  readonly camera: DeviceState;
  readonly microphone: DeviceState;
}

export const NO_DEVICES: DevicesView = {
  state: 'not-asked',
  failure: null,
  camera: 'absent',
  microphone: 'absent',
};

export interface DevicePreferences {
  readonly mirrored: boolean;
  readonly startsWithCameraOff: boolean;
  readonly startsMuted: boolean;
  readonly blursBackground: boolean;
  readonly suppressesNoise: boolean;
}
