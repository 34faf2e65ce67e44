import type { Candidate } from '@farandole/protocol/fields';
import type { IceServer } from '@farandole/protocol/http-api';
import type { Pixels } from '../report/picture-ring.ts';
import type { Part } from '../shield/looks.ts';
import type { StatsReports } from './stats-reports.ts';
import type { VideoLimits } from './video-ladder.ts';

/**
 * Everything that a call needs of the browser's WebRTC, behind one class, so that the rest runs
 * in plain Node against `fake-rtc.ts`.
 */
export interface RtcHandler {
  /** A certificate of its own for one call, so that no two calls of a person can be linked by it. */
  generateCertificate(): Promise<RTCCertificate>;
  connect(options: RtcOptions): RtcConnection;
}

export interface RtcOptions {
  readonly iceServers: readonly IceServer[];
  /** `relay`: no candidate but a relay's is made or used. */
  readonly policy: 'relay' | 'all';
  /** Null: the browser makes one, late. */
  readonly certificate: RTCCertificate | null;
  readonly tracks: LocalTracks;
  /**
   * An offerer lays out sound and picture, in both directions, with or without a track. An
   * answerer fits its tracks into what it is offered.
   */
  readonly role: 'offerer' | 'answerer';
}

/** What leaves this device; null where there is no such device. */
export interface LocalTracks {
  readonly audio: MediaStreamTrack | null;
  readonly video: MediaStreamTrack | null;
}

export interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

/** The SDP that each end of a connection stands on. */
export interface Descriptions {
  readonly own: string;
  readonly peer: string;
}

export interface RtcEvents {
  /** Null: there are no more in this round of gathering. */
  candidate(candidate: Candidate | null): void;
  stateChanged(state: RTCPeerConnectionState): void;
  /** A remote track is in `remoteStream` now. */
  remoteTrack(track: MediaStreamTrack): void;
}

/** One media connection. Its promises reject only for what the other side or the network did. */
export interface RtcConnection {
  readonly state: RTCPeerConnectionState;
  readonly signalingState: RTCSignalingState;
  /** Both remote tracks, as far as there are; nobody plays it until the person agrees. */
  readonly remoteStream: MediaStream;
  /** Of those the sound alone, for whoever has no picture. */
  readonly remoteSound: MediaStream;
  /** Replaces the listener; what came before is lost to the new one. */
  listen(events: RtcEvents): void;
  /**
   * Makes and sets what is due: an offer. After `restartIce` the offer gathers anew.
   *
   * @returns the local description, with the candidates that are known by then
   */
  offer(): Promise<Description>;
  /** Takes an offer, giving up one of its own that is open, and answers it. */
  answer(sdp: string): Promise<Description>;
  /** Takes the answer to its own offer. */
  accept(sdp: string): Promise<void>;
  /** The local description as it stands now, with more candidates than it had, or null. */
  localDescription(): Description | null;
  /** The answer of its own that was agreed on last, also while an offer is open; null if none was. */
  standingAnswer(): Description | null;
  addCandidate(candidate: Candidate): Promise<void>;
  /** From the next offer on. */
  configure(change: Pick<RtcOptions, 'iceServers' | 'policy'>): void;
  restartIce(): void;
  /** Sends another track, or nothing, without negotiating. */
  replaceTrack(kind: 'audio' | 'video', track: MediaStreamTrack | null): void;
  /** What both ends have said, or null before both have. */
  descriptions(): Descriptions | null;
  /** How media travels, or null while nothing does. */
  way(): Promise<'direct' | 'relay' | null>;
  /** The browser's statistics as they stand now. */
  reports(): Promise<StatsReports>;
  /** Bounds the picture that is sent, whichever track it comes from; null for no bound. */
  limitVideo(limits: VideoLimits | null): void;
  /** Ends it at once; no event follows. */
  close(): void;
}

/**
 * Sees a picture so that nobody has to: tells the first frame, feeds the cover, and gives the
 * shield what it looks at.
 */
export interface Viewer {
  watch(track: MediaStreamTrack): void;
  /** Where the cover is drawn, or null for nowhere. */
  drawTo(canvas: HTMLCanvasElement | null): void;
  /** A square of the picture as it is now, at its own size; null while there is none. */
  look(part: Part): Promise<ImageBitmap | null>;
  /** All of the picture as it is now, made small; null while there is none. */
  picture(sideMax: number): Pixels | null;
  close(): void;
}

export type OpenViewer = (firstFrame: () => void) => Viewer;

/** The name of the round of ICE that a description belongs to (RFC 8839, section 5.4). */
export function iceOf(sdp: string): string | null {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? null;
}
