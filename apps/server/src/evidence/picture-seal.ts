import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { KeptPicture } from '@farandole/moderation/picture';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What a picture is sealed as: none can stand in the place of another, or of another lane. */
type Sealed = Pick<KeptPicture, 'id' | 'lane' | 'digest'>;

/** Seals a picture under a key of its own, which goes to whoever may open it and is kept nowhere else. */
export function sealPicture(
  { id, lane }: Pick<KeptPicture, 'id' | 'lane'>,
  bytes: Uint8Array,
): { readonly digest: string; readonly key: Buffer; readonly sealed: Buffer } {
  const digest = createHash('sha256').update(bytes).digest('hex');
  const key = randomBytes(KEY_BYTES);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData({ id, lane, digest }));
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return { digest, key, sealed: Buffer.concat([iv, cipher.getAuthTag(), body]) };
}

/** The picture; null when it was sealed as another, by another key, or is damaged. */
export function openPicture(of: Sealed, key: Uint8Array, sealed: Buffer): Buffer | null {
  if (sealed.length < IV_BYTES + TAG_BYTES || key.length !== KEY_BYTES) return null;
  const iv = sealed.subarray(0, IV_BYTES);
  const tag = sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData(of)).setAuthTag(tag);
  const bytes = decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([bytes, decipher.final()]);
  } catch {
    // `final` throws when the tag does not fit, and for nothing else.
    return null;
  }
}

function additionalData({ id, lane, digest }: Sealed): Buffer {
  return Buffer.from(`farandole-picture-1\n${id}\n${lane}\n${digest}`, 'utf8');
}
