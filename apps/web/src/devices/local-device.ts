export type Kind = 'video' | 'audio';

/**
 * One open device: the track for the preview and its clone for the peer. Setting `enabled` on the
 * clone stops sending synchronously while the preview continues.
 */
export class LocalDevice {
  readonly own: MediaStreamTrack;
  readonly sent: MediaStreamTrack;
  on: boolean;
  interrupted: boolean;

  constructor(own: MediaStreamTrack, on: boolean) {
    this.own = own;
    this.sent = own.clone();
    this.on = on;
    this.interrupted = own.readyState === 'ended';
  }

  get id(): string | null {
    return this.own.getSettings().deviceId ?? null;
  }

  /** Constraints that prefer this device; a missing one falls back to any other. */
  get again(): MediaTrackConstraints {
    return this.id === null ? {} : { deviceId: { ideal: this.id } };
  }

  /** `user` or `environment`; null if unknown. */
  get facing(): string | null {
    return this.own.getSettings().facingMode ?? null;
  }

  /** Null where the page can't control blurring. */
  get blurred(): boolean | null {
    // Not every supported browser has capabilities for tracks.
    const { backgroundBlur: may = [] } =
      'getCapabilities' in this.own ? this.own.getCapabilities() : {};
    if (!may.includes(true) || !may.includes(false)) return null;
    return this.sent.getSettings().backgroundBlur === true;
  }

  /** Blurs both tracks. The peer never gets less blur than the preview shows. */
  async blur(on: boolean): Promise<void> {
    for (const track of on ? [this.sent, this.own] : [this.own, this.sent]) {
      await track.applyConstraints({ ...track.getConstraints(), backgroundBlur: on });
    }
  }

  enable(sending: boolean): void {
    this.own.enabled = this.on;
    this.sent.enabled = this.on && sending;
  }

  stop(): void {
    this.own.stop();
    this.sent.stop();
  }
}
