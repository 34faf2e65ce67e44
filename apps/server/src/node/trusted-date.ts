import {
  CLOCK_DIFFERENCE_MS_MAX,
  JUMP_HELD_MS,
  STARTED_LATELY_MS,
  TIME_OFF_HELD_MS,
} from '../limits.ts';

/**
 * What a node takes the date to be. Pure: it is told how long the machine has been running, which nobody sets,
 * and what the machine's date is, which anybody may set.
 *
 * While the machine runs, the date goes on by the time that passes, and follows the machine's as long as both are
 * within an hour of each other. What differs by more is a jump, and no reason to let anybody in or to forget
 * anything: it is taken over only once it held for a day.
 *
 * How long a machine was off nothing says but its date. So after a start a later date is what things are written
 * under at once, while nothing ends by it until it held for some hours.
 */
export interface TrustedDate {
  /** Which run of the machine `atMs` is a time of; null where runs have no name. */
  readonly boot: string | null;
  /** How long the machine had been running when the rest was so. */
  readonly atMs: number;
  /** What begins now begins at this date. */
  readonly dateMs: number;
  /** It is this date at least: what ends, ends by it. */
  readonly sureMs: number;
  /** How far the machine's date is ahead of `sureMs`, and since when it is; null while both are the same. */
  readonly doubt: { readonly byMs: number; readonly sinceMs: number } | null;
  /** When a run began of which it is not known how long the machine was off before; null once it is. */
  readonly startedAtMs: number | null;
}

/** The machine at a moment. */
export interface MachineTime {
  readonly boot: string | null;
  /** How long it has been running, on whatever date. */
  readonly atMs: number;
  readonly wallMs: number;
}

/**
 * The date of a node that starts.
 *
 * @param kept as the node of before left it; null where there was none, and then the machine is believed
 */
export function startDate(kept: TrustedDate | null, now: MachineTime): TrustedDate {
  const { boot, atMs, wallMs } = now;
  if (kept === null) {
    return { boot, atMs, dateMs: wallMs, sureMs: wallMs, doubt: null, startedAtMs: null };
  }
  const isSameRun = boot !== null && boot === kept.boot && atMs >= kept.atMs;
  const before = isSameRun ? kept : { ...kept, boot, atMs, doubt: null, startedAtMs: atMs };
  return passTo(before, now);
}

/** The date a while later, in the same run of the machine. */
export function passTo(before: TrustedDate, { atMs, wallMs }: MachineTime): TrustedDate {
  const sureMs = before.sureMs + (atMs - before.atMs);
  const byMs = wallMs - sureMs;
  if (isSmall(byMs)) {
    const { startedAtMs } = before;
    const isSettled = startedAtMs === null || atMs - startedAtMs >= STARTED_LATELY_MS;
    const at = { atMs, dateMs: wallMs, sureMs: wallMs };
    return { ...before, ...at, doubt: null, startedAtMs: isSettled ? null : startedAtMs };
  }
  const isHeld = before.doubt !== null && isSmall(byMs - before.doubt.byMs);
  const doubt = isHeld ? before.doubt : { byMs, sinceMs: atMs };
  const passed = { ...before, atMs, sureMs, doubt };
  return { ...passed, dateMs: mayHaveBeenOff(passed) ? wallMs : sureMs };
}

/** Whether the machine's date is later than the node's for no other reason, as may be, than that it was off. */
export function mayHaveBeenOff({ doubt, startedAtMs }: TrustedDate): boolean {
  return startedAtMs !== null && doubt !== null && doubt.byMs > 0;
}

/** Whether the machine's date held so long that it is to be taken over. */
export function hasHeld(date: TrustedDate): boolean {
  if (date.doubt === null) return false;
  const neededMs = mayHaveBeenOff(date) ? TIME_OFF_HELD_MS : JUMP_HELD_MS;
  return date.atMs - date.doubt.sinceMs >= neededMs;
}

/** The date once the machine's is believed. */
export function takeOver(date: TrustedDate): TrustedDate {
  const dateMs = date.sureMs + (date.doubt?.byMs ?? 0);
  return { ...date, dateMs, sureMs: dateMs, doubt: null, startedAtMs: null };
}

export function trustedDateText(date: TrustedDate): string {
  return `${JSON.stringify(date)}\n`;
}

/** Null for what is none. */
export function parseTrustedDate(text: string): TrustedDate | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const found = fieldsOf(value);
  const { boot = null, doubt = null, startedAtMs = null } = found;
  const [atMs, dateMs, sureMs] = [found['atMs'], found['dateMs'], found['sureMs']];
  if (!isTime(atMs) || !isTime(dateMs) || !isTime(sureMs)) return null;
  if (boot !== null && typeof boot !== 'string') return null;
  if (startedAtMs !== null && !isTime(startedAtMs)) return null;
  const { byMs, sinceMs } = fieldsOf(doubt);
  if (doubt === null) return { boot, atMs, dateMs, sureMs, doubt, startedAtMs };
  if (!isTime(byMs) || !isTime(sinceMs)) return null;
  return { boot, atMs, dateMs, sureMs, doubt: { byMs, sinceMs }, startedAtMs };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isSmall(byMs: number): boolean {
  return Math.abs(byMs) <= CLOCK_DIFFERENCE_MS_MAX;
}
