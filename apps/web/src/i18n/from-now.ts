import { unparted } from '@farandole/ui/sentences';
import { pageLanguage } from './words.ts';

const SPAN_UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** "in 3 days", in the largest unit of which there are two, rounded; null where it is over. */
export function fromNow(atMs: number, nowMs: number): string | null {
  const leftMs = atMs - nowMs;
  if (leftMs <= 0) return null;
  const [unit, unitMs] = SPAN_UNITS.find(([, ms]) => leftMs >= 2 * ms) ?? SPAN_UNITS[2];
  const count = Math.max(1, Math.round(leftMs / unitMs));
  return unparted(new Intl.RelativeTimeFormat(pageLanguage()).format(count, unit));
}
