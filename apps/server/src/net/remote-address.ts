import type { IncomingMessage } from 'node:http';
import { type IpAddress, parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { type AddressRange, isInRange, isLoopback } from './address-range.ts';

export interface RemoteAddress {
  /**
   * The client's address, which is the socket's own or, behind a listed proxy, the one in the
   * proxy's header.
   */
  readonly address: IpAddress;
  /** Whether the peer has a loopback address and sent no forwarding header. */
  readonly isLocal: boolean;
  /** Whether the request came over TLS, according to a listed proxy. */
  readonly isTls: boolean;
  /** Whether the peer is a listed proxy, whose socket many users share. */
  readonly isProxied: boolean;
  /** Whether an unlisted peer sent a forwarding header, which is a configuration error. */
  readonly hasUnlistedHeader: boolean;
}

/**
 * Headers that reveal a proxy. A loopback peer that sends one of these headers is not a local user.
 */
export const FORWARDING_HEADERS = [
  'cf-connecting-ip',
  'fastly-client-ip',
  'fly-client-ip',
  'forwarded',
  'true-client-ip',
  'via',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-original-forwarded-for',
  'x-real-ip',
] as const;

/**
 * Reads where a request comes from. `X-Forwarded-For` and `X-Forwarded-Proto` are used only if a
 * listed proxy sent them. `Forwarded` is ignored, because a proxy may copy it from its client. The
 * client is the rightmost address that isn't a listed proxy, because the client may have written
 * any address left of that.
 *
 * @returns null if the socket is closed and has no address
 */
export function placeOf(
  request: Pick<IncomingMessage, 'headers'> & {
    readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress'>;
  },
  proxies: readonly AddressRange[],
): RemoteAddress | null {
  // A link-local address of the peer has a zone suffix, which is removed.
  const peer = parseIpAddress((request.socket.remoteAddress ?? '').replace(/%.*/s, ''));
  if (peer === null) return null;
  const { headers } = request;
  const hasHeader = FORWARDING_HEADERS.some((name) => headers[name] !== undefined);
  if (!isListed(peer, proxies)) {
    return {
      address: peer,
      isLocal: isLoopback(peer) && !hasHeader,
      isTls: false,
      isProxied: false,
      hasUnlistedHeader: hasHeader,
    };
  }
  return {
    address: forwardedAddress(listOf(headers['x-forwarded-for']), peer, proxies),
    isLocal: isLoopback(peer) && !hasHeader,
    isTls: listOf(headers['x-forwarded-proto']).at(-1)?.toLowerCase() === 'https',
    isProxied: true,
    hasUnlistedHeader: false,
  };
}

function forwardedAddress(
  hops: readonly string[],
  peer: IpAddress,
  proxies: readonly AddressRange[],
): IpAddress {
  let address = peer;
  for (const hop of hops.toReversed()) {
    const parsed = parseIpAddress(withoutPort(hop));
    // Our proxies write valid addresses, so neither an invalid address in the header nor any
    // address left of it can be trusted.
    if (parsed === null) return address;
    address = parsed;
    if (!isListed(parsed, proxies)) return address;
  }
  return address;
}

/**
 * Removes the client's port and the quotes that some proxies add: `192.0.2.1:4711`,
 * `"[2001:db8::1]:4711"`.
 */
function withoutPort(hop: string): string {
  const [, quoted] = QUOTED.exec(hop) ?? [];
  const [, bracketed, plain] = HOP_WITH_PORT.exec(quoted ?? hop) ?? [];
  return bracketed ?? plain ?? quoted ?? hop;
}

const QUOTED = /^"([^"]*)"$/;
const HOP_WITH_PORT =
  /^(?:\[([0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?|([0-9]+(?:\.[0-9]+){3}):[0-9]{1,5})$/;

function isListed(address: IpAddress, proxies: readonly AddressRange[]): boolean {
  return proxies.some((range) => isInRange(address, range));
}

function listOf(header: string | readonly string[] | undefined): readonly string[] {
  if (header === undefined) return [];
  const text = typeof header === 'string' ? header : header.join(',');
  return text.split(',').map((item) => item.trim());
}
