import type { Counters, Seat, TaggedLine } from '@farandole/protocol/fields';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { REPLAYED_CHARS_MAX, REPLAYED_LINES_MAX } from './limits.ts';

/** `call-over` is the page's own word: the call ended before the node took the line. */
type Refusal = ServerMessageOf<'chat.refused'>['reason'] | 'call-over';

/** A line of one's own that the node has not accepted. */
export interface OwnLine {
  readonly id: string;
  readonly text: string;
  /** `unsaid`: not in the stream of the session that stands. */
  readonly state: 'unsaid' | 'said' | 'refused';
  readonly refusal: Refusal | null;
}

/**
 * One call's conversation, pure. A line's place is the sum of its counters, which the node gave it
 * once for both sides; so the order is everybody's, whatever the way on which a line came.
 */
export interface ChatLog {
  readonly side: Seat;
  /** By place, each place once. */
  readonly lines: readonly TaggedLine[];
  /** As they were written. */
  readonly own: readonly OwnLine[];
  /** It was opened in the middle of the conversation: its first line may have any place. */
  readonly isTail: boolean;
  /** After a restore: own lines wait until the place is reached, since they may be among those. */
  readonly catchUpTo: number;
}

/** @param isTail this page came later than the conversation began */
export function openLog(side: Seat, isTail = false): ChatLog {
  return { side, lines: [], own: [], isTail, catchUpTo: 0 };
}

/** A line's place in the conversation, from 1. */
export function placeOf({ counters: [a, b] }: Pick<TaggedLine, 'counters'>): number {
  return a + b;
}

/** Puts a line where it belongs, unless that place is taken already. */
export function takeLine(log: ChatLog, line: TaggedLine): ChatLog {
  const place = placeOf(line);
  let at = log.lines.length;
  while (at > 0 && placeOf(log.lines[at - 1] ?? line) > place) at -= 1;
  const before = log.lines[at - 1];
  if (before !== undefined && placeOf(before) === place) return log;
  const own =
    line.side === log.side ? log.own.filter((candidate) => candidate.id !== line.id) : log.own;
  // The node sends what was lacking first. One from beyond means that no more of it will come.
  const catchUpTo = place > log.catchUpTo ? 0 : log.catchUpTo;
  return { ...log, lines: log.lines.toSpliced(at, 0, line), own, catchUpTo };
}

/** The lines from the first on without a gap. */
function unbroken(log: ChatLog): readonly TaggedLine[] {
  const [first] = log.lines;
  const from = log.isTail && first !== undefined ? placeOf(first) : 1;
  let count = 0;
  for (const line of log.lines) {
    if (placeOf(line) !== from + count) break;
    count += 1;
  }
  return log.lines.slice(0, count);
}

/** What `call.restore` shows: the lines from the first on without a gap. */
export function receivedOf(log: ChatLog): {
  readonly received: Counters;
  readonly latest: TaggedLine | null;
} {
  const latest = unbroken(log).at(-1) ?? null;
  return { received: latest?.counters ?? [0, 0], latest };
}

/** Whether one's own lines may be said now: none of them can be among lines that still come. */
export function mayResend(log: ChatLog): boolean {
  return placeOf({ counters: receivedOf(log).received }) >= log.catchUpTo;
}

/** The call goes on at a restarted node, where counting goes on from these counters. */
export function restoreLog(log: ChatLog, counters: Counters): ChatLog {
  return { ...unsay(log), catchUpTo: placeOf({ counters }) };
}

/** What the other side lacks, oldest first. */
export function lackingAt(log: ChatLog, peerReceived: Counters): readonly TaggedLine[] {
  const reached = placeOf({ counters: peerReceived });
  return unbroken(log).filter((line) => placeOf(line) > reached);
}

/**
 * What a new page of the other person is given: the last lines, and as many as one may say at once.
 */
export function replayFor(log: ChatLog): readonly TaggedLine[] {
  let chars = 0;
  const fits = unbroken(log).filter((_, index, all) => all.length - index <= REPLAYED_LINES_MAX);
  const from = fits.findLastIndex((line) => {
    chars += line.text.length;
    return chars > REPLAYED_CHARS_MAX;
  });
  return fits.slice(from + 1);
}

/** The session is gone, and with it what was said in it and not accepted. */
export function unsay(log: ChatLog): ChatLog {
  return {
    ...log,
    own: log.own.map((line) => (line.state === 'said' ? { ...line, state: 'unsaid' } : line)),
  };
}

export function writeLine(log: ChatLog, id: string, text: string): ChatLog {
  return { ...log, own: [...log.own, { id, text, state: 'unsaid', refusal: null }] };
}

export function sayLine(log: ChatLog, id: string): ChatLog {
  return change(log, id, { state: 'said', refusal: null });
}

export function refuseLine(log: ChatLog, id: string, refusal: Refusal): ChatLog {
  return change(log, id, { state: 'refused', refusal });
}

export function dropLine(log: ChatLog, id: string): ChatLog {
  return { ...log, own: log.own.filter((line) => line.id !== id) };
}

/** The call is over: what was not accepted will not be. */
export function endLog(log: ChatLog): ChatLog {
  return {
    ...log,
    own: log.own.map((line) =>
      line.state === 'refused' ? line : { ...line, state: 'refused', refusal: 'call-over' },
    ),
  };
}

function change(log: ChatLog, id: string, to: Pick<OwnLine, 'state' | 'refusal'>): ChatLog {
  return { ...log, own: log.own.map((line) => (line.id === id ? { ...line, ...to } : line)) };
}

/** Controls other than tab and line feed, and halves of surrogate pairs, as the node has it. */
const BAD_CHARACTERS = /(?![\t\n])[\p{Cc}\p{Cs}]/u;

/** Why a text cannot be a line, or null. Said before it is sent, so that it stays in the box. */
export function draftFaultOf(text: string): 'empty' | 'too-long' | 'bad-characters' | null {
  if (text.length > LINE_CHARS_MAX) return 'too-long';
  if (BAD_CHARACTERS.test(text)) return 'bad-characters';
  return /\S/u.test(text) ? null : 'empty';
}
