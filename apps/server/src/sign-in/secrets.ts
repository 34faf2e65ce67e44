import { createHash, randomBytes } from 'node:crypto';

/** Matches 256 bits in base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export function freshToken(): string {
  return randomBytes(32).toString('base64url');
}

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/**
 * Returns the digest that is stored in place of a secret. A plain hash is enough, because the
 * secret has 256 random bits.
 */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('base64url');
}
