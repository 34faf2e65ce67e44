import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@farandole/kernel/clock';
import type { DateMove } from '@farandole/moderation/privacy/move-date';
import { CLOCK_LOOK_EVERY_MS } from '../limits.ts';
import type { Log } from '../observe/log.ts';
import { codeOf, StartError } from '../start-error.ts';
import { replaceFile } from './durable-file.ts';
import type { Boot } from './system-clock.ts';
import {
  hasHeld,
  type MachineTime,
  mayHaveBeenOff,
  parseTrustedDate,
  passTo,
  startDate,
  type TrustedDate,
  takeOver,
  trustedDateText,
} from './trusted-date.ts';

/** The date as far as the node got, so that the next one does not begin with whatever the machine says. */
export const DATE_FILE = 'date.json';

export interface NodeClockOptions {
  readonly dataDir: string;
  /** The machine's. */
  readonly clock: Clock;
  readonly boot: Boot;
  readonly log: Log;
}

/** The date that a node's folder knows of, gone on to now; nothing is written. */
export async function dateIn(dataDir: string, boot: Boot, machineMs: number): Promise<TrustedDate> {
  return startDate(await readDate(dataDir), timeOf(boot, machineMs));
}

/**
 * A node's clock. Its wall is a date that no jump of the machine's moves, so that all that a node writes is in
 * order; whoever outside goes by the date, as a relay does, is told the machine's.
 */
export class NodeClock implements Clock {
  readonly #options: NodeClockOptions;
  #date: TrustedDate;
  #lookedAtMonotonicMs: number;
  /** By what ends: sanctions, holds, and how long anything is kept. */
  readonly sure: Clock;

  private constructor(options: NodeClockOptions, date: TrustedDate) {
    this.#options = options;
    this.#date = date;
    this.#lookedAtMonotonicMs = options.clock.monotonicMs();
    this.sure = {
      monotonicMs: () => this.monotonicMs(),
      wallMs: () => this.#since(this.#date.sureMs),
    };
  }

  /** @throws StartError when what was kept is damaged or cannot be read; the system's error when it cannot be kept */
  static async open(options: NodeClockOptions): Promise<NodeClock> {
    const { dataDir, clock, boot } = options;
    const date = await dateIn(dataDir, boot, clock.wallMs());
    const opened = new NodeClock(options, date);
    opened.#tell(null, date);
    await opened.keep();
    return opened;
  }

  monotonicMs(): number {
    return this.#options.clock.monotonicMs();
  }

  wallMs(): number {
    return this.#since(this.#date.dateMs);
  }

  /** What the machine says, right or not. */
  machineMs(): number {
    return this.#options.clock.wallMs();
  }

  /** To be called often: between two looks the date goes by the monotonic clock. */
  tick(): void {
    if (this.monotonicMs() - this.#lookedAtMonotonicMs < CLOCK_LOOK_EVERY_MS) return;
    const before = this.#date;
    const { boot, clock } = this.#options;
    const passed = passTo(before, timeOf(boot, clock.wallMs()));
    this.#lookedAtMonotonicMs = this.monotonicMs();
    // By a jump no time passed, and what holds has to hear of it first.
    this.#date = hasHeld(passed) && mayHaveBeenOff(passed) ? takeOver(passed) : passed;
    this.#tell(before, this.#date);
  }

  /** The step that the date is to make, once what holds was moved with it; null where there is none to make. */
  get move(): DateMove | null {
    const date = this.#date;
    if (!hasHeld(date) || mayHaveBeenOff(date)) return null;
    return { fromMs: Math.floor(date.sureMs), toMs: Math.floor(takeOver(date).sureMs) };
  }

  /** Makes it. */
  makeMove(): void {
    if (this.move === null) return;
    const before = this.#date;
    this.#date = takeOver(before);
    this.#tell(before, this.#date);
  }

  /** @throws the system's error; the file is then as it was */
  async keep(): Promise<void> {
    await replaceFile(join(this.#options.dataDir, DATE_FILE), trustedDateText(this.#date));
  }

  /** Whole milliseconds, as of any clock's date. */
  #since(dateMs: number): number {
    return Math.floor(dateMs + this.monotonicMs() - this.#lookedAtMonotonicMs);
  }

  #tell(before: TrustedDate | null, { doubt, ...date }: TrustedDate): void {
    const { log } = this.#options;
    const known = before?.doubt ?? null;
    if (doubt !== null && doubt.sinceMs !== known?.sinceMs) {
      const reason = mayHaveBeenOff({ doubt, ...date }) ? 'was-off' : 'jumped';
      log({ event: 'clock-doubted', reason, byMs: Math.round(doubt.byMs) });
    }
    if (doubt === null && known !== null) log({ event: 'clock-trusted' });
  }
}

/** @throws StartError when it is damaged, or cannot be read */
async function readDate(dataDir: string): Promise<TrustedDate | null> {
  const path = join(dataDir, DATE_FILE);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw new StartError(`${path} cannot be read: ${codeOf(error) ?? 'for an unknown reason'}.`, {
      cause: error,
    });
  });
  if (text === null) return null;
  const date = parseTrustedDate(text);
  if (date !== null) return date;
  throw new StartError(
    `${path} is damaged. See that the machine's date is right, and remove it: then that date is believed.`,
  );
}

function timeOf(boot: Boot, wallMs: number): MachineTime {
  return { boot: boot.id, atMs: boot.elapsedMs(), wallMs };
}
