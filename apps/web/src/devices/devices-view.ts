export interface DevicesWanted {
  readonly camera: boolean;
  readonly microphone: boolean;
}

/**
 * Why a device failed to open:
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
  /** The device that failed to open. It is `both` if the browser doesn't say which one failed. */
  readonly device: 'camera' | 'microphone' | 'both';
}

/**
 * With `absent` the device was not requested or is not connected. With `interrupted` the system or
 * another program took the device.
 */
export type DeviceState = 'absent' | 'on' | 'off' | 'interrupted';

export interface DevicesView {
  readonly state: 'not-asked' | 'asking' | 'ready' | 'failed';
  /**
   * Why opening the devices failed. In the state `ready` devices are open, and a later attempt to
   * open devices failed.
   */
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
  /**
   * Whether the browser suppresses noise. With `strong` the page also filters the sound by a neural
   * network.
   */
  readonly suppressesNoise: boolean | 'strong';
}
