export type Kind = 'video' | 'audio';

/**
 * An open device with two tracks: one for the user's own picture or measurement, and a clone for
 * the peer. Disabling the clone stops sending synchronously while the first track continues.
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

  /** Constraints that prefer this device. If it isn't connected, the browser opens another. */
  get again(): MediaTrackConstraints {
    return this.id === null ? {} : { deviceId: { ideal: this.id } };
  }

  /** The direction that the camera faces: `user`, `environment`, or `null` if unknown. */
  get facing(): string | null {
    return this.own.getSettings().facingMode ?? null;
  }

  get blurred(): boolean | null {
    // Some supported browsers have no `getCapabilities` on tracks.
    const { backgroundBlur: may = [] } =
      'getCapabilities' in this.own ? this.own.getCapabilities() : {};
    if (!may.includes(true) || !may.includes(false)) return null;
    return this.sent.getSettings().backgroundBlur === true;
  }

  /**
   * Changes the background blur of the user's own picture and of the sent picture, in an order in
   * which the peer never gets less blur than the user sees.
   */
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
