import type { Candidate } from '@farandole/protocol/fields';
import type { IceServer } from '@farandole/protocol/http-api';
import type { Pixels } from '../report/picture-ring.ts';
import type { Part } from '../shield/sampling.ts';
import type { StatsReports } from './stats-reports.ts';
import type { VideoLimits } from './video-ladder.ts';

/** All WebRTC that a call needs. Tests replace it with `fake-rtc.ts`, so the rest runs in Node. */
export interface RtcHandler {
  /**
   * Creates a certificate. Each call has its own, so that two calls of a user can't be linked by
   * the certificate.
   */
  generateCertificate(): Promise<RTCCertificate>;
  connect(options: RtcOptions): RtcConnection;
}

export interface RtcOptions {
  readonly iceServers: readonly IceServer[];
  /** `relay`: the connection uses only relay candidates. */
  readonly policy: 'relay' | 'all';
  /** With `null` the browser creates the certificate, which takes time. */
  readonly certificate: RTCCertificate | null;
  readonly tracks: LocalTracks;
  /**
   * An offerer creates audio and video in both directions, even without tracks. An answerer assigns
   * its tracks to the media lines of the offer.
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
  /** A new candidate; `null` ends this round of candidates. */
  candidate(candidate: Candidate | null): void;
  stateChanged(state: RTCPeerConnectionState): void;
  remoteTrack(track: MediaStreamTrack): void;
}

/** One media connection. Promises reject only because of the peer or the network. */
export interface RtcConnection {
  readonly state: RTCPeerConnectionState;
  readonly signalingState: RTCSignalingState;
  /** The stream with both tracks of the peer. It must not be played before the user consents. */
  readonly remoteStream: MediaStream;
  /** The stream with the peer's sound only, for a peer without a picture. */
  readonly remoteSound: MediaStream;
  /** Replaces the listener. The new listener gets no earlier events. */
  listen(events: RtcEvents): void;
  /**
   * Creates an offer and sets it as the local description. After `restartIce` the browser gathers
   * candidates again.
   * @returns the local description with the candidates found so far
   */
  offer(): Promise<Description>;
  /** Answers the peer's offer. Rolls back an unanswered offer of this side. */
  answer(sdp: string): Promise<Description>;
  accept(sdp: string): Promise<void>;
  /** The current local description with all candidates found so far, or null. */
  localDescription(): Description | null;
  /** The last applied answer of this side, or null. Available even while an offer is unanswered. */
  standingAnswer(): Description | null;
  addCandidate(candidate: Candidate): Promise<void>;
  /** Changes the options from the next offer on. */
  configure(change: Pick<RtcOptions, 'iceServers' | 'policy'>): void;
  restartIce(): void;
  /** Sends another track, or no track if `null`, without renegotiation. */
  replaceTrack(kind: 'audio' | 'video', track: MediaStreamTrack | null): void;
  descriptions(): Descriptions | null;
  way(): Promise<'direct' | 'relay' | null>;
  reports(): Promise<StatsReports>;
  /** Limits the size and rate of the sent picture; `null` removes the limit. */
  limitVideo(limits: VideoLimits | null): void;
  close(): void;
}

/**
 * Watches a picture without showing it. Reports its first frame and provides images for the cover
 * and the shield.
 */
export interface Viewer {
  watch(track: MediaStreamTrack): void;
  drawTo(canvas: HTMLCanvasElement | null): void;
  /** Returns a square part of the current picture at full resolution; `null` without a picture. */
  sample(part: Part): Promise<ImageBitmap | null>;
  /** Returns the whole picture scaled down; `null` without a picture. */
  picture(sideMax: number): Pixels | null;
  close(): void;
}

export type OpenViewer = (firstFrame: () => void) => Viewer;

/** Returns the ICE ufrag of a description. It identifies the ICE round (RFC 8839, 5.4). */
export function iceOf(sdp: string): string | null {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? null;
}
