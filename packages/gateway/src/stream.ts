import { assert } from '@farandole/kernel/assert';
import { UNACKED_CHARS_MAX, UNACKED_FRAMES_MAX } from '@farandole/protocol/limits';

/**
 * The node's half of what it says in order: sequenced frames, kept as they were written until the
 * page has them.
 */
export class OutStream {
  /** The last frame that the page acknowledged. */
  #acknowledged = 0;
  /** The frames after it, as texts. */
  #frames: string[] = [];
  #chars = 0;

  /** The place of the last frame written; 0 before the first. */
  get sent(): number {
    return this.#acknowledged + this.#frames.length;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /**
   * Keeps the frame whose place is `sent + 1`.
   *
   * @returns false when more is kept than may be: the session must end
   */
  push(frame: string): boolean {
    this.#frames.push(frame);
    this.#chars += frame.length;
    return this.#frames.length <= UNACKED_FRAMES_MAX && this.#chars <= UNACKED_CHARS_MAX;
  }

  /**
   * Forgets what the page has. An acknowledgement of less than before changes nothing.
   *
   * @returns false for one of a frame that was never sent, which is a fault
   */
  acknowledge(place: number): boolean {
    if (place > this.sent) return false;
    const count = place - this.#acknowledged;
    if (count <= 0) return true;
    for (let i = 0; i < count; i++) this.#chars -= this.#frames[i]?.length ?? 0;
    this.#frames = this.#frames.slice(count);
    this.#acknowledged = place;
    return true;
  }

  /** Whether a page that has the frames up to `place` can go on without a hole. */
  canResumeAfter(place: number): boolean {
    return place >= this.#acknowledged && place <= this.sent;
  }

  /** The frames that are kept, in order, as they were first sent. */
  get unacknowledged(): readonly string[] {
    return this.#frames;
  }
}

/** The other half: which of the page's sequenced frames were taken. */
export class InStream {
  #taken = 0;
  /** How many of those the page was told of. */
  #told = 0;

  /** The place of the last frame taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Frames taken that the page has not been told of. */
  get untold(): number {
    return this.#taken - this.#told;
  }

  /** What to do with the frame at `place`: take it once, drop a copy, or refuse a gap. */
  accept(place: number): 'next' | 'duplicate' | 'gap' {
    if (place <= this.#taken) return 'duplicate';
    return place === this.#taken + 1 ? 'next' : 'gap';
  }

  /** The frame at `taken + 1` is taken. */
  take(place: number): void {
    assert(place === this.#taken + 1, 'frames are taken one after the other');
    this.#taken = place;
  }

  /** The page is being told of all that was taken. */
  tell(): number {
    this.#told = this.#taken;
    return this.#taken;
  }
}
