import type { Clock } from '@farandole/kernel/clock';
import type { IceServer, IceServersReply } from '@farandole/protocol/http-api';
import type { Api, Scheduler } from '../signal/ports.ts';
import { ICE_SERVERS_MARGIN_MS, ICE_SERVERS_WITHIN_MS } from './limits.ts';

/**
 * Caches the STUN and TURN servers, whose credentials are valid for minutes. New credentials come
 * with each session, before any call, and are also requested before the old ones expire.
 */
export class IceServers {
  /**
   * The cached STUN and TURN servers. Their credentials may have expired, and the list may be
   * empty. Only `take` changes the list.
   */
  current: readonly IceServer[] = [];
  readonly #api: Api;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #receipt: () => string | null;
  #goodUntilMs = 0;
  #fetching: Promise<void> | null = null;

  /** @param receipt returns the receipt of the open session, or null without a session */
  constructor(api: Api, clock: Clock, scheduler: Scheduler, receipt: () => string | null) {
    this.#api = api;
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#receipt = receipt;
  }

  take(reply: IceServersReply): void {
    // A media connection prepared for the same servers can still be used.
    if (JSON.stringify(this.current) !== JSON.stringify(reply.iceServers)) {
      this.current = reply.iceServers;
    }
    this.#goodUntilMs = this.#clock.monotonicMs() + reply.expiresInMs;
  }

  /**
   * Returns STUN and TURN servers with fresh credentials if they arrive within
   * `ICE_SERVERS_WITHIN_MS`, otherwise the cached ones.
   */
  async fresh(): Promise<readonly IceServer[]> {
    const receipt = this.#receipt();
    const nowMs = this.#clock.monotonicMs();
    if (receipt !== null && nowMs >= this.#goodUntilMs - ICE_SERVERS_MARGIN_MS) {
      this.#fetching ??= this.#api.iceServers(receipt).then((reply) => {
        this.#fetching = null;
        if (reply.ok) this.take(reply.value);
      });
      await Promise.race([
        this.#fetching,
        new Promise<void>((resolve) => {
          this.#scheduler.after(ICE_SERVERS_WITHIN_MS, resolve);
        }),
      ]);
    }
    return this.current;
  }
}
