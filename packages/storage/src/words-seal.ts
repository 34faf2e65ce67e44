import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { openBytes, SEAL_IV_BYTES, SEAL_KEY_BYTES, sealBytes } from './sealed-bytes.ts';
import { StoreError } from './store-error.ts';

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
    if (key.byteLength !== SEAL_KEY_BYTES) {
      throw new RangeError(`a key has ${SEAL_KEY_BYTES} bytes`);
    }
    this.#key = createSecretKey(key);
  }

  seal(id: string, text: string): SealedWords {
    // One call for all that is random, and keys as objects: each is a quarter of what sealing took.
    const random = randomBytes(SEAL_KEY_BYTES + 2 * SEAL_IV_BYTES);
    const key = random.subarray(0, SEAL_KEY_BYTES);
    const wordsIv = random.subarray(SEAL_KEY_BYTES, -SEAL_IV_BYTES);
    const keyIv = random.subarray(-SEAL_IV_BYTES);
    const words = sealBytes(
      createSecretKey(key),
      `words ${id}`,
      Buffer.from(text, 'utf8'),
      wordsIv,
    );
    return {
      sealed: words.toString('base64url'),
      wrapped: sealBytes(this.#key, `key ${id}`, key, keyIv).toString('base64url'),
    };
  }

  /** @throws StoreError when it was sealed by another key, under another name, or is damaged */
  open(id: string, { sealed, wrapped }: SealedWords): string {
    try {
      const key = openBytes(this.#key, `key ${id}`, Buffer.from(wrapped, 'base64url'));
      const words = Buffer.from(sealed, 'base64url');
      return openBytes(createSecretKey(key), `words ${id}`, words).toString('utf8');
    } catch (error) {
      throw new StoreError('failed', `What is sealed as ${id} does not open with this key.`, {
        cause: error,
      });
    }
  }
}
