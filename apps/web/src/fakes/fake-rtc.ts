import { assert } from '@farandole/kernel/assert';
import type { Candidate } from '@farandole/protocol/fields';
import type {
  Description,
  Descriptions,
  LocalTracks,
  OpenViewer,
  RtcConnection,
  RtcEvents,
  RtcHandler,
  RtcOptions,
} from '../call/rtc-handler.ts';
import type { StatsReports } from '../call/stats-reports.ts';
import type { VideoLimits } from '../call/video-ladder.ts';
import { FakeStream, FakeTrack } from './fake-media.ts';
import { FakeViewer } from './fake-viewer.ts';

/**
 * The content of a fake session description. The round number links an offer with its answer and
 * candidates.
 */
interface FakeSdp {
  readonly type: 'offer' | 'answer';
  readonly from: number;
  /** Number of this description among those that its sender created. It is also the ICE `ufrag`. */
  readonly round: number;
  readonly answers: number | null;
  readonly candidates: number;
}

interface Local {
  sdp: FakeSdp;
  readonly policy: RtcOptions['policy'];
}

const SILENT: RtcEvents = { candidate: () => {}, stateChanged: () => {}, remoteTrack: () => {} };

/**
 * A fake WebRTC that carries no media. It checks descriptions and candidates as a browser does. Two
 * connections become `connected` after they have exchanged both.
 */
export class FakeRtcNetwork {
  readonly connections: FakeConnection[] = [];
  readonly viewers: FakeViewer[] = [];
  drawCover: (canvas: HTMLCanvasElement) => void = () => {};
  /** Images that were created and not yet closed. */
  readonly frames = new Set<ImageBitmap>();
  reachable = true;
  showsFrames = true;
  broken = false;
  finds: 'host' | 'srflx' | 'relay' = 'host';
  /** If false, a connection finds candidates only when a test calls `gather`. */
  gathersAtOnce = true;
  reports: StatsReports = new Map();
  /**
   * Returns the statistics reports. A test may replace this function to count packets over time.
   */
  readReports: () => StatsReports = () => this.reports;
  #certificates = 0;

  handler(): RtcHandler {
    return {
      generateCertificate: () => {
        this.#certificates += 1;
        return Promise.resolve({ expires: this.#certificates, getFingerprints: () => [] });
      },
      connect: (options) => {
        if (this.broken) throw new Error('no more connections');
        return new FakeConnection(this, this.connections.length, options);
      },
    };
  }

  readonly openViewer: OpenViewer = (firstFrame) => new FakeViewer(this, firstFrame);

  get open(): FakeConnection[] {
    return this.connections.filter((connection) => connection.state !== 'closed');
  }

  /** Breaks every connected path. The candidates that were found before no longer work. */
  breakPaths(): void {
    for (const connection of this.open) connection.breakPath('disconnected');
  }

  /**
   * Connects every two connections that have exchanged descriptions and candidates. Each viewer of
   * the received video gets its first frame.
   */
  check(): void {
    for (const connection of this.open) {
      const other = connection.agreedWith();
      if (other?.agreedWith() !== connection || !this.reachable) continue;
      connection.takePath();
      other.takePath();
    }
    for (const viewer of this.viewers) viewer.check();
  }

  peerOf(id: number): FakeConnection | undefined {
    return this.connections[id];
  }
}

export class FakeConnection implements RtcConnection {
  readonly remoteStream = new FakeStream();
  readonly remoteSound = new FakeStream();
  readonly id: number;
  readonly options: RtcOptions;
  readonly sent: { -readonly [K in keyof LocalTracks]: LocalTracks[K] };
  state: RTCPeerConnectionState = 'new';
  signalingState: RTCSignalingState = 'stable';
  policy: RtcOptions['policy'];
  restarts = 0;
  readonly limits: (VideoLimits | null)[] = [];
  queued = 0;
  readonly #network: FakeRtcNetwork;
  #events: RtcEvents = SILENT;
  /** The operations of a connection run one after another, as in a browser. */
  #chain: Promise<unknown> = Promise.resolve();
  #round = 0;
  #local: Local | null = null;
  #agreed: Local | null = null;
  #remote: FakeSdp | null = null;
  #takenBy: RtcOptions['policy'];
  #received = 0;
  #broken = false;

  constructor(network: FakeRtcNetwork, id: number, options: RtcOptions) {
    this.#network = network;
    this.id = id;
    this.options = options;
    this.policy = options.policy;
    this.#takenBy = options.policy;
    const { kinds, tracks } = options;
    this.sent = { audio: tracks.audio, video: kinds.includes('video') ? tracks.video : null };
    network.connections.push(this);
    const sound = new FakeTrack('audio');
    this.remoteStream.addTrack(sound);
    this.remoteSound.addTrack(sound);
    if (kinds.includes('video')) this.remoteStream.addTrack(new FakeTrack('video'));
  }

  listen(events: RtcEvents): void {
    this.#events = events;
  }

  offer(): Promise<Description> {
    return this.#queue(() => {
      assert(this.signalingState !== 'have-remote-offer', 'an offer is not due');
      this.signalingState = 'have-local-offer';
      return this.#describe('offer', null);
    });
  }

