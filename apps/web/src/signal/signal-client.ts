import type { PassingClientMessage } from '@farandole/protocol/client-message';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import { AckTimer } from './ack-timer.ts';
import { FrameStream, type Outgoing } from './frame-stream.ts';
import { STABLE_AFTER_MS, STALE_ATTEMPT_MS } from './limits.ts';
import {
  ABANDON_CODE,
  type AttemptEnd,
  type AttemptPorts,
  LinkAttempt,
  type MessageAfterHello,
} from './link-attempt.ts';
import { LinkWatch } from './link-watch.ts';
import type { Connectivity } from './ports.ts';
import { attemptSilenceMs, type RetryFacts, retryDelayMs } from './reconnect-policy.ts';
import {
  isLinkMessage,
  type LinkMessage,
  type LinkSession,
  resumableOf,
  type SequencedMessage,
  type SignalListener,
  type SignalState,
  type StoppingClose,
  type StopReason,
} from './signal-state.ts';

export interface SignalPorts extends AttemptPorts {
  readonly connectivity: Connectivity;
  /** Returns a random number from 0 to below 1, from which retry delays are drawn. */
  readonly unit: () => number;
}

/**
 * Owns the link to the server: the session, its message stream and every socket. Features send
 * by `send`, and receive each server message once and in order, even if sockets are lost.
 */
export class SignalClient {
  readonly #ports: SignalPorts;
  readonly #listener: SignalListener;
  readonly #watch: LinkWatch;
  readonly #ackTimer: AckTimer;
  #state: SignalState = { state: 'stopped', reason: null };
  #session: LinkSession | null = null;
  /** True until this page load has had a session; an earlier load may have left a call. */
  #isNewPage = true;
  #attempt: LinkAttempt | null = null;
  #failures = 0;
  #lostAtMs = 0;
  /** Duration of the last failed connection attempt in milliseconds. */
  #triedMs = 0;
  #urgent = false;
  #calm = false;
  /** Whether the server may have refused the last resume. */
  #isDoubted = false;
  #pings = 0;
  #cancelRetry: (() => void) | null = null;
  #cancelStable: (() => void) | null = null;
  #stopListening: (() => void) | null = null;

