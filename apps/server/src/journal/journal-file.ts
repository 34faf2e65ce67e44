import type { FileHandle } from 'node:fs/promises';
import { setTimeout as after } from 'node:timers/promises';
import { assert } from '@farandole/kernel/assert';
import { JOURNAL_BATCH_BYTES_MAX, JOURNAL_PENDING_MAX } from '../limits.ts';
import { codeOf } from '../start-error.ts';

/** What is needed of an open file; a test's may fail. */
export type AppendableFile = Pick<FileHandle, 'write' | 'datasync' | 'truncate' | 'close'>;

export interface JournalFileEvents {
  /** The entries are on disk, or are not and will not be. Never called from inside `append`. */
  readonly onSettled: (entries: readonly number[], stored: boolean) => void;
  /** The disk refused. */
  readonly onFailed: (code: string) => void;
}

export interface JournalFileOptions {
  /** Asked before each write: another file to go on in, or null. */
  readonly succeed?: () => Promise<Successor | null>;
  /** How long it rests after a flush; none where it is left out. */
  readonly restMs?: number;
}

/** A file that takes the place of this one. */
export interface Successor {
  readonly file: AppendableFile;
}

/** A file that does so with lines of its own, and under the same name. */
interface Replacement extends Successor {
  readonly byteLength: number;
  /** Makes the name survive a loss of power: until that is done nothing more is written. */
  readonly settle: () => Promise<void>;
}

interface Rewrite {
  /** Makes the other file, given how many bytes of this one count; null where it may stay as it is. */
  readonly make: (byteLength: number) => Promise<Replacement | null>;
  readonly done: (isDone: boolean) => void;
}

interface Waiting {
  readonly entry: number;
  readonly line: string;
}

/**
 * Lines that are only ever appended, and on disk before anybody is told that they are stored.
 *
 * Group commit: whatever has come while one write was being flushed, and in the rest after it, goes out
 * with the next, in order; what comes after a pause goes at once. A write that failed is cut off again,
 * before the next one at the latest, so that half a line never stands in front of a whole one.
 */
export class JournalFile {
  readonly #events: JournalFileEvents;
  readonly #succeed: () => Promise<Successor | null>;
  readonly #restMs: number;
  #file: AppendableFile;
  /** Bytes known to be whole and flushed. */
  #byteLength: number;
  /** Whether more than those bytes may be in the file. */
  #isDirty = false;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;
  #isClosed = false;
  /** Whether nobody needs any of the lines. */
  #isDone = false;
  #rewrites: Rewrite[] = [];
  /** Left by a replacement whose name may not survive yet. */
  #settle: (() => Promise<void>) | null = null;

  constructor(
    file: AppendableFile,
    byteLength: number,
    events: JournalFileEvents,
    { succeed = () => Promise.resolve(null), restMs = 0 }: JournalFileOptions = {},
  ) {
    this.#file = file;
    this.#byteLength = byteLength;
    this.#events = events;
    this.#succeed = succeed;
    this.#restMs = restMs;
  }

