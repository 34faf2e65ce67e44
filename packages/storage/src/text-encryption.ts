import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
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
  readonly #first: Uint8Array;
  /** Server keys by name, newest last. The first key has an empty name. */
  #keys: ReadonlyMap<string, KeyObject> = new Map();
  #newest = '';

  /**
   * @param first 256 bits stored outside the database; decrypts texts whose key names no server key
   * @param later named server keys, newest last; by default the last one encrypts
   */
  constructor(first: Uint8Array, later: readonly TextKey[] = []) {
    this.#first = first;
    this.use(later);
  }

  /** Replaces the named server keys, for example after another process replaced a key. */
  use(later: readonly TextKey[]): void {
    const all = [{ id: '', key: this.#first }, ...later];
    if (all.some(({ key }) => key.byteLength !== SEAL_KEY_BYTES)) {
      throw new RangeError(`a key has ${SEAL_KEY_BYTES} bytes`);
    }
    this.#keys = new Map(all.map(({ id, key }) => [id, createSecretKey(key)]));
    this.#newest = later.at(-1)?.id ?? '';
  }

  /**
   * @param by name of the server key that encrypts the text's key
   * @throws StoreError `text-key-missing` if there is no server key of that name
   */
  seal(id: string, text: string, by: string = this.#newest): EncryptedText {
    // One call for all random bytes, together with key objects, saves a quarter of the time.
    const random = randomBytes(SEAL_KEY_BYTES + 2 * SEAL_IV_BYTES);
    const key = random.subarray(0, SEAL_KEY_BYTES);
    const textIv = random.subarray(SEAL_KEY_BYTES, -SEAL_IV_BYTES);
    const keyIv = random.subarray(-SEAL_IV_BYTES);
    const words = sealBytes(createSecretKey(key), `words ${id}`, Buffer.from(text, 'utf8'), textIv);
    return {
      sealed: words.toString('base64url'),
      wrapped: this.#wrap(id, key, keyIv, by),
    };
  }

  /**
   * Encrypts a text's key with a server key, by default the newest. The ciphertext of the text
   * stays.
   * @returns null when no known server key decrypts the text's key
   * @throws StoreError `text-key-missing` if there is no server key named `by`
   */
  rewrap(id: string, wrapped: string, by: string = this.#newest): string | null {
    let key: Buffer;
    try {
      key = this.#unwrap(id, wrapped);
    } catch {
      return null;
    }
    return this.#wrap(id, key, randomBytes(SEAL_IV_BYTES), by);
  }

  /**
   * Decrypts a text. @throws StoreError `text-key-missing` if its server key isn't here, and
   * `failed` if the key or the id is wrong, or the data is damaged
   */
  open(id: string, { sealed, wrapped }: EncryptedText): string {
    try {
      const key = this.#unwrap(id, wrapped);
      const words = Buffer.from(sealed, 'base64url');
      return openBytes(createSecretKey(key), `words ${id}`, words).toString('utf8');
    } catch (error) {
      if (error instanceof StoreError) throw error;
      throw new StoreError('failed', `What is sealed as ${id} does not open with this key.`, {
        cause: error,
      });
    }
  }

  #wrap(id: string, key: Uint8Array, iv: Uint8Array, by: string): string {
    const wrapped = sealBytes(this.#named(by), `key ${id}`, key, iv).toString('base64url');
    return by === '' ? wrapped : `${by}${AFTER_NAME}${wrapped}`;
  }

  #unwrap(id: string, wrapped: string): Buffer {
    const at = wrapped.indexOf(AFTER_NAME);
    const by = this.#named(wrapped.slice(0, Math.max(at, 0)));
    return openBytes(by, `key ${id}`, Buffer.from(wrapped.slice(at + 1), 'base64url'));
  }

  #named(name: string): KeyObject {
    const key = this.#keys.get(name);
    if (key !== undefined) return key;
    throw new StoreError('text-key-missing', `The key ${name} of texts is not in the keys file.`);
  }
}
