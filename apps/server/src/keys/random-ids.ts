import { randomBytes, randomFillSync } from 'node:crypto';

const ID_BYTES = 16;
/** Ids whose bytes are asked for at once. */
const IDS_A_FILL = 256;

/**
 * Ids of 128 random bits, base64url. The operating system is asked for many at once, since asking
 * costs more than the bytes; each byte is used once, and wiped when it has been.
 */
export class RandomIds {
  readonly #bytes = Buffer.alloc(ID_BYTES * IDS_A_FILL);
  #at = this.#bytes.length;

  next(): string {
    if (this.#at === this.#bytes.length) {
      randomFillSync(this.#bytes);
      this.#at = 0;
    }
    const end = this.#at + ID_BYTES;
    const id = this.#bytes.toString('base64url', this.#at, end);
    this.#bytes.fill(0, this.#at, end);
    this.#at = end;
    return id;
  }
}

/** 128 bits of the operating system's chance, not all zeros: the state of a generator. */
export function randomWords(): [number, number, number, number] {
  const bytes = randomBytes(16);
  const word = (index: number): number => bytes.readUInt32LE(4 * index);
  return [word(0) | 1, word(1), word(2), word(3)];
}
