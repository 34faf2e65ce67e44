import type { Candidate } from '@farandole/protocol/fields';
import type { Scheduler } from '../signal/ports.ts';
import type { IceServers } from './ice-servers.ts';
import { RESTART_AFTER_MS, RESTART_PAUSE_MS } from './limits.ts';
import type { ReadyConnection } from './prepared-link.ts';
import { type Description, type Descriptions, iceOf, type RtcConnection } from './rtc-handler.ts';
import type { StatsReports } from './stats-reports.ts';
import type { VideoLimits } from './video-ladder.ts';

export type PeerSignal =
  | { readonly type: 'signal.offer' | 'signal.answer'; readonly sdp: string }
  | { readonly type: 'signal.candidate'; readonly candidate: Candidate };

export interface PeerLinkEvents {
  send(signal: PeerSignal): void;
  described(): void;
  connected(): void;
  /** Media stopped; a restart follows. */
  interrupted(): void;
  /** The first connection failed for good. */
  failed(): void;
  remoteTrack(track: MediaStreamTrack): void;
}

export interface PeerLinkOptions {
  /** The answerer is polite: in a collision it drops its own offer. */
  readonly role: 'offerer' | 'answerer';
  /** Answerer: the peer's offer, if it came with the match. */
  readonly offer: string | null;
  /** Offerer: the offer sent ahead is in use, so only candidates follow. */
  readonly offerUsed: boolean;
  readonly policy: 'relay' | 'all';
  readonly iceServers: IceServers;
  readonly scheduler: Scheduler;
  readonly canSignal: () => boolean;
}

/**
 * The media connection of one call: perfect negotiation (W3C WebRTC, 10.7) by role, trickle ICE and
 * ICE restarts. Ignores `negotiationneeded`: all transceivers exist from the start.
 */
export class PeerLink {
  readonly #connection: RtcConnection;
  readonly #options: PeerLinkOptions;
  readonly #events: PeerLinkEvents;
  #policy: 'relay' | 'all';
  /** The policy changed since our last offer; the peer may have answered with either. */
  #policyDue = false;
  #makingOffer = false;
  /** A count: a second offer may arrive before the first is answered. */
  #makingAnswers = 0;
  #settingAnswer = false;
  #hasRemote = false;
  readonly #heardIce = new Set<string>();
  #hasSentDescription = false;
  /** Our candidates that wait for their description. */
  #unsent: Candidate[] = [];
  /** The peer's candidates that arrived before a description. */
  #early: Candidate[] = [];
  #everConnected = false;
  #cancelRestart: (() => void) | null = null;
  #closed = false;

  constructor(ready: ReadyConnection, options: PeerLinkOptions, events: PeerLinkEvents) {
    this.#connection = ready.connection;
    this.#options = options;
    this.#events = events;
    this.#policy = options.policy;
    // First and synchronously: everything waits for the answer.
    if (options.role === 'answerer') {
      if (options.offer !== null) void this.#takeOffer(options.offer);
    } else {
      this.#unsent.push(...ready.candidates);
      if (options.offerUsed) this.#descriptionSent();
      else void this.#sendFirstOffer(ready.offer);
    }
    ready.connection.listen({
      candidate: (candidate) => {
        if (candidate === null) return;
        this.#unsent.push(candidate);
        this.#tellCandidates();
      },
      stateChanged: (state) => this.#stateChanged(state),
      remoteTrack: (track) => events.remoteTrack(track),
    });
    for (const track of ready.connection.remoteStream.getTracks()) events.remoteTrack(track);
  }

  /** Don't play it without the user's consent. */
  get remoteStream(): MediaStream {
    return this.#connection.remoteStream;
  }

  get remoteSound(): MediaStream {
    return this.#connection.remoteSound;
  }

