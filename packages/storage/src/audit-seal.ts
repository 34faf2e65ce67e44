import {
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import type { ChainEnd } from './audit-chain.ts';

export interface SealedEnd extends ChainEnd {
  /** Null: written before seals existed. */
  readonly seal: string | null;
}

/** A seal for one role isn't valid for another. */
export type SealedPosition = 'row' | 'first' | 'last';

/** Stands in place of a seal after an unsealed end, so that tampering stays visible. */
export const NO_SEAL = '';

const KEY_BYTES = 32;

/**
 * Seals positions of the chain with a key outside the store. An attacker with write access can
 * recompute the chain but not the seals.
 */
export class AuditSeal {
  readonly #key: KeyObject;

  /** @param serverKey 256 bits stored outside the database; the seal key is derived from them */
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
