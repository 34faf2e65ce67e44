import { assertDefined } from '@farandole/kernel/assert';
import type { Candidate } from '@farandole/protocol/fields';

import type {
  Description,
  Descriptions,
  LocalTracks,
  RtcConnection,
  RtcEvents,
  RtcHandler,
  RtcOptions,
} from './rtc-handler.ts';
import { type StatsReport, type StatsReports, wayOf } from './stats-reports.ts';
import type { VideoLimits } from './video-ladder.ts';

export const browserRtc: RtcHandler = {
  generateCertificate: () => RTCPeerConnection.generateCertificate(CERTIFICATE),
  connect: (options) => new BrowserConnection(options),
};

const CERTIFICATE: EcKeyGenParams = { name: 'ECDSA', namedCurve: 'P-256' };
const SILENT: RtcEvents = { candidate: () => {}, stateChanged: () => {}, remoteTrack: () => {} };

class BrowserConnection implements RtcConnection {
  readonly remoteStream = new MediaStream();
  readonly remoteSound = new MediaStream();
  readonly #pc: RTCPeerConnection;
  readonly #tracks: { -readonly [K in keyof LocalTracks]: LocalTracks[K] };
  #events: RtcEvents = SILENT;
  readonly #kinds: RtcOptions['kinds'];
  #hasPool: boolean;

