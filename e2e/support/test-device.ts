import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** Device key of a page (P-256). */
export class TestDevice {
  readonly #privateKey: KeyObject;
  /** The public key as an uncompressed point, in base64url. */
  readonly publicKey: string;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const point = [Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
    this.#privateKey = privateKey;
    this.publicKey = Buffer.concat(point).toString('base64url');
  }

  /** @returns the raw signature (r and s), in base64url */
  sign(payload: string): string {
    const key = { key: this.#privateKey, dsaEncoding: 'ieee-p1363' } as const;
    return sign('sha256', Buffer.from(payload), key).toString('base64url');
  }
}
