import { statfs } from 'node:fs/promises';
import { readLastBackup } from '../cli/last-backup.ts';
import { HOST_READ_EVERY_MS } from '../limits.ts';
import type { DiskFacts } from './node-facts.ts';

/** Reads the free disk space and the date of the last backup. */
export class HostWatch {
  readonly #dataDir: string;
  #disk: DiskFacts | null = null;
  #lastBackupAtMs: number | null = null;
  #nextAtMonotonicMs = Number.NEGATIVE_INFINITY;
  #isReading = false;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  get disk(): DiskFacts | null {
    return this.#disk;
  }

  get lastBackupAtMs(): number | null {
    return this.#lastBackupAtMs;
  }

  /** Reads the values if due. The promise never rejects. */
  async tick(monotonicMs: number): Promise<void> {
    if (this.#isReading || monotonicMs < this.#nextAtMonotonicMs) return;
    this.#nextAtMonotonicMs = monotonicMs + HOST_READ_EVERY_MS;
    this.#isReading = true;
    try {
      this.#disk = await diskOf(this.#dataDir);
      this.#lastBackupAtMs = await readLastBackup(this.#dataDir);
    } finally {
      this.#isReading = false;
    }
  }
}

async function diskOf(folder: string): Promise<DiskFacts | null> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
  } catch {
    return null;
  }
}
