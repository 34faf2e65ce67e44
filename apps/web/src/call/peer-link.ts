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
  /** Media was interrupted. An ICE restart follows. */
  interrupted(): void;
  /** The first connection of the call failed and isn't retried. */
  failed(): void;
  remoteTrack(track: MediaStreamTrack): void;
}

export interface PeerLinkOptions {
  /** The answerer is the polite side: if both sides send an offer, the answerer drops its own. */
  readonly role: 'offerer' | 'answerer';
  /** The peer's offer that came with the match, or `null` if this side is the offerer. */
  readonly offer: string | null;
  /**
   * True if the peer answers the offer that this side sent before the match. This side then sends
   * only candidates.
   */
  readonly offerUsed: boolean;
  readonly policy: 'relay' | 'all';
  readonly iceServers: IceServers;
  readonly scheduler: Scheduler;
  readonly canSignal: () => boolean;
}

/**
 * The media connection of one call. It uses perfect negotiation (W3C WebRTC, 10.7) with fixed
 * roles, trickle ICE and ICE restarts. It ignores `negotiationneeded`, because all transceivers
 * exist from the start.
 */
export class PeerLink {
  readonly #connection: RtcConnection;
  readonly #options: PeerLinkOptions;
  readonly #events: PeerLinkEvents;
  #policy: 'relay' | 'all';
  /**
   * True if the transport policy changed after our last offer. The peer's answer may use either
   * policy.
   */
  #policyDue = false;
  #makingOffer = false;
  /** Number of answers being created. A second offer may arrive before the first is answered. */
  #makingAnswers = 0;
  #settingAnswer = false;
  #hasRemote = false;
  readonly #heardIce = new Set<string>();
  #hasSentDescription = false;
  /** Our candidates, which wait until our session description is sent. */
  #unsent: Candidate[] = [];
  /** Candidates of the peer that arrived before the peer's session description. */
  #early: Candidate[] = [];
  #everConnected = false;
  #cancelRestart: (() => void) | null = null;
  #closed = false;

  constructor(ready: ReadyConnection, options: PeerLinkOptions, events: PeerLinkEvents) {
    this.#connection = ready.connection;
    this.#options = options;
    this.#events = events;
    this.#policy = options.policy;
    // The answer is created first and synchronously, because the rest of the connection waits for
    // it.
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

  /** The peer's stream. It must not be played without the user's consent. */
  get remoteStream(): MediaStream {
    return this.#connection.remoteStream;
  }

  get remoteSound(): MediaStream {
    return this.#connection.remoteSound;
  }

  /** Handles a signal from the peer. Drops an invalid signal. Never rejects. */
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
   * Restarts ICE with the new policy after both sides allowed a direct connection or one side
   * withdrew its consent.
   */
  allowDirect(allowed: boolean): void {
    const policy = allowed ? 'all' : this.#options.policy;
    if (this.#closed || policy === this.#policy) return;
    this.#policy = policy;
    this.#connection.configure({ policy, iceServers: this.#options.iceServers.current });
    // Only the offerer restarts ICE. The answerer applies the new policy when it answers.
    if (this.#options.role === 'answerer') return;
    this.#policyDue = true;
    void this.#restart();
  }

  /** Repeats the negotiation if signals to the peer may have been lost. */
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

  /** Handles that packets stopped or resumed while the browser considers the path connected. */
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
      // The offer failed. Either the connection was closed, or a later ICE restart will send a new
      // offer.
    } finally {
      this.#makingOffer = false;
      this.#tellCandidates();
    }
  }

  async #takeOffer(sdp: string): Promise<void> {
    const ready =
      !this.#makingOffer && (this.#connection.signalingState === 'stable' || this.#settingAnswer);
    // If both sides sent an offer at the same time, the impolite side keeps its own.
    if (!ready && this.#options.role === 'offerer') return;
    if (!ready && this.#isHeard(sdp)) {
      this.#repeatAnswer();
      return;
    }
    this.#makingAnswers += 1;
    try {
      // The answer isn't awaited before candidates are added, because the browser queues candidates
      // behind it.
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
    // An answer to an offer that this side has withdrawn is ignored.
    if (this.#connection.signalingState !== 'have-local-offer') return;
    // A second answer to a repeated offer is ignored. The browser would accept it and restart ICE,
    // and every connectivity check would fail.
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

  /** Applies a policy change that had to wait until a negotiation was complete. */
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
      // The candidate isn't used, because it belongs to an ignored or earlier offer.
    }
  }

  /**
   * Handles a session description that the browser rejected. Fails a call that was never connected.
   */
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
   * Sends our candidates, but never before the session description to which they belong. If two
   * negotiations are running, the candidates may belong to the later one.
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

  /**
   * Schedules an ICE restart. The polite side waits longer than the impolite side, so that their
   * restarts don't collide.
   */
  #restartLater(delayMs: number): void {
    const turnMs = this.#options.role === 'offerer' ? 0 : RESTART_PAUSE_MS / 2;
    this.#cancelRestart?.();
    this.#cancelRestart = this.#options.scheduler.after(delayMs + turnMs, () => {
      this.#cancelRestart = null;
      // Without a session an offer would be outdated when sent. `signallingBack` restarts ICE
      // later.
      if (this.#options.canSignal()) void this.#restart();
      // The ICE restart is repeated until the connection is back or the call ends.
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
   * Sends an unanswered offer again. A new offer would be wrong, because the peer's answer to the
   * earlier offer would be applied to the new one, and every connectivity check would fail.
   */
  #repeatOffer(): void {
    if (this.#makingOffer || this.#connection.signalingState !== 'have-local-offer') return;
    const local = this.#connection.localDescription();
    if (local?.type === 'offer') this.#sendDescription(local);
  }

  /**
   * Sends the answer to a repeated offer again. Our own open offer stays, because a repeated offer
   * is no collision and the peer may already have answered ours.
   */
  #repeatAnswer(): void {
    const answer = this.#connection.standingAnswer();
    if (answer !== null) this.#sendDescription(answer);
  }
}
