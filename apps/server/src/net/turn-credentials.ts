import { createHmac } from 'node:crypto';
import type { Budget } from '@farandole/gateway/budget/budget';
import type { IceServers } from '@farandole/gateway/ports';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import type { SessionId } from '@farandole/kernel/id';
import type { IceServer, IceServersReply, RelayMode } from '@farandole/protocol/http-api';
import { TURN_CREDENTIAL_LIFETIME_S, TURN_USERS_PER_NETWORK } from '../limits.ts';
import type { NetworkAnchor } from '../store/network-anchor.ts';
import { stunUrlOf, type TurnUrl } from './turn-url.ts';

export interface IceSettings {
  readonly relay: RelayMode;
  readonly turnUrls: readonly TurnUrl[];
  /** Shared secret of the TURN servers; null if they are offered for STUN only. */
  readonly turnSecret: string | null;
}

export interface IceIssuerParts {
  readonly settings: IceSettings;
  /** Names networks. Users see the names, so the key of the names has no other use. */
  readonly networks: Pick<NetworkAnchor, 'of'>;
  /** Budget of each network for TURN credentials. */
  readonly budget: Budget;
  /** Returns the machine's date, which the TURN server uses too. */
  readonly machineMs: () => number;
}

/**
 * Number of leading bits that two addresses of one network share. An IPv6 site can have all
 * networks of its /48, so a longer prefix would give the site many quotas.
 */
const NETWORK_BITS = { 4: 24, 6: 48 } as const;
/** 96 bits of the hash, which is enough to tell networks apart. */
const NETWORK_CHARS = 16;

/** Issues ICE servers to sessions. */
export class IceIssuer implements IceServers {
  readonly #parts: IceIssuerParts;
  #issued = 0;

  constructor(parts: IceIssuerParts) {
    this.#parts = parts;
  }

  /** Number of TURN credentials issued since the start. */
  get issued(): number {
    return this.#issued;
  }

  of(session: SessionId, clientAddress: string): IceServersReply {
    const waitMs = this.#take(clientAddress);
    if (waitMs === 0) return this.#complete(session, clientAddress);
    const expiresInMs = Math.min(Math.ceil(waitMs), TURN_CREDENTIAL_LIFETIME_S * 1_000);
    return { iceServers: this.#stun(), expiresInMs };
  }

  /**
   * Returns fresh ICE servers for a running session. If the client's network used up its budget,
   * returns the time in ms after which another attempt may succeed.
   */
  renew(session: SessionId, clientAddress: string): IceServersReply | { readonly waitMs: number } {
    const waitMs = this.#take(clientAddress);
    return waitMs === 0 ? this.#complete(session, clientAddress) : { waitMs };
  }

  #take(clientAddress: string): number {
    return this.#hasTurn ? this.#parts.budget.take(clientAddress) : 0;
  }

  get #hasTurn(): boolean {
    const { turnSecret, turnUrls } = this.#parts.settings;
    return turnSecret !== null && turnUrls.length > 0;
  }

  #complete(session: SessionId, clientAddress: string): IceServersReply {
    const { settings, machineMs } = this.#parts;
    const iceServers = this.#stun();
    if (this.#hasTurn && settings.turnSecret !== null) {
      const user = this.#userOf(session, clientAddress);
      const urls = settings.turnUrls.map(({ url }) => url);
      this.#issued += 1;
      iceServers.push({ urls, ...turnCredential(settings.turnSecret, user, machineMs()) });
    }
    return { iceServers, expiresInMs: TURN_CREDENTIAL_LIFETIME_S * 1_000 };
  }

  /**
   * STUN is offered only if users may connect directly. The STUN server is the operator's own, so
   * that no third party sees the users.
   */
  #stun(): IceServer[] {
    const { relay, turnUrls } = this.#parts.settings;
    if (relay === 'always') return [];
    const urls = new Set(turnUrls.map(stunUrlOf).filter((url) => url !== null));
    return urls.size > 0 ? [{ urls: [...urls] }] : [];
  }

  /**
   * The TURN server limits the allocations of each user name, so the name stands for a part of a
   * network and not for a session, of which an attacker can open many.
   */
  #userOf(session: SessionId, clientAddress: string): string {
    const address = parseIpAddress(clientAddress);
    const network =
      address === null ? 'none' : this.#parts.networks.of(address, NETWORK_BITS[address.family]);
    const [byte = 0] = Buffer.from(session, 'base64url');
    return `${network.slice(0, NETWORK_CHARS)}-${byte % TURN_USERS_PER_NETWORK}`;
  }
}

/**
 * Makes credentials of the TURN REST API (draft-uberti-behave-turn-rest-00, section 2.2), as
 * coturn's `use-auth-secret` expects them. The user name is `expiry:user`, and the password is the
 * user name's HMAC-SHA1 in base64.
 */
export function turnCredential(
  secret: string,
  user: string,
  nowWallMs: number,
): { readonly username: string; readonly credential: string } {
  const username = `${Math.floor(nowWallMs / 1_000) + TURN_CREDENTIAL_LIFETIME_S}:${user}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
