import { assert } from '@farandole/kernel/assert';
import { UNACKED_CHARS_MAX, UNACKED_FRAMES_MAX } from '@farandole/protocol/limits';

/** Sequenced frames of the node, buffered as encoded until acknowledged. */
export class OutStream {
  #acknowledged = 0;
  #frames: string[] = [];
  #chars = 0;

  /** Number of the last frame; 0 before the first. */
  get sent(): number {
    return this.#acknowledged + this.#frames.length;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Buffers the frame `sent + 1`. @returns false above the limit: the session must end */
  push(frame: string): boolean {
    this.#frames.push(frame);
    this.#chars += frame.length;
    return this.#frames.length <= UNACKED_FRAMES_MAX && this.#chars <= UNACKED_CHARS_MAX;
  }

  /** Ignores an older number. @returns false for a frame that was never sent, a fault */
  acknowledge(place: number): boolean {
    if (place > this.sent) return false;
    const count = place - this.#acknowledged;
    if (count <= 0) return true;
    for (let i = 0; i < count; i++) this.#chars -= this.#frames[i]?.length ?? 0;
    this.#frames = this.#frames.slice(count);
    this.#acknowledged = place;
    return true;
  }

  /** Whether a page with the frames up to `place` can continue without a gap. */
  canResumeAfter(place: number): boolean {
    return place >= this.#acknowledged && place <= this.sent;
  }

  /** Unacknowledged frames in order, byte for byte as first sent. */
  get unacknowledged(): readonly string[] {
    return this.#frames;
  }
}

/** The stream from the page: which of its sequenced frames were received. */
export class InStream {
  #taken = 0;
  /** Frames acknowledged to the page. */
  #told = 0;

  get taken(): number {
    return this.#taken;
  }

  /** Received but unacknowledged frames. */
  get untold(): number {
    return this.#taken - this.#told;
  }

  accept(place: number): 'next' | 'duplicate' | 'gap' {
    if (place <= this.#taken) return 'duplicate';
    return place === this.#taken + 1 ? 'next' : 'gap';
  }

  take(place: number): void {
    assert(place === this.#taken + 1, 'frames were taken concurrently');
    this.#taken = place;
  }

  tell(): number {
    this.#told = this.#taken;
    return this.#taken;
  }
}
