import type { IncomingMessage } from 'node:http';

/** A request to a proxy names the host in its address, too (RFC 9112, section 3.2.2). */
const ABSOLUTE = /^[a-z]+:\/\/([^/?#]*)/i;

/**
 * Whether a request names one host. One that names two may mean one of them to whoever stands before
 * this server, and the other to this server: neither can be believed (RFC 9112, section 3.2).
 */
export function namesOneHost({
  rawHeaders,
  headers,
  url = '',
}: Pick<IncomingMessage, 'rawHeaders' | 'headers' | 'url'>): boolean {
  const names = rawHeaders.filter((_, index) => index % 2 === 0);
  if (names.filter((name) => name.toLowerCase() === 'host').length > 1) return false;
  const [, host] = ABSOLUTE.exec(url) ?? [];
  return host === undefined || host.toLowerCase() === headers.host?.toLowerCase();
}
