let made = 0;

export class FakeTrack extends EventTarget implements MediaStreamTrack {
  readonly id: string;
  readonly kind: 'audio' | 'video';
  readonly label: string;
  enabled = true;
  muted = false;
  contentHint = '';
  readyState: MediaStreamTrackState = 'live';
  onended = null;
  onmute = null;
  onunmute = null;
  settings: MediaTrackSettings = {};
  capabilities: MediaTrackCapabilities = {};
  readonly clones: FakeTrack[] = [];

  constructor(kind: 'audio' | 'video', label = `fake ${kind}`) {
    super();
    made += 1;
    this.id = `${kind}-${made}`;
    this.kind = kind;
    this.label = label;
  }

  stop(): void {
    this.readyState = 'ended';
  }

  /** Ends the track and fires `ended`, as unplugging the device does. `stop` fires no event. */
  end(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
    for (const clone of this.clones) clone.end();
  }

  /** Mutes or unmutes the track. Browsers mute a track when another program takes the device. */
  setMuted(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }

  clone(): FakeTrack {
    const clone = new FakeTrack(this.kind, this.label);
    clone.enabled = this.enabled;
    clone.settings = this.settings;
    clone.capabilities = this.capabilities;
    clone.readyState = this.readyState;
    this.clones.push(clone);
    return clone;
  }

  applyConstraints({ backgroundBlur }: MediaTrackConstraints = {}): Promise<void> {
    if (typeof backgroundBlur === 'boolean' && this.capabilities.backgroundBlur !== undefined) {
      this.settings = { ...this.settings, backgroundBlur };
    }
    return Promise.resolve();
  }

  getCapabilities(): MediaTrackCapabilities {
    return this.capabilities;
  }

  getConstraints(): MediaTrackConstraints {
    return {};
  }

  getSettings(): MediaTrackSettings {
    return this.settings;
  }
}

export class FakeStream extends EventTarget implements MediaStream {
  readonly id: string;
  onaddtrack = null;
  onremovetrack = null;
  readonly #tracks: MediaStreamTrack[];

  constructor(tracks: readonly MediaStreamTrack[] = []) {
    super();
    made += 1;
    this.id = `stream-${made}`;
    this.#tracks = [...tracks];
  }

  get active(): boolean {
    return this.#tracks.some((track) => track.readyState === 'live');
  }

  addTrack(track: MediaStreamTrack): void {
    if (!this.#tracks.includes(track)) this.#tracks.push(track);
  }

  removeTrack(track: MediaStreamTrack): void {
    const at = this.#tracks.indexOf(track);
    if (at >= 0) this.#tracks.splice(at, 1);
  }

  getTracks(): MediaStreamTrack[] {
    return [...this.#tracks];
  }

  getAudioTracks(): MediaStreamTrack[] {
    return this.#tracks.filter((track) => track.kind === 'audio');
  }

  getVideoTracks(): MediaStreamTrack[] {
    return this.#tracks.filter((track) => track.kind === 'video');
  }

  getTrackById(id: string): MediaStreamTrack | null {
    return this.#tracks.find((track) => track.id === id) ?? null;
  }

  clone(): FakeStream {
    return new FakeStream(this.#tracks.map((track) => track.clone()));
  }
}
