import type { Budget } from '@farandole/gateway/budget/budget';
import type { ConnectionFacts } from '@farandole/gateway/ports';
import type { SubjectId } from '@farandole/kernel/id';
import { SOCKET_PATH, SUBPROTOCOL } from '@farandole/protocol/http-api';
import { TOKEN_CHARS_MAX } from '@farandole/protocol/limits';
import { readCookie } from '../http/cookie.ts';
import type { IncomingRequest } from '../http/incoming-request.ts';
import { type ProblemKind, secondsOf } from '../http/problem.ts';
import type { NodeSigner } from '../keys/signer.ts';
import { type AddressRange, isLoopback, networkOf } from '../net/address-range.ts';
import type { NetworkNames } from '../net/network-names.ts';
import { placeOf } from '../net/remote-address.ts';
import type { Site } from '../net/site.ts';

export interface AdmissionOptions {
  readonly site: () => Site;
  readonly signer: Pick<NodeSigner, 'subjectOf'>;
  /**
   * Whether a session ticket or the secret of a session lets a user open a socket. A ticket opens
   * one socket.
   */
  readonly admits: (token: string, subject: SubjectId) => boolean;
  readonly trustedProxies: readonly AddressRange[];
  /**
   * Returns the name of a user's network, by which the user's restrictions are found. If absent, no
   * user has a network.
   */
  readonly networkNames?: Pick<NetworkNames, 'of'>;
  /** Limits the requests to open a WebSocket, and the open WebSockets. */
  readonly budgets: { readonly upgrades: Budget; readonly sockets: Budget };
  readonly onUnlisted: (what: 'proxy' | 'origin') => void;
}

export interface UpgradeAdmission {
  /** Session ticket or secret of a session. */
  readonly token: string;
  readonly isTls: boolean;
  /** The client's network. Waiting frames are served in turn by network. */
  readonly network: string;
  readonly facts: ConnectionFacts;
}

export type UpgradeVerdict =
  | ({ readonly isAdmitted: true } & UpgradeAdmission)
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
  /** Number of sockets, by address, that exceed the budget and are being closed. */
  readonly #excess = new Map<string, number>();
  #isStopped = false;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** @returns null if the request's connection is already closed */
  judge(request: IncomingRequest): UpgradeVerdict | null {
    const { site, signer, admits, budgets, trustedProxies, networkNames, onUnlisted } =
      this.#options;
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
      return { isAdmitted: false, ...usedTicket(place.isTls) };
    }
    const clientAddress = place.address.text;
    const waitMs = budgets.upgrades.take(clientAddress);
    if (waitMs > 0) {
      const detail = 'Too many connections from your network. Wait a moment.';
      return refuse('too-many', detail, [['Retry-After', String(secondsOf(waitMs))]]);
    }
    const name = networkNames?.of(place.address);
    const facts: ConnectionFacts = {
      subject,
      clientAddress,
      isLocal: place.isLocal,
      ...(name !== undefined && { network: name }),
    };
    const { isTls } = place;
    return { isAdmitted: true, token, isTls, network: networkOf(place.address), facts };
  }

  /** Returns the refusal of a request that isn't a valid WebSocket handshake. */
  refusalOfMalformed(request: IncomingRequest): UpgradeRefusal {
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
   * @returns false if the budget has no socket left for the address
   */
  opened(address: string): boolean {
    if (this.#options.budgets.sockets.take(address) === 0) return true;
    this.#excess.set(address, (this.#excess.get(address) ?? 0) + 1);
    return false;
  }

  /**
   * Counts a closed socket. While an address has excess sockets, a closed one counts as an excess
   * socket. The budget may so get a socket back a moment late, but never early.
   */
  closed(address: string): void {
    const excess = this.#excess.get(address) ?? 0;
    if (excess === 0) this.#options.budgets.sockets.release(address);
    else if (excess === 1) this.#excess.delete(address);
    else this.#excess.set(address, excess - 1);
  }

  stop(): void {
    this.#isStopped = true;
  }
}

/** Returns the refusal of a session ticket that is invalid or was used. */
export function usedTicket(isTls: boolean): UpgradeRefusal {
  return { kind: 'no-ticket', detail: 'Get a new session ticket first.', headers: [], isTls };
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
