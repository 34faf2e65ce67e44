import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const TAG_BYTES = 16;
export const SEAL_KEY_BYTES = 32;
export const SEAL_IV_BYTES = 12;

/**
 * AES-256-GCM as what is kept is sealed: IV, tag, and what they are of. What it is sealed as is
 * authenticated with it, so that nothing can stand in the place of another.
 *
 * @param iv of `SEAL_IV_BYTES`, and never twice with one key
 */
export function sealBytes(key: KeyObject, as: string, bytes: Uint8Array, iv: Uint8Array): Buffer {
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(as, 'utf8'));
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/** @throws when it was sealed by another key, as something else, or is damaged */
export function openBytes(key: KeyObject, as: string, sealed: Buffer): Buffer {
  const iv = sealed.subarray(0, SEAL_IV_BYTES);
  const tag = sealed.subarray(SEAL_IV_BYTES, SEAL_IV_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(as, 'utf8')).setAuthTag(tag);
  const body = sealed.subarray(SEAL_IV_BYTES + TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}
