import { constants, type FileHandle, open } from 'node:fs/promises';
import type { AppendableFile } from '../../src/journal/journal-file.ts';

/**
 * File functions that fail at the moment, with their error codes. With `none taken`, a write
 * writes nothing and reports no error.
 */
export type Faults = Partial<Record<'write' | 'datasync' | 'truncate', string>>;

/** A real file whose failing writes leave half of their bytes. */
export class FaultyFile implements AppendableFile {
  readonly #file: FileHandle;
  faults: Faults = {};
  flushes = 0;
  /** As long as this promise is set, each write waits for it. */
  gate: Promise<void> | null = null;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(path: string): Promise<FaultyFile> {
    return new FaultyFile(await open(path, constants.O_CREAT | constants.O_RDWR, 0o600));
  }

  readonly write = (async (bytes: Buffer, offset: number, length: number, position: number) => {
    await this.gate;
    if (this.faults.write !== undefined) {
      await this.#file.write(bytes, offset, length >> 1, position);
      if (this.faults.write === 'none taken') return { bytesWritten: 0, buffer: bytes };
      throw diskError(this.faults.write);
    }
    // A disk may write less than requested. The caller must then write the rest.
    return await this.#file.write(bytes, offset, Math.max(1, Math.ceil(length / 2)), position);
  }) as AppendableFile['write'];

  async datasync(): Promise<void> {
    if (this.faults.datasync !== undefined) throw diskError(this.faults.datasync);
    this.flushes += 1;
    await this.#file.datasync();
  }

  async truncate(length: number): Promise<void> {
    if (this.faults.truncate !== undefined) throw diskError(this.faults.truncate);
    await this.#file.truncate(length);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

export function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: as the test wants it`), { code });
}