  answer(sdp: string): Promise<Description> {
    return this.#queue(() => {
      const offer = parse(sdp, 'offer');
      if (this.signalingState === 'have-local-offer') this.#local = this.#agreed;
      this.#takeRemote(offer);
      this.signalingState = 'stable';
      // A repeated offer doesn't restart ICE, so the answer to it is the same as before.
      const isAnswered = this.#local?.sdp.answers === offer.round;
      const described = isAnswered ? this.localDescription() : null;
      const answer = described ?? this.#describe('answer', offer.round);
      this.#agreed = this.#local;
      return answer;
    });
  }

  accept(sdp: string): Promise<void> {
    return this.#queue(() => {
      const answer = parse(sdp, 'answer');
      if (this.signalingState !== 'have-local-offer') throw new Error('no offer is open');
      // A browser accepts an answer to any offer that it has made, so an answer to an earlier offer
      // is accepted too.
      this.#takeRemote(answer);
      this.signalingState = 'stable';
      this.#agreed = this.#local;
    });
  }

  addCandidate(candidate: Candidate): Promise<void> {
    return this.#queue(() => {
      if (this.#remote === null) throw new Error('no remote description');
      const { from, round } = JSON.parse(candidate.candidate) as FakeSdp;
      if (from !== this.#remote.from || round !== this.#remote.round) throw new Error('unknown');
      this.#received += 1;
    });
  }

  localDescription(): Description | null {
    return this.#local === null ? null : write(this.#local.sdp);
  }

  standingAnswer(): Description | null {
    const sdp = this.#agreed?.sdp;
    return sdp?.type === 'answer' ? write(sdp) : null;
  }

  configure(change: Pick<RtcOptions, 'iceServers' | 'policy'>): void {
    this.policy = change.policy;
  }

  restartIce(): void {
    this.restarts += 1;
  }

  replaceTrack(kind: 'audio' | 'video', track: MediaStreamTrack | null): void {
    if (this.options.kinds.includes(kind)) this.sent[kind] = track;
  }

  descriptions(): Descriptions | null {
    if (this.#remote === null) return null;
    return { own: `of ${this.id}`, peer: `of ${this.#remote.from}` };
  }

  way(): Promise<'direct' | 'relay' | null> {
    if (this.state !== 'connected') return Promise.resolve(null);
    return Promise.resolve(this.#takenBy === 'relay' ? 'relay' : 'direct');
  }

  reports(): Promise<StatsReports> {
    return Promise.resolve(this.state === 'connected' ? this.#network.readReports() : new Map());
  }

  limitVideo(limits: VideoLimits | null): void {
    this.limits.push(limits);
  }

  close(): void {
    this.#events = SILENT;
    this.state = 'closed';
    this.signalingState = 'closed';
  }

  /** Simulates that the browser has found a candidate. */
  gather(): void {
    const local = this.#local;
    if (local === null || this.state === 'closed') return;
    const { candidates } = local.sdp;
    local.sdp = { ...local.sdp, candidates: candidates + 1 };
    this.#events.candidate({
      candidate: JSON.stringify({ ...local.sdp, line: `udp 1 typ ${this.#network.finds}` }),
      sdpMid: '0',
      sdpMLineIndex: 0,
    });
  }

  agreedWith(): FakeConnection | null {
    const remote = this.#remote;
    const local = this.#local?.sdp;
    if (this.signalingState !== 'stable' || remote === null || this.#broken) return null;
    // As in a browser, connectivity checks fail if the two ends are in different rounds of ICE.
    const isOneRound =
      local?.type === 'offer' ? remote.answers === local.round : local?.answers === remote.round;
    if (!isOneRound) return null;
    const candidates = remote.candidates + this.#received;
    return candidates > 0 ? (this.#network.peerOf(remote.from) ?? null) : null;
  }

  /** Switches the connection to the negotiated path. Until then media uses the earlier path. */
  takePath(): void {
    this.#takenBy = this.#local?.policy ?? this.policy;
    this.enter('connected');
  }

  enter(state: RTCPeerConnectionState): void {
    if (this.state === state || this.state === 'closed') return;
    this.state = state;
    this.#events.stateChanged(state);
  }

  breakPath(as: 'disconnected' | 'failed'): void {
    this.#broken = true;
    this.enter(as);
  }

  receives(kind: 'audio' | 'video'): boolean {
    const other = this.#remote === null ? undefined : this.#network.peerOf(this.#remote.from);
    return this.state === 'connected' && other?.sent[kind]?.enabled === true;
  }

  #takeRemote(remote: FakeSdp): void {
    const anew = remote.round !== this.#remote?.round;
    this.#remote = remote;
    if (!anew) return;
    this.#received = 0;
    this.#broken = false;
    for (const track of this.remoteStream.getTracks()) this.#events.remoteTrack(track);
  }

  #describe(type: 'offer' | 'answer', answers: number | null): Description {
    this.#round += 1;
    const sdp = { type, from: this.id, round: this.#round, answers, candidates: 0 };
    this.#local = { sdp, policy: this.policy };
    if (this.state === 'new') this.enter('connecting');
    const description = this.localDescription();
    assert(description !== null, 'it was just made');
    if (this.#network.gathersAtOnce) {
      const round = this.#round;
      void this.#queue(() => {
        if (round !== this.#round) return;
        this.gather();
        this.#events.candidate(null);
      });
    }
    return description;
  }

  async #queue<T>(work: () => T): Promise<T> {
    this.queued += 1;
    const done = this.#chain.then(() => {
      this.queued -= 1;
      // As in a browser, the promises of a closed connection never settle.
      if (this.state === 'closed') return new Promise<T>(() => {});
      return work();
    });
    this.#chain = done.catch(() => {});
    const result = await done;
    this.#network.check();
    return result;
  }
}

function write(sdp: FakeSdp): Description {
  return { type: sdp.type, sdp: `${JSON.stringify(sdp)}\r\na=ice-ufrag:${sdp.round}\r\n` };
}

function parse(sdp: string, type: FakeSdp['type']): FakeSdp {
  const value = readFakeSdp(sdp);
  if (value.type !== type) throw new Error(`an ${type} was due`);
  return value;
}

export function readFakeSdp(sdp: string): FakeSdp {
  const [first = ''] = sdp.split('\r\n', 1);
  return JSON.parse(first) as FakeSdp;
}
