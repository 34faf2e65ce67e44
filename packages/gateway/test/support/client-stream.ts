import assert from 'node:assert/strict';
import type { ClientMessage } from '@farandole/protocol/client-message';

/** What a page writes to its socket. */
export interface PageFrame {
  readonly text: string;
  /** What it says, so that nobody has to read it for that; null where nobody knows. */
  readonly message: ClientMessage | null;
}

/**
 * A page's half of the sequenced streams of one session: what it has taken of the node's, and what
 * it has said that the node has not acknowledged.
 */
export class ClientStream {
  readonly #owner: string;
  #taken = 0;
  #told = 0;
  #acknowledged = 0;
  /** As they were written; the first has the place `acknowledged + 1`. */
  readonly #kept: PageFrame[] = [];

  constructor(owner: string) {
    this.#owner = owner;
  }

  /** The last of the node's frames that was taken. */
  get taken(): number {
    return this.#taken;
  }

  /** How many of those the node was not told of. */
  get untold(): number {
    return this.#taken - this.#told;
  }

  /** The last of the page's frames that the node has acknowledged. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** The page's frames that it has not. */
  get unacknowledged(): readonly PageFrame[] {
    return this.#kept;
  }

  /** The place of the next frame that the page says. */
  get nextPlace(): number {
    return this.#acknowledged + this.#kept.length + 1;
  }

  /** Takes a frame of the node's; false for a copy of one that was taken. A gap fails the test. */
  take(place: number): boolean {
    if (place <= this.#taken) return false;
    assert.equal(place, this.#taken + 1, `${this.#owner}: a gap in the stream`);
    this.#taken = place;
    return true;
  }

  /** The node is being told of all that was taken. */
  tell(): number {
    this.#told = this.#taken;
    return this.#taken;
  }

  keep(frame: PageFrame): void {
    this.#kept.push(frame);
  }

  /** The node has the page's frames up to here. */
  forget(acknowledged: number): void {
    const count = acknowledged - this.#acknowledged;
    if (count <= 0) return;
    assert.ok(count <= this.#kept.length, `${this.#owner}: what was never sent is acknowledged`);
    this.#kept.splice(0, count);
    this.#acknowledged = acknowledged;
  }
}
