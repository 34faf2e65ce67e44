import type { SaidLine } from '@farandole/moderation/store/kept';

/**
 * How many lines of the conversation stand between two of a report, or before the first of them, and are not in
 * it. The sum of a line's counters is its place in the conversation.
 */
export function gapBefore(before: SaidLine | null, line: SaidLine): number {
  const lastPlace = before === null ? 0 : placeOf(before);
  return Math.max(0, placeOf(line) - lastPlace - 1);
}

function placeOf({ counters: [a, b] }: SaidLine): number {
  return a + b;
}
