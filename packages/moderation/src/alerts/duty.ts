import type { MemberId } from '@farandole/accounts/ids';
import { offsetMs } from '../settings/zoned-time.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const WEEK_DAYS = 7;
/** The first of January 1970 was a Thursday. Days count from 0, a Monday. */
const FIRST_DAY = 3;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/u;

/** A member who can be woken. */
export interface RotaEntry {
  readonly member: MemberId;
  /** Empty if the member gets no mail. */
  readonly mail: string;
  /** Days on which the member is woken first, from 0 (Monday) to 6. Empty means every day. */
  readonly days: readonly number[];
}

/** Local times `HH:MM` between which alerts that may wait are held back. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/** Returns the minute of the day; null if the text is no time `HH:MM`. */
export function minuteOf(time: string): number | null {
  const [, hour, minute] = TIME.exec(time) ?? [];
  return hour === undefined ? null : Number(hour) * 60 + Number(minute);
}

/** Quiet hours that end before they begin last until the next day. */
export function isQuiet(quiet: QuietHours | null, zone: string, nowMs: number): boolean {
  if (quiet === null) return false;
  const from = minuteOf(quiet.from) ?? 0;
  const to = minuteOf(quiet.to) ?? 0;
  const now = Math.floor(localMs(zone, nowMs) / MINUTE_MS) % DAY_MINUTES;
  return from <= to ? from <= now && now < to : from <= now || now < to;
}

/** Returns the rota in the order of waking: members on duty today first, each once. */
export function dutyOrder(
  rota: readonly RotaEntry[],
  zone: string,
  nowMs: number,
): readonly RotaEntry[] {
  const day = Math.floor(localMs(zone, nowMs) / (DAY_MINUTES * MINUTE_MS));
  const weekday = (day + FIRST_DAY) % WEEK_DAYS;
  const isOn = ({ days }: RotaEntry): boolean => days.length === 0 || days.includes(weekday);
  return [...rota.filter(isOn), ...rota.filter((entry) => !isOn(entry))];
}

function localMs(zone: string, nowMs: number): number {
  return nowMs + offsetMs(zone, nowMs);
}
