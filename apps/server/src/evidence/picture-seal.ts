import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import type { StoredPicture } from '@farandole/moderation/evidence/picture';
import {
  openBytes,
  SEAL_IV_BYTES,
  SEAL_KEY_BYTES,
  sealBytes,
} from '@farandole/storage/sealed-bytes';

/**
 * Fields that the encryption authenticates, so that an encrypted picture can't replace another
 * picture or move to another queue.
 */
type Sealed = Pick<StoredPicture, 'id' | 'lane' | 'digest'>;

/** Encrypts a picture with a new key. Returns the key and stores nothing. */
export function sealPicture(
  { id, lane }: Pick<StoredPicture, 'id' | 'lane'>,
  bytes: Uint8Array,
): { readonly digest: string; readonly key: Buffer; readonly sealed: Buffer } {
  const digest = createHash('sha256').update(bytes).digest('hex');
  const key = randomBytes(SEAL_KEY_BYTES);
  const iv = randomBytes(SEAL_IV_BYTES);
  const sealed = sealBytes(createSecretKey(key), sealedAs({ id, lane, digest }), bytes, iv);
  return { digest, key, sealed };
}

/**
 * Decrypts a picture. Returns null if it is damaged, or was encrypted with another key or as
 * another picture.
 */
export function openPicture(of: Sealed, key: Uint8Array, sealed: Buffer): Buffer | null {
  try {
    return openBytes(createSecretKey(key), sealedAs(of), sealed);
  } catch {
    return null;
  }
}

function sealedAs({ id, lane, digest }: Sealed): string {
  return `farandole-picture-1\n${id}\n${lane}\n${digest}`;
}
