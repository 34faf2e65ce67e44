import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const TAG_BYTES = 16;
export const SEAL_KEY_BYTES = 32;
export const SEAL_IV_BYTES = 12;

/**
 * Encrypts with AES-256-GCM and returns IV, tag and ciphertext. The name `as` is authenticated, so
 * an attacker can't swap two records.
 * @param iv of `SEAL_IV_BYTES`; never use an IV twice with one key
 */
export function sealBytes(key: KeyObject, as: string, bytes: Uint8Array, iv: Uint8Array): Buffer {
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(as, 'utf8'));
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/**
 * Decrypts bytes that `sealBytes` encrypted. @throws Error when the key or the name is wrong, or
 * the data is damaged
 */
export function openBytes(key: KeyObject, as: string, sealed: Buffer): Buffer {
  const iv = sealed.subarray(0, SEAL_IV_BYTES);
  const tag = sealed.subarray(SEAL_IV_BYTES, SEAL_IV_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(as, 'utf8')).setAuthTag(tag);
  const body = sealed.subarray(SEAL_IV_BYTES + TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}
