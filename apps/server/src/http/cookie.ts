import { randomBytes } from 'node:crypto';
import { COOKIE_LIFETIME_S } from '../limits.ts';

/**
 * The cookie is a random id without personal data. Because of this prefix browsers require
 * `Secure`, `Path=/` and no `Domain`, so no other host can set it. Browsers accept it on
 * http://localhost as well.
 */
export const COOKIE_NAME = '__Host-farandole';

/** 256 bits in base64url. */
const VALUE = /^[A-Za-z0-9_-]{43}$/;

/**
 * White space that may precede a pair (RFC 6265, section 5.2). `trim` would also remove other
 * characters.
 */
const BEFORE = /^[ \t]+/;

/** Returns null if our cookie is missing or malformed. */
export function readCookie(header: string | undefined): string | null {
  const value = namedCookie(header, COOKIE_NAME);
  return value !== null && VALUE.test(value) ? value : null;
}

/**
 * Returns null if the cookie is missing or appears twice, because neither value can be trusted.
 *
 * Compares names exactly. A browser protects the prefix, but lets a neighbouring host set a name
 * that begins with another byte, such as a no-break space.
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

/** Returns the header that sets a member's cookie. A null value deletes the cookie. */
export function memberCookieHeader(name: string, value: string | null, lifetimeMs: number): string {
  const maxAge = value === null ? 0 : Math.ceil(lifetimeMs / 1_000);
  return `${name}=${value ?? ''}; Path=/; Max-Age=${maxAge}; HttpOnly; Secure; SameSite=Strict`;
}
