import type { Candidate } from '@farandole/protocol/fields';
import type { IceServer } from '@farandole/protocol/http-api';
import type { Pixels } from '../report/picture-ring.ts';
import type { Part } from '../shield/sampling.ts';
import type { StatsReports } from './stats-reports.ts';
import type { VideoLimits } from './video-ladder.ts';

/**
 * All WebRTC functions that a call needs. Tests replace them with `fake-rtc.ts`, so that the other
 * code runs in Node.
 */
export interface RtcHandler {
  /**
   * Creates a certificate. Each call uses its own, so that two calls of a user can't be linked by
   * the certificate.
   */
  generateCertificate(): Promise<RTCCertificate>;
  connect(options: RtcOptions): RtcConnection;
}

export interface RtcOptions {
  readonly iceServers: readonly IceServer[];
  /** With `relay` the connection uses only relay candidates. */
  readonly policy: 'relay' | 'all';
  /** The connection's certificate. With `null` the browser creates one, which takes time. */
  readonly certificate: RTCCertificate | null;
  readonly tracks: LocalTracks;
  /** The media of the call's mode. The connection never sends or plays any other. */
  readonly kinds: readonly ('audio' | 'video')[];
  /**
   * An offerer creates these kinds in both directions, even without tracks. An answerer assigns
   * its tracks to the media lines of the peer's offer.
   */
  readonly role: 'offerer' | 'answerer';
}

export interface LocalTracks {
  readonly audio: MediaStreamTrack | null;
  readonly video: MediaStreamTrack | null;
}

export interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

export interface Descriptions {
  readonly own: string;
  readonly peer: string;
}

export interface RtcEvents {
  /** Called with a new candidate, or with `null` when this round of candidates ends. */
  candidate(candidate: Candidate | null): void;
  stateChanged(state: RTCPeerConnectionState): void;
  remoteTrack(track: MediaStreamTrack): void;
}

/** One media connection. Its promises reject only because of the peer or the network. */
export interface RtcConnection {
  readonly state: RTCPeerConnectionState;
  readonly signalingState: RTCSignalingState;
  /** Stream with both of the peer's tracks. It must not be played before the user consents. */
  readonly remoteStream: MediaStream;
  /** Stream with only the peer's sound. It is for a peer who sends no picture. */
  readonly remoteSound: MediaStream;
  /**
   * Replaces the listener of the connection's events. The new listener isn't called for earlier
   * events.
   */
  listen(events: RtcEvents): void;
  /**
   * Creates an offer and sets it as the local description. After a call of `restartIce` the
   * browser gathers candidates again.
   * @returns the local description with the candidates found so far
   */
  offer(): Promise<Description>;
  /**
   * Creates the answer to the peer's offer. Rolls back this side's own offer if it is unanswered.
   */
  answer(sdp: string): Promise<Description>;
  accept(sdp: string): Promise<void>;
  /**
   * Returns the current local description with all candidates found so far, or null if there is
   * none.
   */
  localDescription(): Description | null;
  /**
   * Returns the answer of this side that was applied last, or null. It is available even while a
   * later offer is unanswered.
   */
  standingAnswer(): Description | null;
  addCandidate(candidate: Candidate): Promise<void>;
  /** Changes the ICE servers or the policy, starting with the next offer. */
  configure(change: Pick<RtcOptions, 'iceServers' | 'policy'>): void;
  restartIce(): void;
  /** Replaces the track that is sent, without renegotiation. With `null` no track is sent. */
  replaceTrack(kind: 'audio' | 'video', track: MediaStreamTrack | null): void;
  descriptions(): Descriptions | null;
  way(): Promise<'direct' | 'relay' | null>;
  reports(): Promise<StatsReports>;
  /** Limits the size and frame rate of the sent video. With `null` there is no limit. */
  limitVideo(limits: VideoLimits | null): void;
  close(): void;
}

/**
 * Decodes a picture without showing it. Reports the first frame and provides images to the cover
 * and the shield.
 */
export interface Viewer {
  watch(track: MediaStreamTrack): void;
  drawTo(canvas: HTMLCanvasElement | null): void;
  /**
   * Returns a square part of the current picture at full resolution, or `null` if there is no
   * picture.
   */
  sample(part: Part): Promise<ImageBitmap | null>;
  /** Returns the whole picture scaled down, or `null` if there is no picture. */
  picture(sideMax: number): Pixels | null;
  close(): void;
}

export type OpenViewer = (firstFrame: () => void) => Viewer;

/**
 * Returns the ICE ufrag of a session description, or null if it has none. The ufrag identifies the
 * round of ICE (RFC 8839, 5.4).
 */
export function iceOf(sdp: string): string | null {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? null;
}