  /** Never rejects; drops invalid signals. */
  async receive(signal: PeerSignal): Promise<void> {
    if (this.#closed) return;
    switch (signal.type) {
      case 'signal.offer':
        await this.#takeOffer(signal.sdp);
        return;
      case 'signal.answer':
        await this.#takeAnswer(signal.sdp);
        return;
      case 'signal.candidate':
        if (this.#hasRemote) await this.#addCandidate(signal.candidate);
        else this.#early.push(signal.candidate);
    }
  }

  replaceTrack(kind: 'audio' | 'video', track: MediaStreamTrack | null): void {
    if (!this.#closed) this.#connection.replaceTrack(kind, track);
  }

  get descriptions(): Descriptions | null {
    return this.#connection.descriptions();
  }

  way(): Promise<'direct' | 'relay' | null> {
    return this.#connection.way();
  }

  /**
   * Restarts ICE under the new policy when both sides allow a direct connection or one withdraws.
   */
  allowDirect(allowed: boolean): void {
    const policy = allowed ? 'all' : this.#options.policy;
    if (this.#closed || policy === this.#policy) return;
    this.#policy = policy;
    this.#connection.configure({ policy, iceServers: this.#options.iceServers.current });
    // Only the offerer restarts. The answerer adopts the policy with its answer.
    if (this.#options.role === 'answerer') return;
    this.#policyDue = true;
    void this.#restart();
  }

  /** Repeats signals that may have been lost. */
  resignal(): void {
    if (this.#closed) return;
    if (this.#connection.state === 'connected' && this.#connection.signalingState === 'stable') {
      return;
    }
    void this.#restart();
  }

  reports(): Promise<StatsReports> {
    return this.#connection.reports();
  }

  limitVideo(limits: VideoLimits | null): void {
    if (!this.#closed) this.#connection.limitVideo(limits);
  }

  /** Reports that packets stopped or resumed although the browser trusts the path. */
  setStalled(stalled: boolean): void {
    if (this.#closed || this.#connection.state !== 'connected') return;
    if (stalled) {
      this.#events.interrupted();
      this.#restartLater(RESTART_AFTER_MS);
    } else {
      this.#mended();
    }
  }

  signallingBack(): void {
    if (!this.#closed && this.#cancelRestart !== null) this.#restartLater(0);
  }

  close(): void {
    this.#closed = true;
    this.#cancelRestart?.();
    this.#cancelRestart = null;
    this.#connection.close();
  }

  async #sendFirstOffer(ready: Description | null): Promise<void> {
    const local = ready ?? this.#connection.localDescription();
    if (local === null) await this.#negotiate();
    else this.#sendDescription(local);
  }

  async #negotiate(): Promise<void> {
    this.#makingOffer = true;
    this.#policyDue = false;
    try {
      const description = await this.#connection.offer();
      if (!this.#closed) this.#sendDescription(description);
    } catch {
      // The connection was closed or will be restarted.
    } finally {
      this.#makingOffer = false;
      this.#tellCandidates();
    }
  }

  async #takeOffer(sdp: string): Promise<void> {
    const ready =
      !this.#makingOffer && (this.#connection.signalingState === 'stable' || this.#settingAnswer);
    // In a collision the impolite side keeps its offer.
    if (!ready && this.#options.role === 'offerer') return;
    if (!ready && this.#isHeard(sdp)) {
      this.#repeatAnswer();
      return;
    }
    this.#makingAnswers += 1;
    try {
      // The browser queues candidates behind the description.
      const answered = this.#connection.answer(sdp);
      this.#described(sdp);
      const description = await answered;
      if (this.#closed) return;
      this.#sendDescription(description);
      this.#events.described();
    } catch {
      this.#broken();
    } finally {
      this.#makingAnswers -= 1;
      this.#tellCandidates();
    }
    this.#agreed();
  }

  async #takeAnswer(sdp: string): Promise<void> {
    // An answer to a withdrawn offer is void.
    if (this.#connection.signalingState !== 'have-local-offer') return;
    // So is a second answer to a repeated offer: it restarts ICE. The browser would accept it and
    // every check would fail.
    if (this.#isHeard(sdp)) return;
    this.#settingAnswer = true;
    try {
      const accepted = this.#connection.accept(sdp);
      this.#described(sdp);
      await accepted;
      if (!this.#closed) this.#events.described();
    } catch {
      this.#broken();
    } finally {
      this.#settingAnswer = false;
    }
    this.#agreed();
  }

  /** Applies a policy change that waited for the negotiation. */
  #agreed(): void {
    if (this.#policyDue && !this.#closed && !this.#isNegotiating()) void this.#restart();
  }

  #isNegotiating(): boolean {
    return this.#isDescribing() || this.#connection.signalingState !== 'stable';
  }

  #isDescribing(): boolean {
    return this.#makingOffer || this.#makingAnswers > 0;
  }

  #isHeard(sdp: string): boolean {
    const ice = iceOf(sdp);
    return ice !== null && this.#heardIce.has(ice);
  }

  #described(sdp: string): void {
    this.#hasRemote = true;
    const ice = iceOf(sdp);
    if (ice !== null) this.#heardIce.add(ice);
    const early = this.#early;
    this.#early = [];
    for (const candidate of early) void this.#addCandidate(candidate);
  }

  async #addCandidate(candidate: Candidate): Promise<void> {
    try {
      await this.#connection.addCandidate(candidate);
    } catch {
      // Belongs to an ignored or earlier offer.
    }
  }

  /** The browser rejected a description; fatal before the first connection. */
  #broken(): void {
    if (!this.#closed && !this.#everConnected) this.#events.failed();
  }

  #sendDescription({ type, sdp }: Description): void {
    this.#events.send({ type: `signal.${type}`, sdp });
    this.#descriptionSent();
  }

  #descriptionSent(): void {
    this.#hasSentDescription = true;
    this.#tellCandidates();
  }

  /**
   * Sends candidates only after their description: during two negotiations they may belong to the
   * later one.
   */
  #tellCandidates(): void {
    if (this.#closed || !this.#hasSentDescription || this.#isDescribing()) return;
    const candidates = this.#unsent;
    this.#unsent = [];
    for (const candidate of candidates) this.#events.send({ type: 'signal.candidate', candidate });
  }

  #stateChanged(state: RTCPeerConnectionState): void {
    if (this.#closed) return;
    switch (state) {
      case 'connected':
        this.#everConnected = true;
        this.#mended();
        return;
      case 'disconnected':
        this.#events.interrupted();
        this.#restartLater(RESTART_AFTER_MS);
        return;
      case 'failed':
        if (!this.#everConnected) {
          this.#events.failed();
          return;
        }
        this.#events.interrupted();
        this.#restartLater(0);
        return;
      case 'new':
      case 'connecting':
      case 'closed':
    }
  }

  #mended(): void {
    this.#cancelRestart?.();
    this.#cancelRestart = null;
    this.#events.connected();
  }

  /** The polite side waits longer, to avoid collisions. */
  #restartLater(delayMs: number): void {
    const turnMs = this.#options.role === 'offerer' ? 0 : RESTART_PAUSE_MS / 2;
    this.#cancelRestart?.();
    this.#cancelRestart = this.#options.scheduler.after(delayMs + turnMs, () => {
      this.#cancelRestart = null;
      // A queued offer would be outdated; `signallingBack` restarts instead.
      if (this.#options.canSignal()) void this.#restart();
      // Retries until the connection is back or the call ends.
      this.#restartLater(RESTART_PAUSE_MS);
    });
  }

  async #restart(): Promise<void> {
    const iceServers = await this.#options.iceServers.fresh();
    if (this.#closed) return;
    this.#connection.configure({ iceServers, policy: this.#policy });
    if (this.#isNegotiating()) {
      this.#repeatOffer();
      return;
    }
    this.#connection.restartIce();
    await this.#negotiate();
  }

  /**
   * Repeats an unanswered offer. A new one would be wrong: the answer to the first would be applied
   * to it and every check would fail.
   */
  #repeatOffer(): void {
    if (this.#makingOffer || this.#connection.signalingState !== 'have-local-offer') return;
    const local = this.#connection.localDescription();
    if (local?.type === 'offer') this.#sendDescription(local);
  }

  /**
   * Repeats the answer to a repeated offer, which isn't a collision. Dropping our own offer is
   * wrong: the peer may have answered it already.
   */
  #repeatAnswer(): void {
    const answer = this.#connection.standingAnswer();
    if (answer !== null) this.#sendDescription(answer);
  }
}
