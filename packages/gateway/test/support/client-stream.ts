import assert from 'node:assert/strict';
import type { ClientMessage } from '@farandole/protocol/client-message';

export interface PageFrame {
  readonly text: string;
  /** The decoded message of the frame, or null for raw text. */
  readonly message: ClientMessage | null;
}

/**
 * The page's side of a session's two streams: it receives the node's frames and keeps its own
 * unacknowledged ones.
 */
export class ClientStream {
  readonly #owner: string;
  #taken = 0;
  #told = 0;
  #acknowledged = 0;
  /** Unacknowledged frames as they were sent. The first has the number `acknowledged + 1`. */
  readonly #kept: PageFrame[] = [];

  constructor(owner: string) {
    this.#owner = owner;
  }

  get taken(): number {
    return this.#taken;
  }

  get untold(): number {
    return this.#taken - this.#told;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  get unacknowledged(): readonly PageFrame[] {
    return this.#kept;
  }

  get nextPlace(): number {
    return this.#acknowledged + this.#kept.length + 1;
  }

  /** Accepts a frame by its number. Returns false for a duplicate, and fails the test on a gap. */
  take(place: number): boolean {
    if (place <= this.#taken) return false;
    assert.equal(place, this.#taken + 1, `${this.#owner}: a gap in the stream`);
    this.#taken = place;
    return true;
  }

  tell(): number {
    this.#told = this.#taken;
    return this.#taken;
  }

  keep(frame: PageFrame): void {
    this.#kept.push(frame);
  }

  forget(acknowledged: number): void {
    const count = acknowledged - this.#acknowledged;
    if (count <= 0) return;
    assert.ok(count <= this.#kept.length, `${this.#owner}: what was never sent is acknowledged`);
    this.#kept.splice(0, count);
    this.#acknowledged = acknowledged;
  }
}
