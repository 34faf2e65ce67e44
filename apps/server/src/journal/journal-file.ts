import type { FileHandle } from 'node:fs/promises';
import { setTimeout as after } from 'node:timers/promises';
import { assert } from '@farandole/kernel/assert';
import { JOURNAL_BATCH_BYTES_MAX, JOURNAL_PENDING_MAX } from '../limits.ts';
import { codeOf } from '../start-error.ts';

/** Functions of an open file that the journal uses. A test passes a file that fails. */
export type AppendableFile = Pick<FileHandle, 'write' | 'datasync' | 'truncate' | 'close'>;

export interface JournalFileEvents {
  /**
   * Called when journal entries are on disk, or when writing them has failed for good. Never called
   * from inside `append`.
   */
  readonly onSettled: (entries: readonly number[], stored: boolean) => void;
  readonly onFailed: (code: string) => void;
}

export interface JournalFileOptions {
  /**
   * Called before each write. Returns the file in which to continue, or null to stay in the current
   * file.
   */
  readonly succeed?: () => Promise<Successor | null>;
  /** Pause in ms after a flush. There is none by default. */
  readonly restMs?: number;
}

export interface Successor {
  readonly file: AppendableFile;
}

/** A file that already has content and replaces a journal file under the same name. */
interface Replacement extends Successor {
  readonly byteLength: number;
  /**
   * Flushes the name of the new file. The journal writes nothing to the new file before this call
   * has succeeded.
   */
  readonly settle: () => Promise<void>;
}

interface Rewrite {
  /**
   * Makes the replacement from the valid bytes of the journal file. Returns null to keep the file.
   */
  readonly make: (byteLength: number) => Promise<Replacement | null>;
  readonly done: (isDone: boolean) => void;
}

interface PendingAppend {
  readonly entry: number;
  readonly line: string;
}

/**
 * An append-only file that reports a line as stored only when the line is flushed.
 *
 * Lines that arrive during a flush, or during the pause after it, share the next flush in order
 * (group commit). A failed write is truncated before the next one, so that a partial line never
 * precedes a complete one.
 */
export class JournalFile {
  readonly #events: JournalFileEvents;
  readonly #succeed: () => Promise<Successor | null>;
  readonly #restMs: number;
  #file: AppendableFile;
  /** Length in bytes of the lines that are complete and flushed. */
  #byteLength: number;
  /** Whether the file may contain bytes after `#byteLength`. */
  #isDirty = false;
  #waiting: PendingAppend[] = [];
  #writing: Promise<void> | null = null;
  #isClosed = false;
  /** Whether no line in the file is needed any longer, so that all may be deleted. */
  #isDone = false;
  #rewrites: Rewrite[] = [];
  /** Flushes the name of a replacement file. Null once that has succeeded. */
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

  /** Deletes all lines of the file. Lines appended later stay. */
  empty(): void {
    if (this.#isClosed) return;
    this.#isDone = true;
    this.#writing ??= this.#writeAll();
  }

  /**
   * Replaces the file's content between two writes.
   *
   * @returns whether the file has the content that `make` wanted; if not, the caller may retry
   */
  async rewrite(make: Rewrite['make']): Promise<boolean> {
    if (this.#isClosed) return false;
    return await new Promise((done) => {
      this.#rewrites.push({ make, done });
      this.#writing ??= this.#writeAll();
    });
  }

  async flush(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  /** Resolves when every appended line is stored or failed, and the file is closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
    await this.#cutOff().catch(ignore);
    await this.#file.close();
  }

  async #writeAll(): Promise<void> {
    // Waits until the running code has finished, so that all lines that it appends share one write.
    await Promise.resolve();
    while (this.#waiting.length > 0 || this.#isDone || this.#rewrites.length > 0) {
      if (this.#waiting.length > 0) {
        await this.#writeBatch();
      } else if (this.#isDone) {
        this.#isDone = false;
        await this.#emptyNow();
      }
      // All lines appended before the request to rewrite are written, so the rewrite includes them.
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
    // Writing pauses after a flush, because a flush costs as much for one line as for many.
    if (this.#restMs > 0 && !this.#isClosed) await after(this.#restMs);
  }

  #takeBatch(): readonly PendingAppend[] {
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
      if (bytesWritten === 0) throw new Error('The disk wrote no bytes and reported no error.');
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

  /**
   * Flushes the name of a replacement file. Otherwise a power loss could remove the name, and with
   * it the lines.
   */
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
      // The truncation failed, so the next write or deletion repeats it.
      this.#events.onFailed(codeOf(error) ?? 'unknown');
    }
  }

  /**
   * Truncates the file to the acknowledged bytes and flushes it. Without the flush, a power loss
   * could keep the next write but undo the truncation, and so leave part of an old line behind a
   * new one.
   */
  async #cutOff(): Promise<void> {
    if (!this.#isDirty) return;
    await this.#file.truncate(this.#byteLength);
    await this.#file.datasync();
    this.#isDirty = false;
  }
}

/** Ignores a failed truncation, because it is repeated before the next write and at the close. */
function ignore(): void {}
