import { randomBytes, randomFillSync } from 'node:crypto';
import { createPrngFromState, type Prng } from '@farandole/kernel/prng';

const ID_BYTES = 16;
const IDS_A_FILL = 256;

/**
 * Makes 128-bit random ids in base64url, and other random bytes. Requests random bytes from the
 * system in bulk, because each request costs more than the bytes. Each byte is used once and then
 * wiped.
 */
export class RandomIds {
  readonly #bytes = Buffer.alloc(ID_BYTES * IDS_A_FILL);
  #at = this.#bytes.length;

  next(): string {
    return this.bytes(ID_BYTES).toString('base64url');
  }

  /** @param count at most `ID_BYTES` */
  bytes(count: number): Buffer {
    if (this.#at + count > this.#bytes.length) {
      randomFillSync(this.#bytes);
      this.#at = 0;
    }
    const end = this.#at + count;
    const bytes = Buffer.from(this.#bytes.subarray(this.#at, end));
    this.#bytes.fill(0, this.#at, end);
    this.#at = end;
    return bytes;
  }
}

/** Creates a pseudo-random generator from 128 random bits, which are not all zero. */
export function freshPrng(): Prng {
  const bytes = randomBytes(16);
  const word = (index: number): number => bytes.readUInt32LE(4 * index);
  return createPrngFromState([word(0) | 1, word(1), word(2), word(3)]);
}