  /** Takes a line, without its end. `onSettled` says what became of it. */
  append(entry: number, line: string): void {
    assert(!line.includes('\n'), 'a line of the journal is one line');
    if (this.#isClosed || this.#waiting.length >= JOURNAL_PENDING_MAX) {
      queueMicrotask(() => this.#events.onSettled([entry], false));
      return;
    }
    this.#isDone = false;
    this.#waiting.push({ entry, line });
    this.#writing ??= this.#writeAll();
  }

  /** Takes away all lines, which nobody needs any more; one that is appended afterwards stays. */
  empty(): void {
    if (this.#isClosed) return;
    this.#isDone = true;
    this.#writing ??= this.#writeAll();
  }

  /**
   * Puts other lines in the place of those that are there, between two writes.
   *
   * @returns whether it was done; where it was not, it may be asked for again
   */
  async rewrite(make: Rewrite['make']): Promise<boolean> {
    if (this.#isClosed) return false;
    return await new Promise((done) => {
      this.#rewrites.push({ make, done });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Resolves when everything taken so far is settled. */
  async flush(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  /** Resolves when everything taken so far is settled and the file is closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
    await this.#cutOff().catch(ignore);
    await this.#file.close();
  }

  async #writeAll(): Promise<void> {
    // The turn that appended goes on to its end first: all that it appends is one write.
    await Promise.resolve();
    while (this.#waiting.length > 0 || this.#isDone || this.#rewrites.length > 0) {
      if (this.#waiting.length > 0) {
        await this.#writeBatch();
      } else if (this.#isDone) {
        this.#isDone = false;
        await this.#emptyNow();
      }
      // What was appended before it is written by now, and is looked at, too.
      const rewrite = this.#rewrites.shift();
      if (rewrite !== undefined) rewrite.done(await this.#rewriteNow(rewrite.make));
    }
    this.#writing = null;
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#takeBatch();
    const entries = batch.map(({ entry }) => entry);
    let stored = true;
    try {
      await this.#write(Buffer.from(batch.map(({ line }) => `${line}\n`).join(''), 'utf8'));
    } catch (error) {
      stored = false;
      this.#isDirty = true;
      this.#events.onFailed(codeOf(error) ?? 'unknown');
      await this.#cutOff().catch(ignore);
    }
    this.#events.onSettled(entries, stored);
    // A flush costs the same for one line and for many.
    if (this.#restMs > 0 && !this.#isClosed) await after(this.#restMs);
  }

  #takeBatch(): readonly Waiting[] {
    let count = 0;
    let byteLength = 0;
    for (const { line } of this.#waiting) {
      byteLength += Buffer.byteLength(line) + 1;
      if (count > 0 && byteLength > JOURNAL_BATCH_BYTES_MAX) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #write(bytes: Buffer): Promise<void> {
    const successor = await this.#succeed();
    if (successor !== null) {
      const old = this.#file;
      this.#file = successor.file;
      this.#byteLength = 0;
      this.#isDirty = false;
      await old.close();
    }
    await this.#cutOff();
    await this.#settleName();
    let written = 0;
    while (written < bytes.length) {
      const { bytesWritten } = await this.#file.write(
        bytes,
        written,
        bytes.length - written,
        this.#byteLength + written,
      );
      if (bytesWritten === 0) throw new Error('The disk took none of the bytes, and said nothing.');
      written += bytesWritten;
    }
    await this.#file.datasync();
    this.#byteLength += bytes.length;
  }

  async #rewriteNow(make: Rewrite['make']): Promise<boolean> {
    try {
      await this.#settleName();
      const replacement = await make(this.#byteLength);
      if (replacement === null) return true;
      const old = this.#file;
      this.#file = replacement.file;
      this.#byteLength = replacement.byteLength;
      this.#isDirty = false;
      this.#settle = replacement.settle;
      await old.close();
      await this.#settleName();
      return true;
    } catch (error) {
      this.#events.onFailed(codeOf(error) ?? 'unknown');
      return false;
    }
  }

  /** Lines behind a name that a loss of power takes back would go with it. */
  async #settleName(): Promise<void> {
    if (this.#settle === null) return;
    await this.#settle();
    this.#settle = null;
  }

  async #emptyNow(): Promise<void> {
    this.#byteLength = 0;
    this.#isDirty = true;
    try {
      await this.#cutOff();
    } catch (error) {
      // The lines stay until something is written, or until the next time that they may go.
      this.#events.onFailed(codeOf(error) ?? 'unknown');
    }
  }

  /**
   * Takes away what a failed write left, or what nobody needs: what is in the file is what was
   * acknowledged. Flushed before anything is written in its place: a loss of power could keep that
   * and not the cut, and then the rest of an old line would stand behind a new one.
   */
  async #cutOff(): Promise<void> {
    if (!this.#isDirty) return;
    await this.#file.truncate(this.#byteLength);
    await this.#file.datasync();
    this.#isDirty = false;
  }
}

/** A disk that fails may fail at that too; it is asked again before the next write, and at the end. */
function ignore(): void {}
