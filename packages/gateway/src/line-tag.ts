import type { MatchId } from '@farandole/kernel/id';
import { type Counters, SEATS, type Seat, type TaggedLine } from '@farandole/protocol/fields';
import type { Signer } from './ports.ts';

export interface UntaggedLine extends Omit<TaggedLine, 'tag' | 'corrects'> {
  readonly corrects?: string | undefined;
}

/**
 * Returns the text that a chat line's tag authenticates. The text is unambiguous, because only
 * its last field can contain a line feed.
 */
export function canonicalLine(match: MatchId, line: UntaggedLine): string {
  const { side, counters, atMs, id, text, corrects } = line;
  const place = `${match}\n${side}\n${counters.join(',')}\n${atMs}\n${id}`;
  return corrects === undefined
    ? `farandole-line-1\n${place}\n${text}`
    : `farandole-line-2\n${place}\n${corrects}\n${text}`;
}

export function tagLine(signer: Signer, match: MatchId, line: UntaggedLine): TaggedLine {
  const { id, side, counters, atMs, text, corrects } = line;
  const tag = signer.tag(canonicalLine(match, line));
  const tagged = { id, side, counters, atMs, text };
  return corrects === undefined ? { ...tagged, tag } : { ...tagged, corrects, tag };
}

/** Whether this server issued the chat line's tag for exactly this line in this call. */
export function verifyLine(signer: Signer, match: MatchId, line: TaggedLine): boolean {
  return signer.verifyTag(canonicalLine(match, line), line.tag);
}

/** Whether a chat line is forged: the line's tag names a known key but doesn't verify. */
export function isForged(signer: Signer, match: MatchId, line: TaggedLine): boolean {
  return signer.knowsKeyOf(line.tag) && !verifyLine(signer, match, line);
}

export function countLine(before: Counters, seat: Seat): Counters {
  const after: Counters = [...before];
  const at = SEATS.indexOf(seat);
  after[at] = (before[at] ?? 0) + 1;
  return after;
}

export function isNextLine(before: Counters, line: UntaggedLine): boolean {
  return sameCounters(countLine(before, line.side), line.counters);
}

export function sameCounters(one: Counters, other: Counters): boolean {
  return one.length === other.length && one.every((count, at) => count === other[at]);
}

/**
 * Returns the total number of chat lines in a call, which is also the position of the last line.
 */
export function lineCount(counters: Counters): number {
  return counters.reduce((sum, count) => sum + count);
}
