import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { IpAddress } from '@farandole/gateway/signal-policy/address';
import { brandId } from '@farandole/kernel/id';
import type { AnchorHash } from '@farandole/moderation/ids';
import { prefixOf } from '../net/address-range.ts';

const KEY_BYTES = 32;

/**
 * What a sanction of a network is kept under, in place of the network itself: an HMAC under a key of
 * its own (made of the one that is never replaced, RFC 5869), which is kept beside the database and
 * never in it. Without it, a hash of an IPv4 network falls in minutes.
 */
export class NetworkAnchor {
  readonly #key: KeyObject;

  /** @param subjectKey the one key of this server that is never replaced */
  constructor(subjectKey: Uint8Array) {
    const salt = new Uint8Array(0);
    const info = 'farandole networks 1';
    this.#key = createSecretKey(
      new Uint8Array(hkdfSync('sha256', subjectKey, salt, info, KEY_BYTES)),
    );
  }

  /** Of the network of so many bits that an address is in. */
  of(address: IpAddress, bits: number): AnchorHash {
    const text = `${address.family}/${bits}\n${prefixOf(address, bits)}`;
    return brandId<AnchorHash>(createHmac('sha256', this.#key).update(text).digest('base64url'));
  }
}
