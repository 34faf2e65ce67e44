import type { IncomingMessage } from 'node:http';
import { assertDefined } from '@farandole/kernel/assert';

/** What to do with a request for the host that it names. */
export type HostDecision =
  | { readonly action: 'serve' }
  /** The same machine under another name: the page has one origin. */
  | { readonly action: 'redirect'; readonly origin: string }
  | { readonly action: 'refuse' };

/** `localhost`, 127.0.0.1 and [::1], with or without a port. */
const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::([0-9]{1,5}))?$/i;

/** Whether a `Host` header names this machine as it names itself. */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && LOOPBACK_HOST.test(host);
}

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

/** The addresses under which people open the page, each an exact origin. */
export class Site {
  readonly origins: readonly string[];
  readonly #allowed: ReadonlySet<string>;
  readonly #hosts: ReadonlySet<string>;

  /** @param origins not empty */
  constructor(origins: readonly string[]) {
    this.origins = origins;
    this.#allowed = new Set(origins);
    this.#hosts = new Set(origins.map((origin) => new URL(origin).host));
  }

  /** Whether a page of that origin may open a session here. Exact: no prefix, no wildcard. */
  allowsOrigin(origin: string | undefined): boolean {
    return origin !== undefined && this.#allowed.has(origin);
  }

  /**
   * Only the hosts of the site are served: a name that somebody else pointed at this machine would
   * make its pages the same origin as ours.
   */
  decideHost(host: string | undefined): HostDecision {
    const named = (host ?? '').toLowerCase();
    if (this.#hosts.has(named)) return { action: 'serve' };
    const loopback = LOOPBACK_HOST.exec(named);
    if (loopback === null) return { action: 'refuse' };
    const local = `http://localhost${loopback[1] === undefined ? '' : `:${loopback[1]}`}`;
    const origin = this.#allowed.has(local) ? local : this.origins[0];
    return { action: 'redirect', origin: assertDefined(origin, 'a site has an origin') };
  }

  /** The HTTPS origin of a host of the site; null where it has none. */
  secureOriginOf(host: string | undefined): string | null {
    const origin = `https://${(host ?? '').toLowerCase()}`;
    return this.#allowed.has(origin) ? origin : null;
  }
}
