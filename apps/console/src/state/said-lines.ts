import type { SaidLine } from '@farandole/moderation/store/stored';

/**
 * Returns the number of chat lines left out between two lines of a report. The sum of a line's
 * counters is the line's position in the conversation.
 */
export function gapBefore(before: SaidLine | null, line: SaidLine): number {
  const lastPlace = before === null ? 0 : placeOf(before);
  return Math.max(0, placeOf(line) - lastPlace - 1);
}

function placeOf({ counters }: SaidLine): number {
  return counters.reduce((sum, count) => sum + count);
}
