import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import {
  HouseHours,
  parseStoredHours,
  peaksOf,
  type StoredHours,
  type WeekPeak,
} from '@farandole/protocol/house-hours';
import type { HourSpan } from '@farandole/protocol/http-api';
import { HOUSE_HOURS_BYTES_MAX } from '../limits.ts';
import type { Log } from '../observe/log.ts';
import { codeOf } from '../start-error.ts';

/** Name of the file in which version 0.1.0 kept the averages of connected users. */
export const HOUSE_HOURS_FILE = 'house-hours.json';

export interface HoursKeeperOptions {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly dataDir: string;
  readonly nowMs: number;
  readonly log: Log;
}

/**
 * Averages the number of connected users for each hour of the week. Stores the averages at the end
 * of each hour, so that a restart keeps them. The averages contain no personal data.
 */
export class HoursKeeper {
  readonly #store: Pick<ModerationStore, 'run'>;
  /** Path of the file of version 0.1.0. */
  readonly #path: string;
  readonly #hours: HouseHours;
  #writtenHour: number;
  #writing: Promise<void> = Promise.resolve();

  private constructor(options: HoursKeeperOptions, path: string, kept: StoredHours | null) {
    this.#store = options.store;
    this.#path = path;
    this.#hours = new HouseHours(kept, options.nowMs);
    this.#writtenHour = this.#hours.kept.lastHour;
  }

  /**
   * Reads the averages, from the file of version 0.1.0 if the store has none. Logs damaged averages
   * and starts with empty ones.
   *
   * @throws StoreError
   */
  static async open(options: HoursKeeperOptions): Promise<HoursKeeper> {
    const { store, dataDir, log } = options;
    const path = join(dataDir, HOUSE_HOURS_FILE);
    const stored = await store.run('hours.read', null);
    if (stored === null) return new HoursKeeper(options, path, await readFileOf(path, log));
    const kept = parseStoredHours(stored);
    if (kept === null) log({ event: 'house-hours-lost', code: 'damaged' });
    return new HoursKeeper(options, path, kept);
  }

  /** The busiest hours of the week. */
  get peaks(): readonly WeekPeak[] {
    return peaksOf(this.#hours.kept);
  }

  get busiest(): HourSpan | null {
    return this.#hours.busiest;
  }

  /**
   * @param people number of connected users
   *
   * @throws StoreError; the next sample retries
   */
  async sample(people: number, nowMs: number): Promise<void> {
    this.#hours.sample(people, nowMs);
    await this.#write(nowMs);
  }

  /**
   * Stores the averages of connected users, including the hour that isn't over.
   *
   * @throws StoreError
   */
  async close(nowMs: number): Promise<void> {
    this.#hours.settle();
    await this.#write(nowMs);
  }

  /** Writes run one at a time, so that an older write can't overwrite a newer one. */
  async #write(nowMs: number): Promise<void> {
    this.#writing = this.#writing.catch(() => {}).then(() => this.#writeKept(nowMs));
    await this.#writing;
  }

  async #writeKept(nowMs: number): Promise<void> {
    const { kept } = this.#hours;
    if (kept.lastHour === this.#writtenHour) return;
    await this.#store.run('hours.keep', { hours: JSON.stringify(kept), nowMs });
    await rm(this.#path, { force: true });
    this.#writtenHour = kept.lastHour;
  }
}

async function readFileOf(path: string, log: Log): Promise<StoredHours | null> {
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
