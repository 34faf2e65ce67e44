import {
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import type { ChainEnd } from './audit-chain.ts';

export interface SealedEnd extends ChainEnd {
  /** Seal of the row or end. Null if it was written before seals existed. */
  readonly seal: string | null;
}

/**
 * What a seal covers: a row, or one end of the chain. The seal includes it, so a row's seal
 * isn't valid for an end.
 */
export type SealedPosition = 'row' | 'first' | 'last';

/** Marks an end that follows an end without a valid seal, so that the tampering stays visible. */
export const NO_SEAL = '';

const KEY_BYTES = 32;

/**
 * Seals rows and both ends of the audit chain with a key from outside the store. An attacker who
 * can write to the database can recompute the hashes, but not the seals.
 */
export class AuditSeal {
  readonly #key: KeyObject;

  /** @param serverKey 256 bits stored outside the database, from which the seal key is derived */
  constructor(serverKey: Uint8Array) {
    const salt = new Uint8Array(0);
    const key = hkdfSync('sha256', serverKey, salt, 'farandole audit 1', KEY_BYTES);
    this.#key = createSecretKey(new Uint8Array(key));
  }

  of(place: SealedPosition, { seq, hash }: ChainEnd): string {
    const text = JSON.stringify(['farandole-audit-1', place, seq, hash]);
    return createHmac('sha256', this.#key).update(text, 'utf8').digest('base64url');
  }

  holds(place: SealedPosition, end: SealedEnd): boolean {
    if (end.seal === null) return false;
    const expected = Buffer.from(this.of(place, end));
    const given = Buffer.from(end.seal);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}
