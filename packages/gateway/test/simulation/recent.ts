import { createHash, type Hash } from 'node:crypto';

interface Entry {
  readonly atMs: number;
  readonly what: string;
  readonly where: string;
  readonly text: string;
}

const TEXT_CHARS_SHOWN = 160;

/** Keeps the latest events of a run, to explain a violation. */
export class Recent {
  readonly #entries: (Entry | undefined)[];
  readonly #hash: Hash | null;
  #next = 0;
  /** Running hash over a few characters of each event. */
  heard = 0;

  /** @param hashesAll whether to hash every event in full */
  constructor(count: number, hashesAll = false) {
    this.#entries = Array.from({ length: count });
    this.#hash = hashesAll ? createHash('sha256') : null;
  }

  note(atMs: number, what: string, where: string, text: string): void {
    const middle = text === '' ? 0 : text.charCodeAt(text.length >> 1);
    this.heard = (Math.imul(this.heard, 31) + text.length + middle) | 0;
    this.#entries[this.#next] = { atMs, what, where, text };
    this.#next = (this.#next + 1) % this.#entries.length;
    this.#hash?.update(`${atMs} ${what} ${where} ${text}\n`);
  }

  /** Returns the hash of all events. Null unless `hashesAll` was set. */
  digest(): string | null {
    return this.#hash?.copy().digest('hex') ?? null;
  }

  /**
   * Returns the events as text, one per line, oldest first. Events that contain one of the words
   * are marked.
   */
  describe(words: readonly string[] = []): string {
    const ordered = [...this.#entries.slice(this.#next), ...this.#entries.slice(0, this.#next)];
    return ordered
      .filter((entry) => entry !== undefined)
      .map(({ atMs, what, where, text }) => {
        const isMarked = words.some((word) => text.includes(word) || where.includes(word));
        return `${isMarked ? '*' : ' '} ${atMs} ${where} ${what} ${text.slice(0, TEXT_CHARS_SHOWN)}`;
      })
      .join('\n');
  }
}
