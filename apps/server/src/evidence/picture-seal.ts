import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import type { StoredPicture } from '@farandole/moderation/evidence/picture';
import {
  openBytes,
  SEAL_IV_BYTES,
  SEAL_KEY_BYTES,
  sealBytes,
} from '@farandole/storage/sealed-bytes';

/**
 * Fields that a sealed picture authenticates, so that it can't replace another picture or move to
 * another queue.
 */
type Sealed = Pick<StoredPicture, 'id' | 'lane' | 'digest'>;

/** Encrypts a picture with a fresh key. The key is returned and not stored here. */
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
 * Returns the picture; null if it is damaged or was sealed with another key or as another picture.
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
