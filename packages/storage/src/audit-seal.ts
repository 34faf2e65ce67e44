import {
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import type { ChainEnd } from './audit-chain.ts';

/** A place in the chain, and the server's seal that it is there. */
export interface SealedEnd extends ChainEnd {
  /** Null: written before there were seals. */
  readonly seal: string | null;
}

/** As which of its places one is sealed: none stands for another. */
export type SealedPlace = 'row' | 'first' | 'last';

/** What stands where a seal would, after an end that nobody sealed: what was done there stays to be seen. */
export const NO_SEAL = '';

const KEY_BYTES = 32;

/**
 * Seals places of the chain under a key that is not in the store: whoever writes there can make a chain
 * that holds, and no seal of it.
 */
export class AuditSeal {
  readonly #key: KeyObject;

  /** @param serverKey 256 bits that are kept somewhere else than the store; of them its own is made */
  constructor(serverKey: Uint8Array) {
    const salt = new Uint8Array(0);
    const key = hkdfSync('sha256', serverKey, salt, 'farandole audit 1', KEY_BYTES);
    this.#key = createSecretKey(new Uint8Array(key));
  }

  of(place: SealedPlace, { seq, hash }: ChainEnd): string {
    const text = JSON.stringify(['farandole-audit-1', place, seq, hash]);
    return createHmac('sha256', this.#key).update(text, 'utf8').digest('base64url');
  }

  holds(place: SealedPlace, end: SealedEnd): boolean {
    if (end.seal === null) return false;
    const expected = Buffer.from(this.of(place, end));
    const given = Buffer.from(end.seal);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}
