import { write, writeSync } from 'node:fs';
import { RUNNING } from '../config/runtime.ts';
import { LOG_WAITING_CHARS_MAX, LOG_WRITTEN_WITHIN_MS } from '../limits.ts';
import { codeOf } from '../start-error.ts';

/** How often the last lines are written again if the pipe is full, and the interval in ms. */
const LAST_RETRIES_MAX = 100;
const LAST_TRIED_EVERY_MS = 10;

/**
 * Writes lines to a file descriptor. Lines are written together, after at most
 * `LOG_WRITTEN_WITHIN_MS` and when the process exits, because each write occupies a thread of
 * libuv's pool and interrupts the event loop.
 *
 * Lines that can't be written, for instance because the disk is full, wait and are tried again.
 * Above `LOG_WAITING_CHARS_MAX` the writer drops further lines. pino's own destination throws an
 * error instead, and then tries forever to write the last lines, so that the process never exits.
 */
export class LineWriter {
  readonly #fd: number;
  #state: 'idle' | 'scheduled' | 'writing' = 'idle';
  /** Lines whose write has begun or has failed. */
  #batch = Buffer.alloc(0);
  /** Lines that came after those of the batch. */
  #waiting = '';

  constructor(fd: number) {
    this.#fd = fd;
    process.on('exit', () => this.#writeLast());
  }

  write(line: string): void {
    const chars = this.#batch.length + this.#waiting.length + line.length;
    if (chars > LOG_WAITING_CHARS_MAX) return;
    this.#waiting += line;
    if (this.#state === 'idle') this.#schedule();
  }

  #schedule(): void {
    this.#state = 'scheduled';
    setTimeout(() => this.#flush(), LOG_WRITTEN_WITHIN_MS).unref();
  }

  #flush(): void {
    this.#state = 'writing';
    this.#batch = this.#takeAll();
    write(this.#fd, this.#batch, (error, byteLength) => {
      this.#batch = this.#batch.subarray(error === null ? byteLength : 0);
      if (error === null && this.#batch.length > 0) this.#flush();
      else if (this.#batch.length > 0 || this.#waiting !== '') this.#schedule();
      else this.#state = 'idle';
    });
  }

  #takeAll(): Buffer<ArrayBuffer> {
    const bytes = Buffer.concat([this.#batch, Buffer.from(this.#waiting)]);
    this.#waiting = '';
    return bytes;
  }

  #writeLast(): void {
    // Node ends once its threads have written the batch. Bun ends at once, and may write it twice.
    if (this.#state === 'writing' && RUNNING === 'node') this.#batch = Buffer.alloc(0);
    let bytes = this.#takeAll();
    let retriesLeft = LAST_RETRIES_MAX;
    while (bytes.length > 0) {
      try {
        bytes = bytes.subarray(writeSync(this.#fd, bytes));
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN' || retriesLeft === 0) return;
        retriesLeft -= 1;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAST_TRIED_EVERY_MS);
      }
    }
  }
}
