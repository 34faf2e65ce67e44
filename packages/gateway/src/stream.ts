import { assert } from '@farandole/kernel/assert';
import { UNACKED_CHARS_MAX, UNACKED_FRAMES_MAX } from '@farandole/protocol/limits';

interface StreamSnapshot {
  readonly acknowledged: number;
  readonly frames: readonly string[];
}

/**
 * Sequenced frames sent to the client. Each is buffered as encoded text until the client
 * acknowledges it.
 */
export class OutStream {
  #acknowledged = 0;
  #frames: string[] = [];
  #chars = 0;

  /** Sequence number of the last frame, or 0 before the first. */
  get sent(): number {
    return this.#acknowledged + this.#frames.length;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Continues the stream of a session that came from another node. */
  restore({ acknowledged, frames }: StreamSnapshot): void {
    this.#acknowledged = acknowledged;
    this.#frames = [...frames];
    this.#chars = frames.reduce((sum, frame) => sum + frame.length, 0);
  }

  /**
   * Buffers the next frame. @returns false if the buffer exceeds its limit, in which case the
   * session must end
   */
  push(frame: string): boolean {
    this.#frames.push(frame);
    this.#chars += frame.length;
    return this.#frames.length <= UNACKED_FRAMES_MAX && this.#chars <= UNACKED_CHARS_MAX;
  }

  /**
   * Removes frames up to the acknowledged number. Ignores a number lower than an earlier one.
   * @returns false if the client acknowledged a frame that was never sent, which is a fault
   */
  acknowledge(seq: number): boolean {
    if (seq > this.sent) return false;
    const count = seq - this.#acknowledged;
    if (count <= 0) return true;
    for (let i = 0; i < count; i++) this.#chars -= this.#frames[i]?.length ?? 0;
    this.#frames = this.#frames.slice(count);
    this.#acknowledged = seq;
    return true;
  }

  /** Whether a page that has all frames up to number `seq` can continue without a gap. */
  canResumeAfter(seq: number): boolean {
    return seq >= this.#acknowledged && seq <= this.sent;
  }

  /** Unacknowledged frames in order, identical byte for byte to the first time except for `ack`. */
  get unacknowledged(): readonly string[] {
    return this.#frames;
  }
}

/** Tracks which of the page's sequenced frames were received. */
export class InStream {
  #taken = 0;
  /** Number of received frames that were acknowledged to the page. */
  #told = 0;

  get taken(): number {
    return this.#taken;
  }

  get told(): number {
    return this.#told;
  }

  /** Continues the stream of a session that came from another node. */
  restore({ taken, told }: Pick<InStream, 'taken' | 'told'>): void {
    this.#taken = taken;
    this.#told = told;
  }

  /** Number of received frames that are not acknowledged yet. */
  get untold(): number {
    return this.#taken - this.#told;
  }

  accept(seq: number): 'next' | 'duplicate' | 'gap' {
    if (seq <= this.#taken) return 'duplicate';
    return seq === this.#taken + 1 ? 'next' : 'gap';
  }

  take(seq: number): void {
    assert(seq === this.#taken + 1, 'frames were taken concurrently');
    this.#taken = seq;
  }

  tell(): number {
    this.#told = this.#taken;
    return this.#taken;
  }
}
