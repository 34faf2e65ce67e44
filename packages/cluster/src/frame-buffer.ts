import { MOVING_BYTES_MAX, MOVING_FRAMES_MAX } from './limits.ts';

/** A client's frame with its size in bytes. */
export interface ClientFrame {
  readonly text: string;
  readonly byteLength: number;
}

/** The frames of one socket that wait until the session's next home is known. */
export class FrameBuffer {
  #frames: ClientFrame[] = [];
  #bytes = 0;

  get size(): number {
    return this.#frames.length;
  }

  /** Adds a frame. Returns false if too many frames wait; the socket must then close. */
  push(frame: ClientFrame): boolean {
    if (this.#frames.length >= MOVING_FRAMES_MAX) return false;
    if (this.#bytes + frame.byteLength > MOVING_BYTES_MAX) return false;
    this.#frames.push(frame);
    this.#bytes += frame.byteLength;
    return true;
  }

  /** Removes and returns all frames, oldest first. */
  takeAll(): readonly ClientFrame[] {
    const frames = this.#frames;
    this.#frames = [];
    this.#bytes = 0;
    return frames;
  }
}
