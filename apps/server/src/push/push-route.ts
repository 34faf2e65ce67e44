import { type IpAddress, parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { type AddressRange, isInRange, parseAddressRange } from '../net/address-range.ts';

/** Maximum length of an address at a push service. */
export const PUSH_ENDPOINT_CHARS_MAX = 1_024;

/**
 * Where notifications may be sent. A browser tells the server an address at a push service, so the
 * server must not connect to any address that a client chooses.
 */
export interface PushRoute {
  /** Whether a push service is at this host. */
  readonly isKnown: (url: URL) => boolean;
  /** Whether the server may connect to this address, to which the host's name resolved. */
  readonly isAllowed: (address: IpAddress) => boolean;
  /** Certificate authority that signs the host's certificate. By default those of Node. */
  readonly ca?: string;
}

/** The push services of Chrome, Firefox, Safari and Edge. A name with a leading dot is a suffix. */
const PUSH_HOSTS: readonly string[] = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  'web.push.apple.com',
  '.push.apple.com',
  '.notify.windows.com',
];

/**
 * Ranges that aren't on the public internet, or that contain an IPv4 address of their own (RFC 6890
 * and its registries).
 */
const NOT_PUBLIC: readonly AddressRange[] = ranges([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ...['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
]);
/** All public addresses of IPv6 are in this range. */
const PUBLIC_V6 = ranges(['2000::/3']);

export const PUBLIC_PUSH_ROUTE: PushRoute = {
  isKnown: ({ hostname, port }) =>
    port === '' &&
    PUSH_HOSTS.some((host) => (host.startsWith('.') ? hostname.endsWith(host) : hostname === host)),
  isAllowed: isPublic,
};

export function isPublic(address: IpAddress): boolean {
  if (NOT_PUBLIC.some((range) => isInRange(address, range))) return false;
  return address.family === 4 || PUBLIC_V6.some((range) => isInRange(address, range));
}

/**
 * Parses an address at a push service. Returns null unless the text is the canonical form of an
 * HTTPS URL at a known host, without a user name and fragment, and with a host name.
 */
export function parseEndpoint(text: string, { isKnown }: PushRoute): URL | null {
  if (text.length > PUSH_ENDPOINT_CHARS_MAX) return null;
  const url = URL.parse(text);
  if (url === null || url.href !== text || url.protocol !== 'https:') return null;
  if (url.username !== '' || url.password !== '' || url.hash !== '') return null;
  // Node resolves no name for a literal address, so the address wouldn't be checked.
  if (url.hostname.startsWith('[') || parseIpAddress(url.hostname) !== null) return null;
  return isKnown(url) ? url : null;
}

function ranges(texts: readonly string[]): readonly AddressRange[] {
  return texts.map(parseAddressRange).filter((range) => range !== null);
}
