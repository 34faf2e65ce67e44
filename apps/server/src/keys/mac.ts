import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

const MAC_BYTES = 32;

/**
 * HMAC-SHA256 with one key, in base64url.
 *
 * `createHmac` of node:crypto creates native objects for each MAC. In a busy node their creation
 * and collection cost more than the hash. This class hashes the key once, and copies the state.
 */
export class Mac {
  readonly #keyed: ReturnType<typeof hmac.create>;
  /** The state that each call overwrites. */
  readonly #state: ReturnType<typeof hmac.create>;
  readonly #bytes = Buffer.alloc(MAC_BYTES);

  constructor(key: Uint8Array) {
    this.#keyed = hmac.create(sha256, key);
    this.#state = hmac.create(sha256, key);
  }

  /** Returns the MAC of the text's UTF-8. */
  of(text: string): string {
    this.#keyed._cloneInto(this.#state);
    this.#state.update(Buffer.from(text)).digestInto(this.#bytes);
    return this.#bytes.toString('base64url');
  }
}
