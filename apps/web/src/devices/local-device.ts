import type { TrackEffect } from './track-effects.ts';

export type Kind = 'video' | 'audio';

/**
 * State of the effect that the page applies to a device: background blur of a camera, strong noise
 * suppression of a microphone.
 */
export type EffectState = 'off' | 'starting' | 'on' | 'failed';

/**
 * An open device. The user sees or measures one track, and the peer gets a clone of it. Disabling
 * the clone stops sending synchronously while the first track continues.
 */
export class LocalDevice {
  readonly kind: Kind;
  /** The browser's track, before any effect. Its settings and events are those of the device. */
  readonly source: MediaStreamTrack;
  on: boolean;
  interrupted: boolean;
  effectState: EffectState = 'off';
  #effect: TrackEffect | null = null;
  #sent: MediaStreamTrack;

  constructor(source: MediaStreamTrack, on: boolean) {
    this.kind = source.kind === 'video' ? 'video' : 'audio';
    this.source = source;
    this.#sent = source.clone();
    this.on = on;
    this.interrupted = source.readyState === 'ended';
  }

  /** What the user sees of a camera: the source, or the output of the effect. */
  get own(): MediaStreamTrack {
    return this.#effect?.track ?? this.source;
  }

  get sent(): MediaStreamTrack {
    return this.#sent;
  }

  get id(): string | null {
    return this.source.getSettings().deviceId ?? null;
  }

  /** Constraints that prefer this device. If it isn't connected, the browser opens another. */
  get again(): MediaTrackConstraints {
    return this.id === null ? {} : { deviceId: { ideal: this.id } };
  }

  /** The direction that the camera faces: `user`, `environment`, or `null` if unknown. */
  get facing(): string | null {
    return this.source.getSettings().facingMode ?? null;
  }

  /** Whether the browser blurs the background, or `null` if it can't blur this camera's. */
  get blurred(): boolean | null {
    // Some supported browsers have no `getCapabilities` on tracks.
    const { backgroundBlur: may = [] } =
      'getCapabilities' in this.source ? this.source.getCapabilities() : {};
    if (!may.includes(true) || !may.includes(false)) return null;
    return this.#sent.getSettings().backgroundBlur === true;
  }

  /**
   * Whether nothing of the camera may be sent, because the blur that the user wants isn't there.
   * Sound is sent without its effect.
   */
  get isWithheld(): boolean {
    return (
      this.kind === 'video' && (this.effectState === 'starting' || this.effectState === 'failed')
    );
  }

  /**
   * Changes the browser's background blur of the user's own picture and of the sent picture, in an
   * order in which the peer never gets less blur than the user sees.
   */
  async blur(on: boolean): Promise<void> {
    for (const track of on ? [this.#sent, this.source] : [this.source, this.#sent]) {
      await track.applyConstraints({ ...track.getConstraints(), backgroundBlur: on });
    }
  }

  /** Replaces the effect; `null` ends it. The tracks are disabled until `enable` is called. */
  use(effect: TrackEffect | null): void {
    const before = this.#effect;
    if (before === effect) return;
    this.#sent.stop();
    this.#effect = effect;
    this.#sent = this.own.clone();
    this.#sent.enabled = false;
    before?.stop();
  }

  enable(sending: boolean): void {
    this.source.enabled = this.on;
    this.own.enabled = this.on;
    this.#sent.enabled = this.on && sending && !this.isWithheld;
  }

  stop(): void {
    this.source.stop();
    this.#sent.stop();
    this.#effect?.stop();
    this.#effect = null;
  }
}
