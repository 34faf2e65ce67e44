import { unparted } from '@farandole/ui/sentences';
import { pageLanguage } from './words.ts';

const SPAN_UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/**
 * Formats the time until a future moment, as in "in 3 days". The unit is the largest with a count
 * of at least two. Returns null if the moment has passed.
 */
export function fromNow(atMs: number, nowMs: number): string | null {
  const leftMs = atMs - nowMs;
  if (leftMs <= 0) return null;
  const [unit, unitMs] = SPAN_UNITS.find(([, ms]) => leftMs >= 2 * ms) ?? SPAN_UNITS[2];
  const count = Math.max(1, Math.round(leftMs / unitMs));
  return unparted(new Intl.RelativeTimeFormat(pageLanguage()).format(count, unit));
}
