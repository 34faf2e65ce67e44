import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { StoreError } from './store-error.ts';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

export interface SealedWords {
  readonly sealed: string;
  readonly wrapped: string;
}

/**
 * Seals what people wrote: each text under a key of its own, and that key under the server's. Its
 * name is authenticated with it, so that no text can stand in the place of another.
 */
export class WordsSeal {
  readonly #key: KeyObject;

  /** @param key 256 bits that are kept somewhere else than what they seal */
  constructor(key: Uint8Array) {
    if (key.byteLength !== KEY_BYTES) throw new RangeError(`a key has ${KEY_BYTES} bytes`);
    this.#key = createSecretKey(key);
  }

  seal(id: string, text: string): SealedWords {
    // One call for all that is random, and keys as objects: each is a quarter of what sealing took.
    const random = randomBytes(KEY_BYTES + 2 * IV_BYTES);
    const key = random.subarray(0, KEY_BYTES);
    const [wordsIv, keyIv] = [random.subarray(KEY_BYTES, -IV_BYTES), random.subarray(-IV_BYTES)];
    return {
      sealed: encrypt(createSecretKey(key), `words ${id}`, Buffer.from(text, 'utf8'), wordsIv),
      wrapped: encrypt(this.#key, `key ${id}`, key, keyIv),
    };
  }

  /** @throws StoreError when it was sealed by another key, under another name, or is damaged */
  open(id: string, { sealed, wrapped }: SealedWords): string {
    try {
      const key = decrypt(this.#key, `key ${id}`, wrapped);
      return decrypt(createSecretKey(key), `words ${id}`, sealed).toString('utf8');
    } catch (error) {
      throw new StoreError('failed', `What is sealed as ${id} does not open with this key.`, {
        cause: error,
      });
    }
  }
}

function encrypt(key: KeyObject, name: string, bytes: Buffer, iv: Buffer): string {
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(name, 'utf8'));
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
}

function decrypt(key: KeyObject, name: string, text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  const iv = bytes.subarray(0, IV_BYTES);
  const tag = bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(name, 'utf8'))
    .setAuthTag(tag);
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}
