import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHmac,
  createPrivateKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { brandId } from '@farandole/kernel/id';
import type { PushId } from '@farandole/moderation/ids';

const CURVE = 'prime256v1';
/** Order of the group of P-256 (FIPS 186-5). A private key is from 1 to the order less 1. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const SCALAR_BYTES = 32;
/** 64 bits more than the order has, so that the remainder is uniform (FIPS 186-5, A.2.1). */
const SEED_BYTES = SCALAR_BYTES + 8;
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** A push service accepts a token for at most 24 hours (RFC 8292, section 2). */
const TOKEN_LIFETIME_S = 12 * 3_600;

/**
 * Keys of the server for push services, all derived from its permanent key. They are therefore the
 * same on every node and after a restart, and a backup of the keys file contains them.
 */
export class PushKeys {
  /** The server's public key, which a browser gives to its push service (RFC 8292). */
  readonly publicKey: string;
  readonly #signKey: KeyObject;
  readonly #sealKey: Buffer;
  readonly #nameKey: Buffer;

  /** @param subjectKey the server's permanent key */
  constructor(subjectKey: Uint8Array) {
    const derive = (purpose: string, bytes: number): Buffer => {
      const info = `farandole push ${purpose} 1`;
      return Buffer.from(hkdfSync('sha256', subjectKey, new Uint8Array(0), info, bytes));
    };
    const seed = BigInt(`0x${derive('identity', SEED_BYTES).toString('hex')}`);
    const scalar = ((seed % (ORDER - 1n)) + 1n).toString(16).padStart(2 * SCALAR_BYTES, '0');
    const pair = createECDH(CURVE);
    pair.setPrivateKey(scalar, 'hex');
    const point = pair.getPublicKey();
    this.publicKey = point.toString('base64url');
    const part = (from: number): string =>
      point.subarray(from, from + SCALAR_BYTES).toString('base64url');
    const d = Buffer.from(scalar, 'hex').toString('base64url');
    this.#signKey = createPrivateKey({
      key: { kty: 'EC', crv: 'P-256', x: part(1), y: part(1 + SCALAR_BYTES), d },
      format: 'jwk',
    });
    this.#sealKey = derive('addresses', SCALAR_BYTES);
    this.#nameKey = derive('names', SCALAR_BYTES);
  }

  /**
   * Returns the keyed hash of an address at a push service. A request for the next hour has another
   * one than a request for a mode, so that a browser can make both.
   *
   * @param hour what `hourMode` returns. Null for a request for a mode
   */
  idOf(endpoint: string, hour: string | null = null): PushId {
    // No endpoint has a space.
    const name = hour === null ? endpoint : `${hour} ${endpoint}`;
    const hash = createHmac('sha256', this.#nameKey).update(name).digest('base64url');
    return brandId<PushId>(hash);
  }

  seal(endpoint: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#sealKey, iv, { authTagLength: TAG_BYTES });
    const sealed = [iv, cipher.update(endpoint, 'utf8'), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat(sealed).toString('base64url');
  }

  /** Returns null if another server encrypted the text, or if it was changed. */
  open(sealed: string): string | null {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < IV_BYTES + TAG_BYTES) return null;
    const iv = bytes.subarray(0, IV_BYTES);
    const decipher = createDecipheriv(CIPHER, this.#sealKey, iv, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const text = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch {
      // `final` throws if the tag doesn't match, and for no other reason.
      return null;
    }
  }

  /**
   * Returns the value of the header `Authorization` (VAPID, RFC 8292), which proves to the push
   * service that the request is from the server for which the browser subscribed.
   *
   * @param audience origin of the push service
   * @param contact a `mailto:` or `https:` address of the operator
   */
  authorization(audience: string, contact: string, nowWallMs: number): string {
    const part = (value: object): string =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    const exp = Math.floor(nowWallMs / 1_000) + TOKEN_LIFETIME_S;
    const claims = part({ aud: audience, exp, sub: contact });
    const text = `${part({ typ: 'JWT', alg: 'ES256' })}.${claims}`;
    const how = { key: this.#signKey, dsaEncoding: 'ieee-p1363' } as const;
    const signature = sign('sha256', Buffer.from(text), how).toString('base64url');
    return `vapid t=${text}.${signature}, k=${this.publicKey}`;
  }
}
