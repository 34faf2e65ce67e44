import { unparted } from '@farandole/ui/sentences';
import { pageLanguage } from './words.ts';

const SPAN_UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/**
 * Returns the remaining time in the largest unit with a count of at least two, as in "in 3 days".
 * Returns null if the time has passed.
 */
export function fromNow(atMs: number, nowMs: number): string | null {
  const leftMs = atMs - nowMs;
  if (leftMs <= 0) return null;
  const [unit, unitMs] = SPAN_UNITS.find(([, ms]) => leftMs >= 2 * ms) ?? SPAN_UNITS[2];
  const count = Math.max(1, Math.round(leftMs / unitMs));
  return unparted(new Intl.RelativeTimeFormat(pageLanguage()).format(count, unit));
}
