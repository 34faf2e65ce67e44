export type Kind = 'video' | 'audio';

/**
 * One device in use: the track that the person sees, and its twin that the stranger gets. They are
 * two so that sending can stop at once (`enabled` works in the same turn, no promise in between)
 * while the person still sees their own picture.
 */
export class LocalDevice {
  readonly own: MediaStreamTrack;
  readonly sent: MediaStreamTrack;
  on: boolean;
  /** Something outside took it away: another program, a phone call, a plug. */
  interrupted: boolean;

  constructor(own: MediaStreamTrack, on: boolean) {
    this.own = own;
    this.sent = own.clone();
    this.on = on;
    this.interrupted = own.readyState === 'ended';
  }

  /** By which the browser lists it. */
  get id(): string | null {
    return this.own.getSettings().deviceId ?? null;
  }

  /** To ask for this very device; one that is gone gives way to any other. */
  get again(): MediaTrackConstraints {
    return this.id === null ? {} : { deviceId: { ideal: this.id } };
  }

  /** `user` looks at the person, `environment` away from them; null where there is no saying. */
  get facing(): string | null {
    return this.own.getSettings().facingMode ?? null;
  }

  /** Whether the browser blurs what is behind the person; null where that is not the page's to say. */
  get blurred(): boolean | null {
    // Not every browser of ours has them.
    const { backgroundBlur: may = [] } =
      'getCapabilities' in this.own ? this.own.getCapabilities() : {};
    if (!may.includes(true) || !may.includes(false)) return null;
    return this.sent.getSettings().backgroundBlur === true;
  }

  /**
   * Both tracks: what the person sees of themselves is what the stranger gets, and where the browser does
   * one alone, no less than that is blurred for the stranger.
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
