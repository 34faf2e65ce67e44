import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { IpAddress } from '@farandole/gateway/signal-policy/address';
import { brandId } from '@farandole/kernel/id';
import type { AnchorHash } from '@farandole/moderation/ids';
import { prefixOf } from '../net/address-range.ts';

const KEY_BYTES = 32;

/**
 * Hashes a network for sanctions with an HMAC, because a plain hash of an IPv4 network is broken in
 * minutes. The key is derived from the permanent key (RFC 5869) and never stored in the database.
 */
export class NetworkAnchor {
  readonly #key: KeyObject;

  /**
   * @param subjectKey the server's permanent key
   * @param info purpose of the hashes; hashes of different purposes can't be compared
   */
  constructor(
    subjectKey: Uint8Array,
    info: 'farandole networks 1' | 'farandole relay networks 1' = 'farandole networks 1',
  ) {
    const salt = new Uint8Array(0);
    this.#key = createSecretKey(
      new Uint8Array(hkdfSync('sha256', subjectKey, salt, info, KEY_BYTES)),
    );
  }

  /** Returns the keyed hash of an address's first `bits` bits. */
  of(address: IpAddress, bits: number): AnchorHash {
    const text = `${address.family}/${bits}\n${prefixOf(address, bits)}`;
    return brandId<AnchorHash>(createHmac('sha256', this.#key).update(text).digest('base64url'));
  }
}
