import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HouseHours, parseStoredHours, type StoredHours } from '@farandole/protocol/house-hours';
import type { HourSpan } from '@farandole/protocol/http-api';
import { HOUSE_HOURS_BYTES_MAX } from '../limits.ts';
import { replaceFile } from '../node/durable-file.ts';
import type { Log } from '../observe/log.ts';
import { codeOf } from '../start-error.ts';

/**
 * Name of the file with the average number of connected users per hour of the week. The file
 * contains no personal data.
 */
export const HOUSE_HOURS_FILE = 'house-hours.json';

export interface HoursKeeperOptions {
  readonly dataDir: string;
  readonly nowMs: number;
  readonly log: Log;
}

/**
 * Averages the number of connected users for each hour of the week. Writes the averages to a file
 * at the end of each hour, so that a restart keeps them.
 */
export class HoursKeeper {
  readonly #path: string;
  readonly #hours: HouseHours;
  #writtenHour: number;
  #writing: Promise<void> = Promise.resolve();

  private constructor(options: HoursKeeperOptions, path: string, kept: StoredHours | null) {
    this.#path = path;
    this.#hours = new HouseHours(kept, options.nowMs);
    this.#writtenHour = this.#hours.kept.lastHour;
  }

  /**
   * Reads the file of averages. Logs a damaged or unreadable file and starts with empty statistics,
   * so that this file never prevents the server's start.
   */
  static async open(options: HoursKeeperOptions): Promise<HoursKeeper> {
    const path = join(options.dataDir, HOUSE_HOURS_FILE);
    return new HoursKeeper(options, path, await readKept(path, options.log));
  }

  get busiest(): HourSpan | null {
    return this.#hours.busiest;
  }

  /**
   * @param people number of connected users
   *
   * @throws the system's error if the file can't be written; the file is then unchanged, and the
   * next sample retries
   */
  async sample(people: number, nowMs: number): Promise<void> {
    this.#hours.sample(people, nowMs);
    await this.#write();
  }

  /**
   * Writes the averages of connected users to their file, including the hour that isn't over.
   *
   * @throws the system's error if the file can't be written
   */
  async close(): Promise<void> {
    this.#hours.settle();
    await this.#write();
  }

  /** Writes run one at a time, so that an older write can't overwrite a newer one. */
  async #write(): Promise<void> {
    this.#writing = this.#writing.catch(() => {}).then(() => this.#writeKept());
    await this.#writing;
  }

  async #writeKept(): Promise<void> {
    const { kept } = this.#hours;
    if (kept.lastHour === this.#writtenHour) return;
    await replaceFile(this.#path, `${JSON.stringify(kept)}\n`);
    this.#writtenHour = kept.lastHour;
  }
}

async function readKept(path: string, log: Log): Promise<StoredHours | null> {
  try {
    const isOfSize = (await stat(path)).size <= HOUSE_HOURS_BYTES_MAX;
    const kept = isOfSize ? parseStoredHours(await readFile(path, 'utf8')) : null;
    if (kept === null) log({ event: 'house-hours-lost', code: 'damaged' });
    return kept;
  } catch (error) {
    const code = codeOf(error) ?? 'unknown';
    if (code !== 'ENOENT') log({ event: 'house-hours-lost', code });
    return null;
  }
}