  constructor({ iceServers, policy, certificate, tracks, role, kinds }: RtcOptions) {
    this.#kinds = kinds;
    this.#tracks = { ...tracks };
    // A pool of candidates is allocated in advance only for an answerer that uses a relay. An
    // offerer gathers candidates with its offer, and direct candidates are found quickly.
    this.#hasPool = role === 'answerer' && policy === 'relay';
    this.#pc = new RTCPeerConnection({
      ...settings({ iceServers, policy }),
      iceCandidatePoolSize: this.#hasPool ? 1 : 0,
      ...(certificate === null ? {} : { certificates: [certificate] }),
    });
    this.#pc.addEventListener('icecandidate', ({ candidate }) => {
      // In this event an empty string ends one round of candidates, and `null` ends all rounds.
      if (candidate === null) this.#events.candidate(null);
      else if (candidate.candidate !== '') this.#events.candidate(wire(candidate));
    });
    this.#pc.addEventListener('connectionstatechange', () => {
      this.#events.stateChanged(this.#pc.connectionState);
    });
    this.#pc.addEventListener('track', ({ track }) => this.#addRemote(track));
    for (const kind of kinds) {
      const track = tracks[kind];
      if (role === 'offerer') {
        const { receiver } = this.#pc.addTransceiver(track ?? kind, { direction: 'sendrecv' });
        this.#addRemote(receiver.track);
      } else if (track !== null) {
        // `addTrack` reuses a media line of the peer's offer, whereas `addTransceiver` would create
        // a new one.
        this.#pc.addTrack(track);
      }
    }
    if (role === 'answerer') {
      for (const { track } of this.#pc.getReceivers()) this.#addRemote(track);
    }
  }

  get state(): RTCPeerConnectionState {
    return this.#pc.connectionState;
  }

  get signalingState(): RTCSignalingState {
    return this.#pc.signalingState;
  }

  listen(events: RtcEvents): void {
    this.#events = events;
  }

  async offer(): Promise<Description> {
    await this.#pc.setLocalDescription();
    return this.#described();
  }

  async answer(sdp: string): Promise<Description> {
    const taken = this.#pc.setRemoteDescription({ type: 'offer', sdp });
    if (this.#missesTrack()) {
      await taken;
      this.#openBothWays();
    }
    // The answer is requested without waiting until the offer has been applied, because the browser
    // queues both steps. So the peer's first picture appears sooner.
    await Promise.all([taken, this.#setAnswer()]);
    return this.#described();
  }

  /**
   * Sets the same answer twice, first as provisional, then as final. libwebrtc discards
   * pre-allocated candidates on a final answer but uses them for a provisional one. Keeping the
   * allocated relay saves two round trips.
   */
  async #setAnswer(): Promise<void> {
    if (!this.#hasPool) return await this.#pc.setLocalDescription();
    this.#hasPool = false;
    const { sdp = '' } = await this.#pc.createAnswer();
    const provisional = this.#pc.setLocalDescription({ type: 'pranswer', sdp });
    const final = this.#pc.setLocalDescription({ type: 'answer', sdp });
    // A browser that doesn't support provisional answers rejects the provisional one and gathers
    // candidates with the final one.
    await Promise.all([provisional.catch(() => {}), final]);
  }

  async accept(sdp: string): Promise<void> {
    await this.#pc.setRemoteDescription({ type: 'answer', sdp });
  }

  localDescription(): Description | null {
    const local = this.#pc.localDescription;
    return local === null || local.type === 'pranswer' || local.type === 'rollback'
      ? null
      : { type: local.type, sdp: local.sdp };
  }

  standingAnswer(): Description | null {
    const local = this.#pc.currentLocalDescription;
    return local?.type === 'answer' ? { type: local.type, sdp: local.sdp } : null;
  }

  async addCandidate(candidate: Candidate): Promise<void> {
    await this.#pc.addIceCandidate(candidate);
  }

  configure(change: Pick<RtcOptions, 'iceServers' | 'policy'>): void {
    this.#pc.setConfiguration({ ...this.#pc.getConfiguration(), ...settings(change) });
  }

  restartIce(): void {
    this.#pc.restartIce();
  }

  replaceTrack(kind: 'audio' | 'video', track: MediaStreamTrack | null): void {
    if (!this.#kinds.includes(kind)) return;
    this.#tracks[kind] = track;
    this.#transceiverOf(kind)
      ?.sender.replaceTrack(track)
      .catch(() => {});
  }

  descriptions(): Descriptions | null {
    const { localDescription: own, remoteDescription: peer } = this.#pc;
    return own === null || peer === null ? null : { own: own.sdp, peer: peer.sdp };
  }

  async way(): Promise<'direct' | 'relay' | null> {
    return wayOf(await this.reports());
  }

  async reports(): Promise<StatsReports> {
    const reports = new Map<string, StatsReport>();
    const found = await this.#pc.getStats();
    found.forEach((report: StatsReport, id: string) => reports.set(id, report));
    return reports;
  }

  limitVideo(limits: VideoLimits | null): void {
    const sender = this.#transceiverOf('video')?.sender;
    const parameters = sender?.getParameters();
    const encoding = parameters?.encodings[0];
    if (sender === undefined || parameters === undefined || encoding === undefined) return;
    delete encoding.maxBitrate;
    delete encoding.maxFramerate;
    encoding.scaleResolutionDownBy = limits?.scaleDownBy ?? 1;
    if (limits !== null) {
      encoding.maxBitrate = limits.bitrateMax;
      encoding.maxFramerate = limits.framesPerSecondMax;
    }
    // `setParameters` rejects if another change is running or the connection is closed. This is
    // harmless, because the next quality step sets the limits again.
    sender.setParameters(parameters).catch(() => {});
  }

  close(): void {
    this.#events = SILENT;
    this.#pc.close();
  }

  #transceiverOf(kind: 'audio' | 'video'): RTCRtpTransceiver | undefined {
    return this.#pc.getTransceivers().find(({ receiver }) => receiver.track.kind === kind);
  }

  /**
   * Accepts only the peer's first track of each kind. If the peer sent two video tracks, the shield
   * could check one while the user sees the other. Our page never sends a second one.
   */
  #addRemote(track: MediaStreamTrack): void {
    if (!this.#kinds.some((kind) => kind === track.kind)) return;
    if (this.remoteStream.getTracks().some(({ kind }) => kind === track.kind)) return;
    this.remoteStream.addTrack(track);
    if (track.kind === 'audio') this.remoteSound.addTrack(track);
    this.#events.remoteTrack(track);
  }

  #missesTrack(): boolean {
    return this.#kinds.some((kind) => this.#tracks[kind] === null);
  }

  /**
   * Sets every transceiver to send and receive, so that a device can be added later without
   * renegotiation.
   */
  #openBothWays(): void {
    for (const transceiver of this.#pc.getTransceivers()) {
      if (transceiver.direction === 'recvonly') transceiver.direction = 'sendrecv';
    }
  }

  #described(): Description {
    return assertDefined(this.localDescription(), 'a local description was just set');
  }
}

/** Without `max-bundle` and `require` the connection would have four transports instead of one. */
function settings({
  iceServers,
  policy,
}: Pick<RtcOptions, 'iceServers' | 'policy'>): RTCConfiguration {
  return {
    iceServers: iceServers.map(({ urls, ...credentials }) => ({ urls: [...urls], ...credentials })),
    iceTransportPolicy: policy,
    bundlePolicy: 'max-bundle',
    rtcpMuxPolicy: 'require',
  };
}

function wire(candidate: RTCIceCandidate): Candidate {
  const { candidate: line, sdpMid, sdpMLineIndex, usernameFragment } = candidate.toJSON();
  return {
    candidate: line ?? '',
    sdpMid: sdpMid ?? null,
    sdpMLineIndex: sdpMLineIndex ?? null,
    usernameFragment: usernameFragment ?? null,
  };
}
