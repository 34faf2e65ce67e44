import type { Candidate } from '@farandole/protocol/fields';
import type { Scheduler } from '../signal/ports.ts';
import type { IceServers } from './ice-servers.ts';
import { RESTART_AFTER_MS, RESTART_PAUSE_MS } from './limits.ts';
import type { ReadyConnection } from './prepared-link.ts';
import { type Description, type Descriptions, iceOf, type RtcConnection } from './rtc-handler.ts';
import type { StatsReports } from './stats-reports.ts';
import type { VideoLimits } from './video-ladder.ts';

/** What one side says to the other over signalling. */
export type PeerSignal =
  | { readonly type: 'signal.offer' | 'signal.answer'; readonly sdp: string }
  | { readonly type: 'signal.candidate'; readonly candidate: Candidate };

export interface PeerLinkEvents {
  send(signal: PeerSignal): void;
  /** Each side has the other's description now. */
  described(): void;
  connected(): void;
  /** Media is away; it is being mended. */
  interrupted(): void;
  /** There was never a connection, and there will be none. */
  failed(): void;
  remoteTrack(track: MediaStreamTrack): void;
}

export interface PeerLinkOptions {
  /** The answerer is the polite side: in a collision it gives up its own offer. */
  readonly role: 'offerer' | 'answerer';
  /** Answerer: the other's offer, if it came with the match. */
  readonly offer: string | null;
  /** Offerer: the offer that was sent ahead is in use, so nothing is to be sent but candidates. */
  readonly offerUsed: boolean;
  /** The policy that the node gave this call, for restarts. */
  readonly policy: 'relay' | 'all';
  readonly iceServers: IceServers;
  readonly scheduler: Scheduler;
  /** Whether what is said now would reach the node now. */
  readonly canSignal: () => boolean;
}

/**
 * The media connection of one call: perfect negotiation (W3C WebRTC, 10.7) by role, trickled
 * candidates, and ICE started anew when the network changed.
 *
 * Negotiation is always asked for by name; the browser's `negotiationneeded` is not listened to,
 * since both directions of sound and picture are laid out from the beginning.
 */
export class PeerLink {
  readonly #connection: RtcConnection;
  readonly #options: PeerLinkOptions;
  readonly #events: PeerLinkEvents;
  #policy: 'relay' | 'all';
  /** The policy has changed since the last offer of ours, and who answered that may have used either. */
  #policyDue = false;
  #makingOffer = false;
  /** How many: another offer may come before the last is answered. */
  #makingAnswers = 0;
  #settingAnswer = false;
  #hasRemote = false;
  /** The name of each round of theirs that was taken. */
  readonly #heardIce = new Set<string>();
  #hasSentDescription = false;
  /** Candidates of ours that wait for the description they belong to. */
  #unsent: Candidate[] = [];
  /** Candidates of theirs that came before a description. */
  #early: Candidate[] = [];
  #everConnected = false;
  #cancelRestart: (() => void) | null = null;
  #closed = false;

