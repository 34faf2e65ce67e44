import { createHash, randomBytes } from 'node:crypto';

/** 256 bits, base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A secret that nobody can guess, for a browser or a link to show. */
export function freshToken(): string {
  return randomBytes(32).toString('base64url');
}

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/**
 * What is kept in its place. A plain hash is enough for something with so much chance in it.
 */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('base64url');
}
