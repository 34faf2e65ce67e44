import { constants, open } from 'node:fs/promises';
import type { AppendableFile } from '../../src/journal/journal-file.ts';

/** The disk's next behaviour: normal, refuse, write a part and refuse, or fail to flush. */
export type Fault = 'none' | 'full' | 'torn' | 'no-flush';

export class FaultyFile implements AppendableFile {
  readonly #file: Awaited<ReturnType<typeof open>>;
  fault: Fault = 'none';
  flushes = 0;
  writes = 0;
  /** A promise that every write waits for, if set. */
  gate: Promise<void> | null = null;

  private constructor(file: Awaited<ReturnType<typeof open>>) {
    this.#file = file;
  }

  static async open(path: string): Promise<FaultyFile> {
    return new FaultyFile(await open(path, constants.O_CREAT | constants.O_RDWR, 0o600));
  }

  readonly write = (async (bytes: Buffer, offset: number, length: number, position: number) => {
    this.writes += 1;
    await this.gate;
    if (this.fault === 'full') throw diskError('ENOSPC');
    if (this.fault === 'torn') {
      await this.#file.write(bytes, offset, Math.max(1, length >> 1), position);
      throw diskError('ENOSPC');
    }
    // A disk may write less than requested; the caller continues.
    return await this.#file.write(bytes, offset, Math.max(1, Math.ceil(length / 2)), position);
  }) as AppendableFile['write'];

  async datasync(): Promise<void> {
    if (this.fault === 'no-flush') throw diskError('EIO');
    this.flushes += 1;
    await this.#file.datasync();
  }

  async truncate(length: number): Promise<void> {
    if (this.fault !== 'none') throw diskError('EIO');
    await this.#file.truncate(length);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: as the test wants it`), { code });
}
