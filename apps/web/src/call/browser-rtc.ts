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

/** WebRTC as browsers have it. */
export const browserRtc: RtcHandler = {
  generateCertificate: () => RTCPeerConnection.generateCertificate(CERTIFICATE),
  connect: (options) => new BrowserConnection(options),
};

const CERTIFICATE: EcKeyGenParams = { name: 'ECDSA', namedCurve: 'P-256' };
const SILENT: RtcEvents = { candidate: () => {}, stateChanged: () => {}, remoteTrack: () => {} };
const KINDS = ['audio', 'video'] as const;

class BrowserConnection implements RtcConnection {
  readonly remoteStream = new MediaStream();
  readonly remoteSound = new MediaStream();
  readonly #pc: RTCPeerConnection;
  readonly #tracks: { -readonly [K in keyof LocalTracks]: LocalTracks[K] };
  #events: RtcEvents = SILENT;
  /** Candidates are gathered for a first answer that is still to be made. */
  #hasPool: boolean;

  constructor({ iceServers, policy, certificate, tracks, role }: RtcOptions) {
    this.#tracks = { ...tracks };
    // An offerer gathers by its offer. Directly, gathering costs nothing worth being early for.
    this.#hasPool = role === 'answerer' && policy === 'relay';
    this.#pc = new RTCPeerConnection({
      ...settings({ iceServers, policy }),
      iceCandidatePoolSize: this.#hasPool ? 1 : 0,
      ...(certificate === null ? {} : { certificates: [certificate] }),
    });
    this.#pc.addEventListener('icecandidate', ({ candidate }) => {
      // An empty line ends one generation of candidates; only the end of all is worth telling.
      if (candidate === null) this.#events.candidate(null);
      else if (candidate.candidate !== '') this.#events.candidate(wire(candidate));
    });
    this.#pc.addEventListener('connectionstatechange', () => {
      this.#events.stateChanged(this.#pc.connectionState);
    });
    this.#pc.addEventListener('track', ({ track }) => this.#addRemote(track));
    for (const kind of KINDS) {
      const track = tracks[kind];
      if (role === 'offerer') {
        const { receiver } = this.#pc.addTransceiver(track ?? kind, { direction: 'sendrecv' });
        this.#addRemote(receiver.track);
      } else if (track !== null) {
        // `addTrack` and not `addTransceiver`: an offer's lines are matched with the former only.
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
    // Not awaited in between: the browser queues the answer behind the offer by itself, which
    // saves a turn of the page on the way to the first picture.
    await Promise.all([taken, this.#setAnswer()]);
    return this.#described();
  }

  /**
   * Browsers made of libwebrtc throw the pool away when a final answer is set, and use it for a
   * provisional one. So the same answer is set twice: the relay that was asked for while the person
   * waited is there at once, which saves two round trips to it.
   */
  async #setAnswer(): Promise<void> {
    if (!this.#hasPool) return await this.#pc.setLocalDescription();
    this.#hasPool = false;
    const { sdp = '' } = await this.#pc.createAnswer();
    const provisional = this.#pc.setLocalDescription({ type: 'pranswer', sdp });
    const final = this.#pc.setLocalDescription({ type: 'answer', sdp });
    // A browser without provisional answers refuses the first, and gathers with the second.
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
    this.#tracks[kind] = track;
    // Rejects only when the connection is closed meanwhile.
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
    // Before the first negotiation there is nothing to bound yet.
    if (sender === undefined || parameters === undefined || encoding === undefined) return;
    delete encoding.maxBitrate;
    delete encoding.maxFramerate;
    encoding.scaleResolutionDownBy = limits?.scaleDownBy ?? 1;
    if (limits !== null) {
      encoding.maxBitrate = limits.bitrateMax;
      encoding.maxFramerate = limits.framesPerSecondMax;
    }
    // Rejects where another change came between, or the connection is closed: the next step will do.
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
   * One of a kind. Of two pictures the shield might look at the one while the person sees the other:
   * a second line is nothing that our page offers, and whoever does is not shown it.
   */
  #addRemote(track: MediaStreamTrack): void {
    if (this.remoteStream.getTracks().some(({ kind }) => kind === track.kind)) return;
    this.remoteStream.addTrack(track);
    if (track.kind === 'audio') this.remoteSound.addTrack(track);
    this.#events.remoteTrack(track);
  }

  /** Whether an offered line would be answered one-way, for want of a track to put in. */
  #missesTrack(): boolean {
    return KINDS.some((kind) => this.#tracks[kind] === null);
  }

  /** Leaves the way open for a device that comes later, without negotiating then. */
  #openBothWays(): void {
    for (const transceiver of this.#pc.getTransceivers()) {
      if (transceiver.direction === 'recvonly') transceiver.direction = 'sendrecv';
    }
  }

  #described(): Description {
    return assertDefined(this.localDescription(), 'a local description was just set');
  }
}

/** `max-bundle` and `require`: one transport to connect in place of four. */
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
