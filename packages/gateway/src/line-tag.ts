import type { MatchId } from '@farandole/kernel/id';
import { type Counters, SEATS, type Seat, type TaggedLine } from '@farandole/protocol/fields';
import type { Signer } from './ports.ts';

/** A line before the server has put its tag on it. */
export type UntaggedLine = Omit<TaggedLine, 'tag'>;

/**
 * What the tag is over. No field but the last can hold a line feed, so no two lines of any two
 * calls are written alike.
 */
export function canonicalLine(match: MatchId, line: UntaggedLine): string {
  const counts = line.counters.join(',');
  return `farandole-line-1\n${match}\n${line.side}\n${counts}\n${line.atMs}\n${line.id}\n${line.text}`;
}

/** The line as it will stay, at every seat and in a report. */
export function tagLine(signer: Signer, match: MatchId, line: UntaggedLine): TaggedLine {
  const { id, side, counters, atMs, text } = line;
  return { id, side, counters, atMs, text, tag: signer.tag(canonicalLine(match, line)) };
}

/** Whether this server once accepted this very line in this call. */
export function verifyLine(signer: Signer, match: MatchId, line: TaggedLine): boolean {
  return signer.verifyTag(canonicalLine(match, line), line.tag);
}

/** Whether a line was made up: its tag names a key of this server, which never tagged it. */
export function isForged(signer: Signer, match: MatchId, line: TaggedLine): boolean {
  return signer.knowsKeyOf(line.tag) && !verifyLine(signer, match, line);
}

/** The counters once one more line of a seat is counted. */
export function countLine(before: Counters, seat: Seat): Counters {
  const after: Counters = [...before];
  const at = SEATS.indexOf(seat);
  after[at] = (before[at] ?? 0) + 1;
  return after;
}

/** Whether the line is the one that comes straight after a state of the counters. */
export function isNextLine(before: Counters, line: UntaggedLine): boolean {
  return sameCounters(countLine(before, line.side), line.counters);
}

export function sameCounters(one: Counters, other: Counters): boolean {
  return one.length === other.length && one.every((count, at) => count === other[at]);
}

/** How many lines the counters count: the place of the last of them in the conversation. */
export function lineCount(counters: Counters): number {
  return counters.reduce((sum, count) => sum + count);
}
