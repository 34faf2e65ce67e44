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
  readonly kinds: RtcOptions['kinds'];
}

/** A media connection and the candidates that were found before the match. */
export interface ReadyConnection {
  readonly connection: RtcConnection;
  readonly offer: Description | null;
  /** Candidates that were found after the offer was created. */
  readonly candidates: readonly Candidate[];
}

/**
 * Prepares the next call's media during a search. It creates a certificate and a connection with an
 * offer and candidates. A second connection without an offer is used if the node chooses the peer's
 * offer.
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
   * Returns the prepared offer after waiting up to `OFFER_READY_WITHIN_MS` for candidates.
   * @returns `null` if the offer isn't ready in time or is too long for a frame
   */
  async offer(): Promise<string | null> {
    await Promise.race([this.#ready, this.#patience()]);
    const description = this.#offerer?.localDescription() ?? null;
    if (description === null || JSON.stringify(description.sdp).length > OFFER_CHARS_MAX)
      return null;
    this.#offer = description;
    this.#candidates.splice(0, this.#candidates.length);
    return description.sdp;
  }

  /**
   * Returns the prepared connection for the given role. Closes the connection for the other role
   * later, because the match is urgent.
   * @returns `null` if the connection isn't ready
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
      this.#answerer = rtc.connect({ ...options, certificate, role: 'answerer' });
      await offered;
      await gathered;
    } catch {
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
