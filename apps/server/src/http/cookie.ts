import { randomBytes } from 'node:crypto';
import { COOKIE_LIFETIME_S } from '../limits.ts';

/**
 * The one cookie: who a person is to this server, and nothing about them. The prefix makes the
 * browser insist on `Secure`, on `Path=/` and on no `Domain`, so that no other host can set it.
 * Browsers take it on http://localhost as well.
 */
export const COOKIE_NAME = '__Host-farandole';

/** 256 bits, base64url. */
const VALUE = /^[A-Za-z0-9_-]{43}$/;

/** What may stand before a pair (RFC 6265, section 5.2): `trim` would take more for white space. */
const BEFORE = /^[ \t]+/;

/** The value of our cookie in a `Cookie` header; null when there is none of the right shape. */
export function readCookie(header: string | undefined): string | null {
  const value = namedCookie(header, COOKIE_NAME);
  return value !== null && VALUE.test(value) ? value : null;
}

/**
 * The value of a cookie in a `Cookie` header. Null when there is none of that name, or two: which of
 * them is ours cannot be told.
 *
 * The name is compared as it came. A browser guards the name that begins with the prefix, and lets
 * any page on a neighbouring host set one that begins with another byte, such as a no-break space.
 */
export function namedCookie(header: string | undefined, name: string): string | null {
  const values: string[] = [];
  for (const part of (header ?? '').split(';')) {
    const pair = part.replace(BEFORE, '');
    if (pair.startsWith(`${name}=`)) values.push(pair.slice(name.length + 1).trim());
  }
  const [value] = values;
  return values.length === 1 && value !== undefined ? value : null;
}

/** A new value, which nobody can guess. */
export function createCookie(): string {
  return randomBytes(32).toString('base64url');
}

/** The `Set-Cookie` header that gives it to the browser, out of reach of any script. */
export function setCookieHeader(value: string): string {
  return `${COOKIE_NAME}=${value}; Path=/; Max-Age=${COOKIE_LIFETIME_S}; HttpOnly; Secure; SameSite=Strict`;
}

/** The `Set-Cookie` header of a cookie of members alone; `null` takes it away. */
export function memberCookieHeader(name: string, value: string | null, lifetimeMs: number): string {
  const maxAge = value === null ? 0 : Math.ceil(lifetimeMs / 1_000);
  return `${name}=${value ?? ''}; Path=/; Max-Age=${maxAge}; HttpOnly; Secure; SameSite=Strict`;
}
