export interface DevicesWanted {
  readonly camera: boolean;
  readonly microphone: boolean;
}

/**
 * - `unsupported`: no getUserMedia;
 * - `dismissed`: the prompt was closed without an answer;
 * - `blocked`: by the site setting; the page continues when it changes;
 * - `blocked-by-system`: by the operating system;
 * - `in-use`: by another program.
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
  /** The failed device, as far as it is known. */
  readonly device: 'camera' | 'microphone' | 'both';
}

/** `absent`: not requested or not present. `interrupted`: taken by something outside the page. */
export type DeviceState = 'absent' | 'on' | 'off' | 'interrupted';

export interface DevicesView {
  readonly state: 'not-asked' | 'asking' | 'ready' | 'failed';
  /** Set in `failed`, and in `ready` after a failed restart. */
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
