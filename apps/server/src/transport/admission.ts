import type { IncomingMessage } from 'node:http';
import type { ConnectionFacts } from '@farandole/gateway/ports';
import type { Clock } from '@farandole/kernel/clock';
import type { SubjectId } from '@farandole/kernel/id';
import { SOCKET_PATH, SUBPROTOCOL } from '@farandole/protocol/http-api';
import { TOKEN_CHARS_MAX } from '@farandole/protocol/limits';
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
  /**
   * Whether a session ticket or the secret of a session lets a user open a socket. A ticket does so
   * once.
   */
  readonly admits: (token: string, subject: SubjectId) => boolean;
  readonly clock: Clock;
  readonly trustedProxies: readonly AddressRange[];
  /**
   * Returns the name of a user's network, by which the user's restrictions are found. If absent, no
   * user has a network.
   */
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
  /** Sentence shown to the user. */
  readonly detail: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly isTls: boolean;
}

/**
 * Decides which requests may open a WebSocket, by transport, address, origin, cookie, token, rate
 * and number of sockets.
 */
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

  /** @returns null if the request's connection is already closed */
  judge(request: IncomingMessage): UpgradeVerdict | null {
    const { site, signer, admits, clock, trustedProxies, networkNames, onUnlisted } = this.#options;
    const place = placeOf(request, trustedProxies);
    if (place === null) return null;
    if (place.hasUnlistedHeader) onUnlisted('proxy');
    const refuse = (
      kind: ProblemKind,
      detail: string,
      headers: UpgradeRefusal['headers'] = [],
    ): UpgradeVerdict => ({ isAdmitted: false, kind, detail, headers, isTls: place.isTls });
    if (!place.isTls && !isLoopback(place.address)) {
      return refuse('needs-https', 'Use HTTPS, or a browser on the server’s own machine.');
    }
    if (this.#isStopped) {
      return refuse('stopping', 'This server is stopping. Try again soon.');
    }
    if ((request.url ?? '').split('?')[0] !== SOCKET_PATH) {
      return refuse('not-found', 'No WebSocket at this address.');
    }
    if (!site().allowsOrigin(request.headers.origin)) {
      onUnlisted('origin');
      return refuse('origin-refused', 'This page does not belong to this server.');
    }
    const cookie = readCookie(request.headers.cookie);
    if (cookie === null) return refuse('no-cookie', 'Get a session ticket first.');
    const subject = signer.subjectOf(cookie);
    // The token is checked before the rate, so that clients without tickets don't use up the rate
    // of their network's users.
    const token = tokenIn(request.headers['sec-websocket-protocol']);
    if (token === null || !admits(token, subject)) {
      return refuse('no-ticket', 'Get a new session ticket first.');
    }
    const network = networkOf(place.address);
    if (!this.#upgrades.take(network, clock.monotonicMs())) {
      const detail = 'Too many connections from your network. Wait a moment.';
      return refuse('too-many', detail, [['Retry-After', '5']]);
    }
    const clientAddress = place.address.text;
    const name = networkNames?.of(place.address);
    const facts: ConnectionFacts = {
      subject,
      clientAddress,
      isLocal: place.isLocal,
      ...(name !== undefined && { network: name }),
    };
    return { isAdmitted: true, network, facts };
  }

  /** Returns the refusal of a request that isn't a valid WebSocket handshake. */
  refusalOfMalformed(request: IncomingMessage): UpgradeRefusal {
    const isTls = placeOf(request, this.#options.trustedProxies)?.isTls ?? false;
    if (request.method !== 'GET') {
      const headers = [['Allow', 'GET']] as const;
      return { kind: 'method-not-allowed', detail: 'Only GET can be used here.', headers, isTls };
    }
    const detail = 'Not a WebSocket handshake (RFC 6455).';
    return { kind: 'bad-request', detail, headers: [['Sec-WebSocket-Version', '13']], isTls };
  }

  /**
   * Counts a new socket.
   *
   * @returns false if the socket exceeds its network's limit or the limit of the node
   */
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

/**
 * Returns the session ticket or secret in the header `Sec-WebSocket-Protocol`, which a page offers
 * after `farandole`. Null if the header has another form.
 */
function tokenIn(header: string | undefined): string | null {
  const [name, token, ...others] = (header ?? '').split(',', 3).map((item) => item.trim());
  if (name !== SUBPROTOCOL || token === undefined || others.length > 0) return null;
  return token.length > 0 && token.length <= TOKEN_CHARS_MAX ? token : null;
}
