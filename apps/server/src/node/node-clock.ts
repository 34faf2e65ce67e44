import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@farandole/kernel/clock';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import {
  CLOCK_POLL_EVERY_MS,
  DATE_AHEAD_MS_MAX,
  DATE_BACK_MS_MAX,
  DATE_FOLLOWED_MS_MAX,
} from '../limits.ts';
import type { Log } from '../observe/log.ts';
import { codeOf, StartError } from '../start-error.ts';
import { parseJson } from './parse-json.ts';

/** Name of the file in which version 0.1.0 kept the node's last date. */
export const DATE_FILE = 'date.json';

export interface NodeClockOptions {
  readonly dataDir: string;
  readonly store: Pick<ModerationStore, 'run'>;
  readonly clock: Clock;
  /** Whether the node starts with the machine's date even if that is far from the stored date. */
  readonly acceptsDate: boolean;
  readonly log: Log;
}

/**
 * A node's clock. Its date never goes back. The clock follows the machine's date if that is at most
 * DATE_FOLLOWED_MS_MAX ahead, for example after a laptop slept. Otherwise it continues by the
 * monotonic clock, because a wrong date would end sanctions or delete records.
 */
export class NodeClock implements Clock {
  readonly #options: NodeClockOptions;
  #wallMs: number;
  #lookedAtMonotonicMs: number;
  #isDoubtful = false;

  private constructor(options: NodeClockOptions) {
    this.#options = options;
    this.#wallMs = options.clock.wallMs();
    this.#lookedAtMonotonicMs = options.clock.monotonicMs();
  }

  /** @throws StartError if the stored date can't be read, or is too far from the machine's date */
  static async open(options: NodeClockOptions): Promise<NodeClock> {
    const { dataDir, store, clock, acceptsDate, log } = options;
    const notedMs = acceptsDate ? null : await readDate(store, dataDir);
    const machineMs = clock.wallMs();
    if (notedMs !== null) {
      const problem = dateProblem(notedMs, machineMs);
      if (problem !== null) {
        throw new StartError(`${problem} If the date is right, start once with --accept-date.`);
      }
      const byMs = machineMs - notedMs;
      if (Math.abs(byMs) > DATE_BACK_MS_MAX) log({ event: 'date-followed', byMs });
    }
    return new NodeClock(options);
  }

  /** Whether the machine's date differs from this clock's, so that it is ignored. */
  get isDoubtful(): boolean {
    return this.#isDoubtful;
  }

  monotonicMs(): number {
    return this.#options.clock.monotonicMs();
  }

  wallMs(): number {
    return Math.floor(this.#wallMs + this.monotonicMs() - this.#lookedAtMonotonicMs);
  }

  /**
   * Returns the machine's date even if it may be wrong, because authenticators and TURN servers use
   * it.
   */
  machineMs(): number {
    return this.#options.clock.wallMs();
  }

  /**
   * Checks the machine's date, at most once per CLOCK_POLL_EVERY_MS. The node calls this at each
   * tick.
   */
  tick(): void {
    const { log } = this.#options;
    const monotonicMs = this.monotonicMs();
    const passedMs = monotonicMs - this.#lookedAtMonotonicMs;
    if (passedMs < CLOCK_POLL_EVERY_MS) return;
    this.#wallMs += passedMs;
    this.#lookedAtMonotonicMs = monotonicMs;
    const byMs = Math.round(this.machineMs() - this.#wallMs);
    if (byMs >= 0 && byMs <= DATE_FOLLOWED_MS_MAX) {
      this.#wallMs = this.machineMs();
      if (byMs > DATE_BACK_MS_MAX) log({ event: 'date-followed', byMs });
    }
    const wasDoubtful = this.#isDoubtful;
    this.#isDoubtful = byMs < -DATE_BACK_MS_MAX || byMs > DATE_FOLLOWED_MS_MAX;
    if (this.#isDoubtful && !wasDoubtful) log({ event: 'clock-doubted', reason: 'jumped', byMs });
    if (!this.#isDoubtful && wasDoubtful) log({ event: 'clock-trusted' });
  }

  /**
   * Stores the node's date for the next start, and removes the file of an earlier version.
   *
   * @throws StoreError, or the system's error
   */
  async keep(): Promise<void> {
    const { store, dataDir } = this.#options;
    await store.run('date.keep', { dateMs: this.wallMs() });
    await rm(join(dataDir, DATE_FILE), { force: true });
  }
}

/**
 * Returns the date for a command of the command line. It is the machine's date, or the stored date
 * if a server would refuse to start with the machine's. The stored date is at most ten minutes
 * behind a running server's.
 */
export async function commandDate(
  store: Pick<ModerationStore, 'run'>,
  dataDir: string,
  machineMs: number,
): Promise<number> {
  const notedMs = await readDate(store, dataDir);
  return notedMs !== null && dateProblem(notedMs, machineMs) !== null ? notedMs : machineMs;
}

/** Returns why a server refuses to start with the machine's date; null if it accepts the date. */
export function dateProblem(notedMs: number, machineMs: number): string | null {
  const byMs = machineMs - notedMs;
  if (byMs >= -DATE_BACK_MS_MAX && byMs <= DATE_AHEAD_MS_MAX) return null;
  const [machine, noted] = [machineMs, notedMs].map((ms) => new Date(ms).toISOString());
  return byMs < 0
    ? `The machine's date is ${machine}, but the server last ran at ${noted}. Keep the date correct with NTP.`
    : `The machine's date is ${machine}, more than 30 days after the server last ran at ${noted}. Starting with it would end deadlines and delete records. Keep the date correct with NTP.`;
}

/**
 * Returns the date that the last server stored; null if there is none. It is at most ten minutes
 * behind that server's date.
 *
 * @throws StoreError; StartError if the file of an earlier version is damaged or can't be read
 */
export async function readDate(
  store: Pick<ModerationStore, 'run'>,
  dataDir: string,
): Promise<number | null> {
  const stored = await store.run('date.read', null);
  const ofFile = await readDateFile(dataDir);
  return stored === null || ofFile === null ? (stored ?? ofFile) : Math.max(stored, ofFile);
}

async function readDateFile(dataDir: string): Promise<number | null> {
  const path = join(dataDir, DATE_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    const reason = codeOf(error) ?? 'unknown reason';
    throw new StartError(`${path} cannot be read (${reason}).`, { cause: error });
  }
  const dateMs = dateOf(text);
  if (dateMs !== null) return dateMs;
  throw new StartError(
    `${path} is damaged. If the machine's date is right, start once with --accept-date.`,
  );
}

function dateOf(text: string): number | null {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || !('dateMs' in value)) return null;
  // A number above 8.64e15 isn't a valid Date.
  return typeof value.dateMs === 'number' && Math.abs(value.dateMs) <= 8.64e15
    ? value.dateMs
    : null;
}
