import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import type { KeptPicture } from '@farandole/moderation/evidence/picture';
import {
  openBytes,
  SEAL_IV_BYTES,
  SEAL_KEY_BYTES,
  sealBytes,
} from '@farandole/storage/sealed-bytes';

/** What a picture is sealed as: none can stand in the place of another, or of another lane. */
type Sealed = Pick<KeptPicture, 'id' | 'lane' | 'digest'>;

/** Seals a picture under a key of its own, which goes to whoever may open it and is kept nowhere else. */
export function sealPicture(
  { id, lane }: Pick<KeptPicture, 'id' | 'lane'>,
  bytes: Uint8Array,
): { readonly digest: string; readonly key: Buffer; readonly sealed: Buffer } {
  const digest = createHash('sha256').update(bytes).digest('hex');
  const key = randomBytes(SEAL_KEY_BYTES);
  const iv = randomBytes(SEAL_IV_BYTES);
  const sealed = sealBytes(createSecretKey(key), sealedAs({ id, lane, digest }), bytes, iv);
  return { digest, key, sealed };
}

/** The picture; null when it was sealed as another, by another key, or is damaged. */
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
