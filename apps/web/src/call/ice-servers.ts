import type { Clock } from '@farandole/kernel/clock';
import type { IceServer, IceServersReply } from '@farandole/protocol/http-api';
import type { Api, Scheduler } from '../signal/ports.ts';
import { ICE_SERVERS_MARGIN_MS, ICE_SERVERS_WITHIN_MS } from './limits.ts';

/**
 * Caches the STUN and TURN servers, whose credentials are valid for minutes. New credentials come
 * with each session, before any call, and are also requested before the old ones expire.
 */
export class IceServers {
  readonly #api: Api;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #receipt: () => string | null;
  #servers: readonly IceServer[] = [];
  #goodUntilMs = Number.NEGATIVE_INFINITY;
  #fetching: Promise<void> | null = null;

  /** @param receipt returns the receipt of the open session, or null without a session */
  constructor(api: Api, clock: Clock, scheduler: Scheduler, receipt: () => string | null) {
    this.#api = api;
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#receipt = receipt;
  }

  /**
   * The cached STUN and TURN servers. Their credentials may have expired, and the list may be
   * empty.
   */
  get current(): readonly IceServer[] {
    return this.#servers;
  }

  take(reply: IceServersReply): void {
    this.#servers = reply.iceServers;
    this.#goodUntilMs = this.#clock.monotonicMs() + reply.expiresInMs;
  }

  /**
   * Returns STUN and TURN servers with fresh credentials if they arrive within
   * `ICE_SERVERS_WITHIN_MS`, otherwise the cached ones.
   */
  async fresh(): Promise<readonly IceServer[]> {
    const receipt = this.#receipt();
    const isGood = this.#clock.monotonicMs() < this.#goodUntilMs - ICE_SERVERS_MARGIN_MS;
    if (isGood || receipt === null) return this.#servers;
    this.#fetching ??= this.#fetch(receipt).finally(() => {
      this.#fetching = null;
    });
    await Promise.race([this.#fetching, this.#patience()]);
    return this.#servers;
  }

  async #fetch(receipt: string): Promise<void> {
    const reply = await this.#api.iceServers(receipt);
    if (reply.ok) this.take(reply.value);
  }

  #patience(): Promise<void> {
    return new Promise((resolve) => {
      this.#scheduler.after(ICE_SERVERS_WITHIN_MS, resolve);
    });
  }
}

/** Whether the servers include a relay. Only TURN servers need credentials. */
export function hasTurn(servers: readonly IceServer[]): boolean {
  return servers.some(({ credential }) => credential !== undefined);
}
