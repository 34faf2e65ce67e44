import { randomBytes } from 'node:crypto';
import { COOKIE_LIFETIME_S } from '../limits.ts';

/**
 * Name of the user's cookie, which is a random id without personal data. Because of the prefix
 * `__Host-` browsers require `Secure`, `Path=/` and no `Domain`, so no other host can set the
 * cookie. Browsers accept it on http://localhost as well.
 */
export const COOKIE_NAME = '__Host-farandole';

/** Matches 256 bits in base64url. */
const VALUE = /^[A-Za-z0-9_-]{43}$/;

/**
 * Matches white space that may precede a cookie pair (RFC 6265, section 5.2). `trim` would also
 * remove other characters.
 */
const BEFORE = /^[ \t]+/;

/** Returns the value of the user's cookie; null if the cookie is missing or malformed. */
export function readCookie(header: string | undefined): string | null {
  const value = namedCookie(header, COOKIE_NAME);
  return value !== null && VALUE.test(value) ? value : null;
}

/**
 * Returns the value of the named cookie. Returns null if the cookie is missing or appears twice,
 * because then neither value can be trusted.
 *
 * Compares names exactly. A browser protects the prefix `__Host-`, but lets a neighbouring host set
 * a name that begins with another byte, such as a no-break space.
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

export function createCookie(): string {
  return randomBytes(32).toString('base64url');
}

export function setCookieHeader(value: string): string {
  return `${COOKIE_NAME}=${value}; Path=/; Max-Age=${COOKIE_LIFETIME_S}; HttpOnly; Secure; SameSite=Strict`;
}

/** Returns the `Set-Cookie` header for a member's cookie. A null `value` deletes the cookie. */
export function memberCookieHeader(name: string, value: string | null, lifetimeMs: number): string {
  const maxAge = value === null ? 0 : Math.ceil(lifetimeMs / 1_000);
  return `${name}=${value ?? ''}; Path=/; Max-Age=${maxAge}; HttpOnly; Secure; SameSite=Strict`;
}
