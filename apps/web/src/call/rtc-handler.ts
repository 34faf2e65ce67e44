import type { Candidate } from '@farandole/protocol/fields';
import type { IceServer } from '@farandole/protocol/http-api';
import type { Pixels } from '../report/picture-ring.ts';
import type { Part } from '../shield/sampling.ts';
import type { StatsReports } from './stats-reports.ts';
import type { VideoLimits } from './video-ladder.ts';

/** All WebRTC that a call needs, so that the rest runs in Node against `fake-rtc.ts`. */
export interface RtcHandler {
  /** One certificate per call, so that a user's calls can't be linked by it. */
  generateCertificate(): Promise<RTCCertificate>;
  connect(options: RtcOptions): RtcConnection;
}

export interface RtcOptions {
  readonly iceServers: readonly IceServer[];
  /** `relay`: makes and uses relay candidates only. */
  readonly policy: 'relay' | 'all';
  /** Null: the browser makes one, late. */
  readonly certificate: RTCCertificate | null;
  readonly tracks: LocalTracks;
  /**
   * An offerer creates audio and video in both directions, with or without tracks. An answerer fits
   * its tracks into the offer.
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
  /** Null: the end of this gathering round. */
  candidate(candidate: Candidate | null): void;
  stateChanged(state: RTCPeerConnectionState): void;
  remoteTrack(track: MediaStreamTrack): void;
}

/** One media connection. Promises reject only on errors of the peer or the network. */
export interface RtcConnection {
  readonly state: RTCPeerConnectionState;
  readonly signalingState: RTCSignalingState;
  /** Both remote tracks; don't play them before the user agrees. */
  readonly remoteStream: MediaStream;
  /** Audio only, for a peer without a picture. */
  readonly remoteSound: MediaStream;
  /** Replaces the listener; the new one misses earlier events. */
  listen(events: RtcEvents): void;
  /**
   * Makes and sets an offer; after `restartIce` it gathers again.
   * @returns the local description with the candidates found by then
   */
  offer(): Promise<Description>;
  /** Answers an offer; rolls back an open offer of this side. */
  answer(sdp: string): Promise<Description>;
  accept(sdp: string): Promise<void>;
  /** The current local description with all candidates so far, or null. */
  localDescription(): Description | null;
  /** This side's last agreed answer, also while an offer is open; null if none. */
  standingAnswer(): Description | null;
  addCandidate(candidate: Candidate): Promise<void>;
  /** Applies from the next offer on. */
  configure(change: Pick<RtcOptions, 'iceServers' | 'policy'>): void;
  restartIce(): void;
  /** Sends another track, or none, without renegotiation. */
  replaceTrack(kind: 'audio' | 'video', track: MediaStreamTrack | null): void;
  descriptions(): Descriptions | null;
  way(): Promise<'direct' | 'relay' | null>;
  reports(): Promise<StatsReports>;
  /** Limits the sent picture of any track; null removes the limit. */
  limitVideo(limits: VideoLimits | null): void;
  close(): void;
}

/**
 * Watches a picture without showing it: reports the first frame, feeds the cover and the shield.
 */
export interface Viewer {
  watch(track: MediaStreamTrack): void;
  drawTo(canvas: HTMLCanvasElement | null): void;
  /** A square part of the current picture in its own size; null without one. */
  sample(part: Part): Promise<ImageBitmap | null>;
  /** The whole picture, scaled down; null without one. */
  picture(sideMax: number): Pixels | null;
  close(): void;
}

export type OpenViewer = (firstFrame: () => void) => Viewer;

/** The ICE ufrag of a description, which names its round (RFC 8839, 5.4). */
export function iceOf(sdp: string): string | null {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? null;
}