  constructor(ports: SignalPorts, listener: SignalListener) {
    this.#ports = ports;
    this.#listener = listener;
    this.#ackTimer = new AckTimer(ports.clock, ports.scheduler, () => this.#acknowledge());
    this.#watch = new LinkWatch(ports.clock, ports.scheduler, {
      ask: () => this.#ask(),
      dead: () => this.#attempt?.fail(),
    });
  }

  get state(): SignalState {
    return this.#state;
  }

  /** Receipt of the session; `null` while there is no session. */
  get receipt(): string | null {
    return this.#session?.receipt ?? null;
  }

  /**
   * Opens a session or retries at once. Does nothing while connected.
   * @param isNewPage true to take over the call of an earlier page, even after a session
   */
  start(isNewPage = false): void {
    if (this.#attempt?.stands === true) return;
    this.#isNewPage ||= isNewPage;
    this.#stopListening ??= this.#ports.connectivity.listen(() => this.doubt());
    if (this.#state.state === 'stopped') {
      this.#failures = 0;
      this.#lostAtMs = this.#ports.clock.monotonicMs();
      this.#enter({ state: 'connecting', crowded: false });
    }
    this.#connect();
  }

  /** Sets whether a search or call needs the link, which is then repaired faster. */
  setUrgent(urgent: boolean): void {
    if (urgent === this.#urgent) return;
    this.#urgent = urgent;
    this.#watch.want(urgent);
    if (urgent && this.#cancelRetry !== null && !this.#calm) this.#scheduleRetry();
  }

  /**
   * Sends a message to the server exactly once. While the socket is lost, the message is stored
   * and sent after the resume.
   * @returns false if there is no session or too many messages are stored; without a session,
   * send again at `sessionOpened`
   */
  send(message: Outgoing): boolean {
    const stream = this.#session?.stream;
    const frame = stream?.push(message) ?? null;
    if (stream === undefined || frame === null) return false;
    const attempt = this.#attempt;
    if (attempt?.stands !== true) return true;
    if (attempt.readsAcks) this.#ackTimer.stop();
    else this.#ackTimer.along();
    attempt.sendFrame(attempt.readsAcks ? stream.carryAck(frame) : frame);
    return true;
  }

  /** Sends a message that must not arrive late. If the socket is lost, the message is lost. */
  pass(message: PassingClientMessage): void {
    this.#ackTimer.along();
    if (this.#attempt?.stands === true) this.#attempt.send(message);
  }

  /** Handles a network change or a sleep of the machine, because the socket may then be dead. */
  doubt(): void {
    if (this.#state.state === 'stopped') {
      // When the user returns to the page, it retries as if the user had asked for a retry.
      if (this.#state.reason === 'gave-up') this.start();
      return;
    }
    if (this.#attempt?.stands === true) {
      this.#watch.doubt();
      return;
    }
    if (!this.#ports.connectivity.online() || this.#calm) return;
    const ageMs = this.#ports.clock.monotonicMs() - (this.#attempt?.startedAtMs ?? 0);
    if (this.#attempt === null || ageMs >= STALE_ATTEMPT_MS) this.#connect();
  }

  /** Ends the session. The server keeps nothing that a later page could resume. */
  leave(): void {
    if (this.#attempt?.stands === true) this.#attempt.send({ type: 'session.leave' });
    this.#stop(null, LEAVE_CODE);
  }

  /**
   * Stops as if the socket were lost, so that the server keeps the call for another page.
   * @param closed called when the server has closed the socket; not called without a session
   */
  letGo(closed: () => void): void {
    if (this.#attempt?.stands === true) this.#attempt.abandon(ABANDON_CODE, closed);
    this.#stop(null, ABANDON_CODE);
  }

  #enter(state: SignalState): void {
    this.#state = state;
    this.#listener.stateChanged(state);
  }

  #connect(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#dropAttempt(ABANDON_CODE);
    const session = this.#session;
    const isNew = this.#isNewPage ? 'new-page' : null;
    const resume = session === null ? isNew : resumableOf(session, this.#isDoubted);
    const silenceMs = attemptSilenceMs(this.#soFar);
    this.#attempt = new LinkAttempt(this.#ports, resume, silenceMs, {
      ticketGiven: (reply) => this.#listener.ticketGiven(reply),
      sessionGone: () => this.#forget(),
      proving: (share) => this.#listener.proving(share),
      heard: () => this.#watch.heard(),
      message: (message) => this.#receive(message),
      ended: (end) => this.#ended(end),
    });
  }

  #receive(message: MessageAfterHello): void {
    if (isLinkMessage(message)) {
      this.#receiveLink(message);
    } else if ('seq' in message) {
      this.#take(message);
    } else {
      this.#listener.message(message);
    }
  }

  #receiveLink(message: LinkMessage): void {
    switch (message.type) {
      case 'session.opened':
        this.#listener.iceServers(message.ice);
        this.#session = {
          id: message.session,
          secret: message.secret,
          receipt: message.receipt,
          stream: new FrameStream(),
        };
        this.#isNewPage = false;
        this.#stand();
        this.#listener.sessionOpened(message);
        return;
      case 'session.resumed':
        if (this.#session?.stream.acknowledge(message.received) !== true) {
          this.#restart();
          return;
        }
        this.#session.secret = message.secret;
        // The repeated frames go first, because a feature may send as soon as the link is online.
        for (const frame of this.#session.stream.unacknowledged()) this.#attempt?.sendFrame(frame);
        this.#stand();
        return;
      case 'link.pong':
      case 'link.ack':
        if (this.#session?.stream.acknowledge(message.ack) === false) this.#restart();
    }
  }

  #take(message: SequencedMessage): void {
    const { seq, ack = 0 } = message;
    const stream = this.#session?.stream;
    if (stream === undefined) return;
    if (!stream.acknowledge(ack)) {
      this.#restart();
      return;
    }
    switch (stream.receive(seq)) {
      case 'seen':
        return;
      case 'gap':
        // The server still has the missing frames, and sends them again after a resume.
        this.#attempt?.fail();
        return;
      case 'new':
        if (stream.mustAcknowledge) this.#acknowledge();
        else this.#ackTimer.start();
        this.#listener.message(message);
    }
  }

  #acknowledge(): void {
    this.#ackTimer.stop();
    const stream = this.#session?.stream;
    // Without a socket no frame is acknowledged, because the hello of the resume does it.
    if (stream === undefined || stream.owed === 0 || this.#attempt?.stands !== true) return;
    stream.told();
    this.#attempt.send({ type: 'link.ack', ack: stream.taken });
  }

  #ask(): void {
    const stream = this.#session?.stream;
    if (stream === undefined || this.#attempt?.stands !== true) return;
    this.#pings += 1;
    stream.told();
    this.#attempt.send({ type: 'link.ping', n: this.#pings, ack: stream.taken });
  }

  #stand(): void {
    this.#attempt?.stand();
    this.#listener.proving(null);
    this.#watch.attach();
    this.#cancelStable = this.#ports.scheduler.after(STABLE_AFTER_MS, () => {
      this.#failures = 0;
    });
    this.#enter({ state: 'online' });
  }

  #ended(end: AttemptEnd): void {
    if (end.end === 'closed') this.#isDoubted = this.#attempt?.mayBeRefused === true;
    switch (end.end) {
      case 'failed':
        this.#retryLater(false);
        return;
      case 'version':
        this.#stop('version-unsupported', ABANDON_CODE);
        return;
      case 'no-ticket':
        if (end.fault === 'unproven') this.#stop('unproven', ABANDON_CODE);
        else if (end.fault === 'refused') this.#stop('refused-here', ABANDON_CODE);
        else this.#retryLater(end.fault === 'crowded', end.fault === 'crowded');
        return;
      case 'closed':
        this.#closed(end.reason);
    }
  }

  #closed(reason: CloseReason | null): void {
    const after = reason === null ? 'resume' : CLOSES[reason].after;
    switch (after) {
      case 'resume':
        this.#retryLater(false);
        return;
      case 'restart':
        // If the server can't resume the session, the page requests a new session without a delay.
        if (reason === 'session-reset') {
          this.#restart();
        } else {
          this.#forget();
          this.#retryLater(false);
        }
        return;
      case 'wait':
        this.#forget();
        this.#retryLater(true, reason === 'too-many');
        return;
      case 'stop':
        this.#stop(reason as StoppingClose, ABANDON_CODE);
    }
  }

  /**
   * Requests a new session at once. If the server refuses the new session too, the normal retry
   * delay applies.
   */
  #restart(): void {
    const hadSession = this.#session !== null;
    this.#forget();
    if (!hadSession) {
      this.#attempt?.abandon(ABANDON_CODE);
      this.#retryLater(false);
      return;
    }
    this.#leaveOnline();
    this.#connect();
  }

  #retryLater(calm: boolean, crowded = false): void {
    const stood = this.#state.state === 'online';
    const nowMs = this.#ports.clock.monotonicMs();
    this.#triedMs = stood ? 0 : nowMs - (this.#attempt?.startedAtMs ?? nowMs);
    this.#leaveOnline();
    this.#sayCrowded(crowded);
    this.#dropAttempt(ABANDON_CODE);
    this.#calm = calm;
    this.#scheduleRetry();
    this.#failures += 1;
  }

  #leaveOnline(): void {
    if (this.#state.state !== 'online') return;
    this.#lostAtMs = this.#ports.clock.monotonicMs();
    this.#enter({ state: 'reconnecting', crowded: false });
  }

  #sayCrowded(crowded: boolean): void {
    const state = this.#state;
    if (state.state !== 'connecting' && state.state !== 'reconnecting') return;
    if (state.crowded !== crowded) this.#enter({ ...state, crowded });
  }

  #forget(): void {
    this.#session = null;
    this.#ackTimer.stop();
  }

  get #soFar(): Pick<RetryFacts, 'failures' | 'elapsedMs' | 'urgent'> {
    const elapsedMs = this.#ports.clock.monotonicMs() - this.#lostAtMs;
    const isMessageWaiting = this.#session?.stream.hasUnacknowledged === true;
    return { failures: this.#failures, elapsedMs, urgent: this.#urgent || isMessageWaiting };
  }

  #scheduleRetry(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    const delayMs = retryDelayMs({
      ...this.#soFar,
      triedMs: this.#triedMs,
      calm: this.#calm,
      unit: this.#ports.unit(),
    });
    if (delayMs === null) this.#stop('gave-up', ABANDON_CODE);
    else this.#cancelRetry = this.#ports.scheduler.after(delayMs, () => this.#connect());
  }

  #dropAttempt(code: number): void {
    this.#cancelStable?.();
    this.#cancelStable = null;
    this.#listener.proving(null);
    this.#watch.detach();
    this.#attempt?.abandon(code);
    this.#attempt = null;
  }

  #stop(reason: StopReason | null, code: number): void {
    this.#forget();
    this.#dropAttempt(code);
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#stopListening?.();
    this.#stopListening = null;
    this.#enter({ state: 'stopped', reason });
  }
}

const LEAVE_CODE = 1000;
