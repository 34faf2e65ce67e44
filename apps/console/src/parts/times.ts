import { unparted } from '@farandole/ui/sentences';
import { consoleLanguage } from '../i18n/words.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Formats a duration in the largest unit that fits, such as "18 min", "3 h" or "2 days". */
export function lasting(ms: number): string {
  const [unit, size] =
    ms >= DAY_MS
      ? (['day', DAY_MS] as const)
      : ms >= HOUR_MS
        ? (['hour', HOUR_MS] as const)
        : (['minute', MINUTE_MS] as const);
  const value = Math.max(0, Math.floor(ms / size));
  return new Intl.NumberFormat(consoleLanguage(), {
    style: 'unit',
    unit,
    unitDisplay: 'short',
  }).format(value);
}

/** Formats a duration as minutes and seconds, such as "18:32", and rounds up. */
export function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Formats a moment relative to now, such as "5 minutes ago" or "in 2 hours". */
export function relative(atMs: number, nowMs: number): string {
  const ms = atMs - nowMs;
  const format = new Intl.RelativeTimeFormat(consoleLanguage(), { numeric: 'auto' });
  const size = Math.abs(ms);
  if (size >= DAY_MS) return format.format(Math.trunc(ms / DAY_MS), 'day');
  if (size >= HOUR_MS) return format.format(Math.trunc(ms / HOUR_MS), 'hour');
  return format.format(Math.trunc(ms / MINUTE_MS), 'minute');
}

/** Formats a moment in local time, such as "14 Dec 2026, 18:00". */
export function dateOf(atMs: number, language: string = consoleLanguage()): string {
  const how = { dateStyle: 'medium', timeStyle: 'short' } as const;
  return unparted(new Intl.DateTimeFormat(language, how).format(atMs));
}

/**
 * Formats a moment in UTC, such as "14 December 2026 at 18:00 UTC", or only the date if
 * `timeStyle` is omitted.
 */
export function momentInUtc(atMs: number, language: string, timeStyle?: 'short'): string {
  const how = { dateStyle: 'long', timeZone: 'UTC' } as const;
  if (timeStyle === undefined) return new Intl.DateTimeFormat(language, how).format(atMs);
  return `${new Intl.DateTimeFormat(language, { ...how, timeStyle }).format(atMs)} UTC`;
}

/** Formats a time of day, such as "18:00:07". */
export function timeOf(atMs: number): string {
  return new Intl.DateTimeFormat(consoleLanguage(), { timeStyle: 'medium' }).format(atMs);
}

export function percentOf(share: number): string {
  return new Intl.NumberFormat(consoleLanguage(), {
    style: 'percent',
    maximumFractionDigits: 0,
  }).format(share);
}

export function numberOf(value: number, digits = 0): string {
  return new Intl.NumberFormat(consoleLanguage(), { maximumFractionDigits: digits }).format(value);
}

/** Joins names into one text, such as "ana and ben". */
export function listOf(items: readonly string[]): string {
  return new Intl.ListFormat(consoleLanguage(), { type: 'conjunction' }).format(items);
}
