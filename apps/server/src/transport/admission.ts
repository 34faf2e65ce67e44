import type { IncomingMessage } from 'node:http';
import type { ConnectionFacts } from '@farandole/gateway/ports';
import type { Clock } from '@farandole/kernel/clock';
import { SOCKET_PATH } from '@farandole/protocol/http-api';
import { readCookie } from '../http/cookie.ts';
import type { ProblemKind } from '../http/problem.ts';
import type { NodeSigner } from '../keys/signer.ts';
import { SWEEP_EVERY_MS, UPGRADES_REFILL_SHARE_PER_S } from '../limits.ts';
import { type AddressRange, isLoopback, networkOf } from '../net/address-range.ts';
import type { NetworkNames } from '../net/network-names.ts';
import { placeOf } from '../net/remote-address.ts';
import type { Site } from '../net/site.ts';
import { TokenBuckets } from './token-buckets.ts';

export interface AdmissionOptions {
  readonly site: () => Site;
  readonly signer: Pick<NodeSigner, 'subjectOf'>;
  readonly clock: Clock;
  readonly trustedProxies: readonly AddressRange[];
  /** Names a user's network for standing; absent: no user has one. */
  readonly networkNames?: Pick<NetworkNames, 'of'>;
  readonly connectionsMax: number;
  readonly connectionsPerNetworkMax: number;
  readonly onUnlisted: (what: 'proxy' | 'origin') => void;
}

export type UpgradeVerdict =
  | { readonly isAdmitted: true; readonly network: string; readonly facts: ConnectionFacts }
  | ({ readonly isAdmitted: false } & UpgradeRefusal);

export interface UpgradeRefusal {
  readonly kind: ProblemKind;
  /** For people. */
  readonly detail: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly isTls: boolean;
}

/** Decides who may open a socket: by transport, address, origin, cookie, rate and number of sockets. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #upgrades: TokenBuckets;
  readonly #openByNetwork = new Map<string, number>();
  #open = 0;
  #sweptAtMonotonicMs = Number.NEGATIVE_INFINITY;
  #isStopped = false;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    const burst = options.connectionsPerNetworkMax;
    this.#upgrades = new TokenBuckets(burst, Math.max(1, burst * UPGRADES_REFILL_SHARE_PER_S));
  }

  get sizes(): { readonly open: number; readonly recent: number } {
    return { open: this.#openByNetwork.size, recent: this.#upgrades.size };
  }

  /** @returns null if the connection is gone already */
  judge(request: IncomingMessage): UpgradeVerdict | null {
    const { site, signer, clock, trustedProxies, networkNames, onUnlisted } = this.#options;
    const place = placeOf(request, trustedProxies);
    if (place === null) return null;
    if (place.hasUnlistedHeader) onUnlisted('proxy');
    const refuse = (
      kind: ProblemKind,
      detail: string,
      headers: UpgradeRefusal['headers'] = [],
    ): UpgradeVerdict => ({ isAdmitted: false, kind, detail, headers, isTls: place.isTls });
    if (!place.isTls && !isLoopback(place.address)) {
      return refuse('needs-https', 'Farandole is reached over HTTPS, or from its own machine.');
    }
    if (this.#isStopped) {
      return refuse('stopping', 'This server stops. Another one will answer soon.');
    }
    if ((request.url ?? '').split('?')[0] !== SOCKET_PATH) {
      return refuse('not-found', 'There is no WebSocket at this address.');
    }
    if (!site().allowsOrigin(request.headers.origin)) {
      onUnlisted('origin');
      return refuse('origin-refused', 'This page is not one of this server’s.');
    }
    const cookie = readCookie(request.headers.cookie);
    if (cookie === null) return refuse('no-cookie', 'Get a session ticket first.');
    const network = networkOf(place.address);
    if (!this.#upgrades.take(network, clock.monotonicMs())) {
      const detail = 'Too many connections from your network. Wait a little.';
      return refuse('too-many', detail, [['Retry-After', '5']]);
    }
    const clientAddress = place.address.text;
    const name = networkNames?.of(place.address);
    const facts: ConnectionFacts = {
      subject: signer.subjectOf(cookie),
      clientAddress,
      isLocal: place.isLocal,
      ...(name !== undefined && { network: name }),
    };
    return { isAdmitted: true, network, facts };
  }

  /** For a request that the library doesn't accept as a handshake. */
  refusalOfMalformed(request: IncomingMessage): UpgradeRefusal {
    const isTls = placeOf(request, this.#options.trustedProxies)?.isTls ?? false;
    if (request.method !== 'GET') {
      const headers = [['Allow', 'GET']] as const;
      return { kind: 'method-not-allowed', detail: 'Only GET can be used here.', headers, isTls };
    }
    const detail = 'This is no WebSocket handshake of RFC 6455.';
    return { kind: 'bad-request', detail, headers: [['Sec-WebSocket-Version', '13']], isTls };
  }

  /** @returns false if the socket exceeds its network's limit or the total */
  opened(network: string): boolean {
    const { connectionsMax, connectionsPerNetworkMax } = this.#options;
    const ofNetwork = (this.#openByNetwork.get(network) ?? 0) + 1;
    this.#openByNetwork.set(network, ofNetwork);
    this.#open += 1;
    return ofNetwork <= connectionsPerNetworkMax && this.#open <= connectionsMax;
  }

  closed(network: string): void {
    const ofNetwork = (this.#openByNetwork.get(network) ?? 1) - 1;
    if (ofNetwork === 0) this.#openByNetwork.delete(network);
    else this.#openByNetwork.set(network, ofNetwork);
    this.#open -= 1;
  }

  tick(nowMonotonicMs: number): void {
    if (nowMonotonicMs - this.#sweptAtMonotonicMs < SWEEP_EVERY_MS) return;
    this.#sweptAtMonotonicMs = nowMonotonicMs;
    this.#upgrades.sweep(nowMonotonicMs);
  }

  stop(): void {
    this.#isStopped = true;
  }
}
