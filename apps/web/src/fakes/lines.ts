import type { Counters, PairSeat, TaggedLine } from '@farandole/protocol/fields';

/** Creates a chat line whose signature tag isn't valid. */
export function taggedLine(
  side: PairSeat,
  counters: Counters,
  id: string,
  text = `text of ${id}`,
): TaggedLine {
  const atMs = 1_800_000_000_000 + counters[0] + counters[1];
  return { id, side, counters, atMs, text, tag: `test.${'A'.repeat(43)}` };
}

/** Returns the next chat line of one user. That user's counter is incremented by one. */
export function nextLine(side: PairSeat, [a, b]: Counters, id: string, text?: string): TaggedLine {
  return taggedLine(side, side === 'a' ? [a + 1, b] : [a, b + 1], id, text);
}

export function sum([a, b]: Counters): number {
  return a + b;
}
