import type { SaidLine } from '@farandole/moderation/store/stored';

/**
 * Number of lines left out before a line of a report. The sum of a line's counters is its position
 * in the conversation.
 */
export function gapBefore(before: SaidLine | null, line: SaidLine): number {
  const lastPlace = before === null ? 0 : placeOf(before);
  return Math.max(0, placeOf(line) - lastPlace - 1);
}

function placeOf({ counters: [a, b] }: SaidLine): number {
  return a + b;
}
