import type { ClientMessageOf } from '@farandole/protocol/client-message';
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

/** Returns the line that a user sends. `everyMs` is the time between two lines. */
export function lineOf(
  { id, text, corrects }: ClientMessageOf<'chat.send'>,
  side: PairSeat,
  counters: Counters,
  everyMs: number,
): TaggedLine {
  const line = nextLine(side, counters, id, text);
  const atMs = 1_800_000_000_000 + everyMs * sum(line.counters);
  return { ...line, atMs, ...(corrects !== undefined && { corrects }) };
}
