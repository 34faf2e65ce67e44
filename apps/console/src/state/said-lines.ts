import type { SaidLine } from '@farandole/moderation/kept';

/**
 * How many lines of the conversation stand between two of a report and are not in it. The sum of a line's
 * counters is its place in the conversation; what came before the first is nobody's business.
 */
export function gapBefore(before: SaidLine | null, line: SaidLine): number {
  if (before === null) return 0;
  return Math.max(0, placeOf(line) - placeOf(before) - 1);
}

function placeOf({ counters: [a, b] }: SaidLine): number {
  return a + b;
}
