import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { assertDefined } from '@farandole/kernel/assert';
import { openBytes, SEAL_IV_BYTES, SEAL_KEY_BYTES, sealBytes } from './sealed-bytes.ts';
import { StoreError } from './store-error.ts';

export interface EncryptedText {
  readonly sealed: string;
  readonly wrapped: string;
}

/**
 * A server key with a name. It encrypts the keys of texts, and its name is stored with each of
 * them.
 */
export interface TextKey {
  readonly id: string;
  /** The key, 256 bits long. */
  readonly key: Uint8Array;
}

/** Result of the command line's `keys rotate`. */
export interface Rewrapped {
  readonly rewrapped: number;
  /** Number of texts that none of the given keys decrypts. */
  readonly unopened: number;
}

/**
 * Separates the name of a server key from the text key that it encrypts. Neither contains this
 * character.
 */
const AFTER_NAME = '.';

/**
 * Encrypts each text with its own random key, and that key with a server key. The encryption
 * authenticates the text's id, so an attacker can't swap two texts.
 */
export class TextEncryption {
  /** Server keys by name, newest last. The first key has an empty name. */
  readonly #keys: ReadonlyMap<string, KeyObject>;
  readonly #newest: string;

  /**
   * @param first 256 bits stored outside the database; decrypts texts whose key names no server key
   * @param later named server keys, newest last; the last one encrypts
   */
  constructor(first: Uint8Array, later: readonly TextKey[] = []) {
    const all = [{ id: '', key: first }, ...later];
    if (all.some(({ key }) => key.byteLength !== SEAL_KEY_BYTES)) {
      throw new RangeError(`a key has ${SEAL_KEY_BYTES} bytes`);
    }
    this.#keys = new Map(all.map(({ id, key }) => [id, createSecretKey(key)]));
    this.#newest = later.at(-1)?.id ?? '';
  }

  seal(id: string, text: string): EncryptedText {
    // One call for all random bytes, together with key objects, saves a quarter of the time.
    const random = randomBytes(SEAL_KEY_BYTES + 2 * SEAL_IV_BYTES);
    const key = random.subarray(0, SEAL_KEY_BYTES);
    const textIv = random.subarray(SEAL_KEY_BYTES, -SEAL_IV_BYTES);
    const keyIv = random.subarray(-SEAL_IV_BYTES);
    const words = sealBytes(createSecretKey(key), `words ${id}`, Buffer.from(text, 'utf8'), textIv);
    return {
      sealed: words.toString('base64url'),
      wrapped: this.#wrap(id, key, keyIv),
    };
  }

  /**
   * Encrypts a text's key with the newest server key. The ciphertext of the text stays.
   * @returns null when no known server key decrypts the text's key
   */
  rewrap(id: string, wrapped: string): string | null {
    try {
      return this.#wrap(id, this.#unwrap(id, wrapped), randomBytes(SEAL_IV_BYTES));
    } catch {
      return null;
    }
  }

  /**
   * Decrypts a text. @throws Error when the server key or the id is wrong, or the data is
   * damaged
   */
  open(id: string, { sealed, wrapped }: EncryptedText): string {
    try {
      const key = this.#unwrap(id, wrapped);
      const words = Buffer.from(sealed, 'base64url');
      return openBytes(createSecretKey(key), `words ${id}`, words).toString('utf8');
    } catch (error) {
      throw new StoreError('failed', `What is sealed as ${id} does not open with this key.`, {
        cause: error,
      });
    }
  }

  #wrap(id: string, key: Uint8Array, iv: Uint8Array): string {
    const by = assertDefined(this.#keys.get(this.#newest), 'the newest key is one of them');
    const wrapped = sealBytes(by, `key ${id}`, key, iv).toString('base64url');
    return this.#newest === '' ? wrapped : `${this.#newest}${AFTER_NAME}${wrapped}`;
  }

  #unwrap(id: string, wrapped: string): Buffer {
    const at = wrapped.indexOf(AFTER_NAME);
    const by = this.#keys.get(wrapped.slice(0, Math.max(at, 0)));
    if (by === undefined) throw new RangeError('its key is not here');
    return openBytes(by, `key ${id}`, Buffer.from(wrapped.slice(at + 1), 'base64url'));
  }
}
