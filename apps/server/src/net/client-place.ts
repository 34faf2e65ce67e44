import type { IncomingMessage } from 'node:http';
import { type IpAddress, parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { type AddressRange, isInRange, isLoopback } from './address-range.ts';

/** Where a request comes from, as far as this server can know it. */
export interface ClientPlace {
  /** Of the socket or, behind a listed proxy, of its header. */
  readonly address: IpAddress;
  /** The socket is a loopback one, and no header says that it speaks for somebody else. */
  readonly isLocal: boolean;
  /** A listed proxy says that it was reached over TLS. */
  readonly isTls: boolean;
  /** The socket is a listed proxy's: what is done to it is done to others, too. */
  readonly isProxied: boolean;
  /** A forwarding header came from a peer that is not listed: an error of the configuration. */
  readonly hasUnlistedHeader: boolean;
}

/**
 * Headers by which proxies say for whom they speak, or that they speak for somebody: whoever sends
 * one of them is not alone on this machine.
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
 * Reads the place of a request. `X-Forwarded-For` and `X-Forwarded-Proto` count only when the
 * socket's own address is listed, and then the rightmost address that is not itself a listed
 * proxy's: whatever stands left of it, the client may have written.
 *
 * @returns null when the socket is already gone, and so has no address
 */
export function placeOf(
  request: Pick<IncomingMessage, 'headers'> & {
    readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress'>;
  },
  proxies: readonly AddressRange[],
): ClientPlace | null {
  // A link-local peer comes with its zone, which is no part of the address.
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
    const parsed = parseIpAddress(hop);
    // What is no address was not written by a proxy of ours, nor is anything left of it.
    if (parsed === null) return address;
    address = parsed;
    if (!isListed(parsed, proxies)) return address;
  }
  return address;
}

function isListed(address: IpAddress, proxies: readonly AddressRange[]): boolean {
  return proxies.some((range) => isInRange(address, range));
}

function listOf(header: string | readonly string[] | undefined): readonly string[] {
  if (header === undefined) return [];
  const text = typeof header === 'string' ? header : header.join(',');
  return text.split(',').map((item) => item.trim());
}
