import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import type { StoredPicture } from '@farandole/moderation/evidence/picture';
import {
  openBytes,
  SEAL_IV_BYTES,
  SEAL_KEY_BYTES,
  sealBytes,
} from '@farandole/storage/sealed-bytes';

/** Authenticated data: a sealed picture can't replace another one or move to another queue. */
type Sealed = Pick<StoredPicture, 'id' | 'lane' | 'digest'>;

/** Encrypts a picture with a fresh key. The key is returned and stored nowhere else. */
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

/** Null if sealed as another picture or with another key, or damaged. */
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
