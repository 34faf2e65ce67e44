import type { IncomingMessage } from 'node:http';
import { assertDefined } from '@farandole/kernel/assert';

export type HostDecision =
  | { readonly action: 'serve' }
  /**
   * The request used another name of this machine. It is redirected, because the page has one
   * origin.
   */
  | { readonly action: 'redirect'; readonly origin: string }
  | { readonly action: 'refuse' };

/** Matches `localhost`, 127.0.0.1 and [::1], with or without a port. */
const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::([0-9]{1,5}))?$/i;

export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && LOOPBACK_HOST.test(host);
}

/**
 * Matches an absolute request target, which proxies receive and which includes the host (RFC 9112,
 * section 3.2.2).
 */
const ABSOLUTE = /^[a-z]+:\/\/([^/?#]*)/i;

/**
 * Returns whether a request names exactly one host. With two hosts, a proxy could use one and this
 * server the other (RFC 9112, section 3.2).
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

/** Holds the exact origins under which the page is served. */
export class Site {
  readonly origins: readonly string[];
  readonly #allowed: ReadonlySet<string>;
  readonly #hosts: ReadonlySet<string>;

  /** @param origins list of at least one origin */
  constructor(origins: readonly string[]) {
    this.origins = origins;
    this.#allowed = new Set(origins);
    this.#hosts = new Set(origins.map((origin) => new URL(origin).host));
  }

  /**
   * Returns whether an origin is one of the site's. Compares exactly, without prefixes or
   * wildcards.
   */
  allowsOrigin(origin: string | undefined): boolean {
    return origin !== undefined && this.#allowed.has(origin);
  }

  /**
   * Accepts a request only under the site's own hosts. Otherwise a foreign host name that points at
   * this server would share the site's origin.
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

  /** Returns the site's origin with this host; the first origin if there is none. */
  originOf(host: string | undefined): string {
    const named = (host ?? '').toLowerCase();
    const origin = this.origins.find((one) => new URL(one).host === named) ?? this.origins[0];
    return assertDefined(origin, 'a site has an origin');
  }

  /** Returns the HTTPS origin with this host; null if there is none. */
  secureOriginOf(host: string | undefined): string | null {
    const origin = `https://${(host ?? '').toLowerCase()}`;
    return this.#allowed.has(origin) ? origin : null;
  }
}