  constructor(ready: ReadyConnection, options: PeerLinkOptions, events: PeerLinkEvents) {
    this.#connection = ready.connection;
    this.#options = options;
    this.#events = events;
    this.#policy = options.policy;
    // The first thing, in the very turn of the match: an answer is what everything waits for.
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

  /** Both remote tracks. Nobody may play it before the person agrees. */
  get remoteStream(): MediaStream {
    return this.#connection.remoteStream;
  }

  /** The remote sound alone. */
  get remoteSound(): MediaStream {
    return this.#connection.remoteSound;
  }

  /** What the other side said. Never rejects: what makes no sense is dropped. */
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

  /** What both ends have said, or null before both have. */
  get descriptions(): Descriptions | null {
    return this.#connection.descriptions();
  }

  way(): Promise<'direct' | 'relay' | null> {
    return this.#connection.way();
  }

  /** Both people allow a direct connection, or not any more: ICE starts anew by that rule. */
  allowDirect(allowed: boolean): void {
    const policy = allowed ? 'all' : this.#options.policy;
    if (this.#closed || policy === this.#policy) return;
    this.#policy = policy;
    this.#connection.configure({ policy, iceServers: this.#options.iceServers.current });
    // One side is enough: the other gathers by the new policy when it answers.
    if (this.#options.role === 'answerer') return;
    this.#policyDue = true;
    void this.#restart();
  }

  /** The signalling was void for a while: what may have been lost is said again. */
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

  /** Nothing comes any more although the browser still trusts the path, or it comes again. */
  setStalled(stalled: boolean): void {
    if (this.#closed || this.#connection.state !== 'connected') return;
    if (stalled) {
      this.#events.interrupted();
      this.#restartLater(RESTART_AFTER_MS);
    } else {
      this.#mended();
    }
  }

  /** Signalling goes through again: a restart that waited for it waits no longer. */
  signallingBack(): void {
    if (!this.#closed && this.#cancelRestart !== null) this.#restartLater(0);
  }

  /** Ends it at once; no event follows. */
  close(): void {
    this.#closed = true;
    this.#cancelRestart?.();
    this.#cancelRestart = null;
    this.#connection.close();
  }

  // Negotiating.

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
      // The connection went away meanwhile, or will be restarted again: nothing to say.
    } finally {
      this.#makingOffer = false;
      this.#tellCandidates();
    }
  }

  async #takeOffer(sdp: string): Promise<void> {
    const ready =
      !this.#makingOffer && (this.#connection.signalingState === 'stable' || this.#settingAnswer);
    // In a collision the impolite side's own offer stands; the other gives up its own.
    if (!ready && this.#options.role === 'offerer') return;
    if (!ready && this.#isHeard(sdp)) {
      this.#repeatAnswer();
      return;
    }
    this.#makingAnswers += 1;
    try {
      // Candidates that follow are queued by the browser behind the description.
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
    // An answer to an offer that was given up means nothing any more.
    if (this.#connection.signalingState !== 'have-local-offer') return;
    // Nor does one more to an offer that was said twice: each of ours begins ICE anew, and so does
    // what answers it. A browser would take it, and then no check would ever get through.
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

  /** What they allowed while something else was being agreed on has its turn now. */
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

  /** A remote description is set, or on its way before anything that follows. */
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
      // Of an offer that was ignored, or of an older round: others will do.
    }
  }

  /** A description that the browser cannot take: at the start that is the end. */
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
   * Candidates wait for the description that they belong to, or the other browser would not know
   * them: where two are in the making, these may be of the later one.
   */
  #tellCandidates(): void {
    if (this.#closed || !this.#hasSentDescription || this.#isDescribing()) return;
    const candidates = this.#unsent;
    this.#unsent = [];
    for (const candidate of candidates) this.#events.send({ type: 'signal.candidate', candidate });
  }

  // Living.

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

  /** The polite side leaves the first try to the other, so that they seldom collide. */
  #restartLater(delayMs: number): void {
    const turnMs = this.#options.role === 'offerer' ? 0 : RESTART_PAUSE_MS / 2;
    this.#cancelRestart?.();
    this.#cancelRestart = this.#options.scheduler.after(delayMs + turnMs, () => {
      this.#cancelRestart = null;
      // An offer that waits in a queue is old when it arrives; whoever is back says so at once.
      if (this.#options.canSignal()) void this.#restart();
      // Again and again, until the connection is back or the person has had enough.
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
   * An offer that nobody has answered may be lost. Another in its place would be worse: the answer
   * to the first would be taken for one to the second, and no check would ever get through.
   */
  #repeatOffer(): void {
    if (this.#makingOffer || this.#connection.signalingState !== 'have-local-offer') return;
    const local = this.#connection.localDescription();
    if (local?.type === 'offer') this.#sendDescription(local);
  }

  /**
   * An offer that we have answered and that comes again is none that collides with ours: whoever
   * repeats it may have had our answer meanwhile, and go on to answer our offer. Given up, that
   * answer would be taken for one to the next.
   */
  #repeatAnswer(): void {
    const answer = this.#connection.standingAnswer();
    if (answer !== null) this.#sendDescription(answer);
  }
}
