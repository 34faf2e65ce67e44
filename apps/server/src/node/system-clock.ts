import { readFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Clock } from '@farandole/kernel/clock';

/** The machine's two clocks. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
};

/** One run of the machine, from its start until it is switched off. */
export interface Boot {
  /** Null where runs have no name: then each process counts as one. */
  readonly id: string | null;
  /** Since it began, or the process; whatever the date, and on Linux also while the machine sleeps. */
  elapsedMs(): number;
}

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';

export async function machineBoot(): Promise<Boot> {
  const id = await readFile(BOOT_ID_FILE, 'utf8').catch(() => null);
  return id === null
    ? { id, elapsedMs: () => systemClock.monotonicMs() }
    : { id: id.trim(), elapsedMs: () => 1_000 * uptime() };
}

/** The run that a clock of a test tells of: it is one as long as that clock is. */
export function bootOf(clock: Clock): Boot {
  return { id: 'one', elapsedMs: () => clock.monotonicMs() };
}
