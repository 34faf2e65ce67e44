import type { Candidate } from '@farandole/protocol/fields';
import type { IceServer } from '@farandole/protocol/http-api';
import type { Scheduler } from '../signal/ports.ts';
import { OFFER_CHARS_MAX, OFFER_READY_WITHIN_MS } from './limits.ts';
import type {
  Description,
  LocalTracks,
  RtcConnection,
  RtcHandler,
  RtcOptions,
} from './rtc-handler.ts';

export interface PrepareOptions {
  readonly iceServers: readonly IceServer[];
  readonly policy: RtcOptions['policy'];
  readonly tracks: LocalTracks;
}

/** A connection for a call, with what it has found out before anybody was there to tell. */
export interface ReadyConnection {
  readonly connection: RtcConnection;
  /** The offer that the connection stands on already, or null. */
  readonly offer: Description | null;
  /** Candidates that came after that offer was written down. */
  readonly candidates: readonly Candidate[];
}

/**
 * Everything of the next call that can be done before there is one, while a person waits: a
 * certificate, a connection with tracks and an offer whose candidates are gathered, and beside it
 * a bare one for the case that the other's offer is chosen.
 */
export class PreparedLink {
  readonly policy: RtcOptions['policy'];
  readonly #scheduler: Scheduler;
  readonly #ready: Promise<void>;
  readonly #candidates: Candidate[] = [];
  #offerer: RtcConnection | null = null;
  #answerer: RtcConnection | null = null;
  #offer: Description | null = null;
  #gathered: () => void = () => {};
  #closed = false;

  constructor(rtc: RtcHandler, scheduler: Scheduler, options: PrepareOptions) {
    this.policy = options.policy;
    this.#scheduler = scheduler;
    this.#ready = this.#prepare(rtc, options);
  }

  /**
   * The offer for a ticket, once its candidates are gathered or a moment has passed.
   *
   * @returns null where there is none in time, or none that fits a frame
   */
  async offer(): Promise<string | null> {
    await Promise.race([this.#ready, this.#patience()]);
    const description = this.#offerer?.localDescription() ?? null;
    if (description === null || JSON.stringify(description.sdp).length > OFFER_CHARS_MAX)
      return null;
    this.#offer = description;
    // What is written in the offer need not be told again.
    this.#candidates.splice(0, this.#candidates.length);
    return description.sdp;
  }

  /**
   * Hands over the connection for the role that the node chose. The other one is closed a little
   * later, since now every millisecond counts.
   *
   * @returns null where none is ready
   */
  take(role: RtcOptions['role']): ReadyConnection | null {
    const mine = role === 'offerer' ? this.#offerer : this.#answerer;
    const other = role === 'offerer' ? this.#answerer : this.#offerer;
    this.#closed = true;
    this.#scheduler.after(CLOSE_SPARE_AFTER_MS, () => other?.close());
    if (mine === null) return null;
    return role === 'offerer'
      ? { connection: mine, offer: this.#offer, candidates: this.#candidates }
      : { connection: mine, offer: null, candidates: [] };
  }

  /** Nobody wants it any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#offerer?.close();
    this.#answerer?.close();
  }

  async #prepare(rtc: RtcHandler, options: PrepareOptions): Promise<void> {
    const certificate = await rtc.generateCertificate().catch(() => null);
    if (this.#closed) return;
    const gathered = new Promise<void>((resolve) => {
      this.#gathered = resolve;
    });
    try {
      const offerer = rtc.connect({ ...options, certificate, role: 'offerer' });
      this.#offerer = offerer;
      offerer.listen({
        candidate: (candidate) => {
          if (candidate === null) this.#gathered();
          else this.#candidates.push(candidate);
        },
        stateChanged: () => {},
        remoteTrack: () => {},
      });
      const offered = offerer.offer();
      // Made while the offer is, in the browser's own time.
      this.#answerer = rtc.connect({ ...options, certificate, role: 'answerer' });
      await offered;
      await gathered;
    } catch {
      // Without an offer the search still works: the other side's, or a later one, is used.
      this.#offerer?.close();
      this.#offerer = null;
    }
  }

  #patience(): Promise<void> {
    return new Promise((resolve) => {
      this.#scheduler.after(OFFER_READY_WITHIN_MS, resolve);
    });
  }
}

const CLOSE_SPARE_AFTER_MS = 1_000;
