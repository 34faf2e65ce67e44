export interface DevicesWanted {
  readonly camera: boolean;
  readonly microphone: boolean;
}

/**
 * Why there is no camera or microphone:
 * - `unsupported`: no getUserMedia here;
 * - `dismissed`: asked and not answered, ask again; `blocked`: by the site's setting, the page goes
 *   on by itself when it changes; `blocked-by-system`: by the operating system;
 * - `not-found`; `in-use`: by another program; `failed`: something else.
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
  /** What was missing or refused, as far as it is known. */
  readonly device: 'camera' | 'microphone' | 'both';
}

/** `absent`: not asked for or not there. `interrupted`: something outside took it away. */
export type DeviceState = 'absent' | 'on' | 'off' | 'interrupted';

export interface DevicesView {
  readonly state: 'not-asked' | 'asking' | 'ready' | 'failed';
  /** With `failed`; also with `ready` after a restart that failed. */
  readonly failure: DeviceFailure | null;
  readonly camera: DeviceState;
  readonly microphone: DeviceState;
}

/** What a person chose about their devices. */
export interface DevicePreferences {
  /** The preview is mirrored. */
  readonly mirrored: boolean;
  /** How the devices are when they are first given. */
  readonly startsWithCameraOff: boolean;
  readonly startsMuted: boolean;
  /** The browser blurs the background, where it can. */
  readonly blursBackground: boolean;
  /** The browser suppresses noise, where it can. */
  readonly suppressesNoise: boolean;
}
