import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { assertDefined } from '@farandole/kernel/assert';
import { openBytes, SEAL_IV_BYTES, SEAL_KEY_BYTES, sealBytes } from './sealed-bytes.ts';
import { StoreError } from './store-error.ts';

export interface SealedWords {
  readonly sealed: string;
  readonly wrapped: string;
}

/** A key of the server's for words, by its name, which goes with what it wrapped. */
export interface WordsKey {
  readonly id: string;
  /** 256 bits. */
  readonly key: Uint8Array;
}

/** What `keys rotate` came to. */
export interface Rewrapped {
  readonly rewrapped: number;
  /** What no key here opened before, and none does now. */
  readonly unopened: number;
}

/** Between the name of a key and what it wrapped; in neither of them. */
const AFTER_NAME = '.';

/**
 * Seals what people wrote: each text under a key of its own, and that key under the server's. Its
 * name is authenticated with it, so that no text can stand in the place of another.
 */
export class WordsSeal {
  /** By their names; the newest last. That of before keys had names is under none. */
  readonly #keys: ReadonlyMap<string, KeyObject>;
  readonly #newest: string;

  /**
   * @param first 256 bits that are kept somewhere else than what they seal: they open what names no key
   * @param later those that have names, the newest last: it seals
   */
  constructor(first: Uint8Array, later: readonly WordsKey[] = []) {
    const all = [{ id: '', key: first }, ...later];
    if (all.some(({ key }) => key.byteLength !== SEAL_KEY_BYTES)) {
      throw new RangeError(`a key has ${SEAL_KEY_BYTES} bytes`);
    }
    this.#keys = new Map(all.map(({ id, key }) => [id, createSecretKey(key)]));
    this.#newest = later.at(-1)?.id ?? '';
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
      wrapped: this.#wrap(id, key, keyIv),
    };
  }

  /**
   * The key of a text, as the newest of the server's has it; the text itself stays as it is sealed.
   *
   * @returns null where no key here opens it
   */
  rewrap(id: string, wrapped: string): string | null {
    try {
      return this.#wrap(id, this.#unwrap(id, wrapped), randomBytes(SEAL_IV_BYTES));
    } catch {
      return null;
    }
  }

  /** @throws StoreError when it was sealed by another key, under another name, or is damaged */
  open(id: string, { sealed, wrapped }: SealedWords): string {
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
