import type { Counters, Seat, TaggedLine } from '@farandole/protocol/fields';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { REPLAYED_CHARS_MAX, REPLAYED_LINES_MAX } from './limits.ts';

/** `call-over`: the call ended before the server accepted the line. Set by the page only. */
type ChatRefusal = ServerMessageOf<'chat.refused'>['reason'] | 'call-over';

export interface OwnLine {
  readonly id: string;
  readonly text: string;
  /** `unsaid`: not yet in the current session's stream. */
  readonly state: 'unsaid' | 'said' | 'refused';
  readonly refusal: ChatRefusal | null;
}

/**
 * One call's chat, pure. A line's place is the sum of its counters. The server assigns them for
 * both sides, so the order is the same everywhere and on every route.
 */
export interface ChatLog {
  readonly side: Seat;
  /** By place, without duplicates. */
  readonly lines: readonly TaggedLine[];
  /** In the order written. */
  readonly own: readonly OwnLine[];
  /** Opened mid-conversation: the first line may have any place. */
  readonly isTail: boolean;
  /** After a restore, own lines wait until this place, as they may still arrive. */
  readonly catchUpTo: number;
}

/** @param isTail this page opened after the conversation began */
export function openLog(side: Seat, isTail = false): ChatLog {
  return { side, lines: [], own: [], isTail, catchUpTo: 0 };
}

/** Position in the conversation, from 1. */
export function placeOf({ counters: [a, b] }: Pick<TaggedLine, 'counters'>): number {
  return a + b;
}

/** Inserts a line in order. Ignores a line whose place is taken. */
export function takeLine(log: ChatLog, line: TaggedLine): ChatLog {
  const place = placeOf(line);
  let at = log.lines.length;
  while (at > 0 && placeOf(log.lines[at - 1] ?? line) > place) at -= 1;
  const before = log.lines[at - 1];
  if (before !== undefined && placeOf(before) === place) return log;
  const own =
    line.side === log.side ? log.own.filter((candidate) => candidate.id !== line.id) : log.own;
  // The server sends missing lines first, so a line beyond them means that none of them will come.
  const catchUpTo = place > log.catchUpTo ? 0 : log.catchUpTo;
  return { ...log, lines: log.lines.toSpliced(at, 0, line), own, catchUpTo };
}

/** Lines from the first up to the first gap. */
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

/** The part of `call.restore` that describes this log. */
export function receivedOf(log: ChatLog): {
  readonly received: Counters;
  readonly latest: TaggedLine | null;
} {
  const latest = unbroken(log).at(-1) ?? null;
  return { received: latest?.counters ?? [0, 0], latest };
}

/** False while an own line could be among lines still to come. */
export function mayResend(log: ChatLog): boolean {
  return placeOf({ counters: receivedOf(log).received }) >= log.catchUpTo;
}

/** Continues the call on a restarted server, from these counters. */
export function restoreLog(log: ChatLog, counters: Counters): ChatLog {
  return { ...unsay(log), catchUpTo: placeOf({ counters }) };
}

/** Lines that the peer is missing, oldest first. */
export function lackingAt(log: ChatLog, peerReceived: Counters): readonly TaggedLine[] {
  const reached = placeOf({ counters: peerReceived });
  return unbroken(log).filter((line) => placeOf(line) > reached);
}

/** Lines for a new page of the peer: the last ones, at most one burst. */
export function replayFor(log: ChatLog): readonly TaggedLine[] {
  let chars = 0;
  const fits = unbroken(log).filter((_, index, all) => all.length - index <= REPLAYED_LINES_MAX);
  const from = fits.findLastIndex((line) => {
    chars += line.text.length;
    return chars > REPLAYED_CHARS_MAX;
  });
  return fits.slice(from + 1);
}

/** Marks own unaccepted lines as unsent, since their session is gone. */
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

export function refuseLine(log: ChatLog, id: string, refusal: ChatRefusal): ChatLog {
  return change(log, id, { state: 'refused', refusal });
}

export function dropLine(log: ChatLog, id: string): ChatLog {
  return { ...log, own: log.own.filter((line) => line.id !== id) };
}

/** Refuses own unaccepted lines, since the call is over. */
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

/** Control characters except tab and line feed, and lone surrogates. The server checks the same. */
const BAD_CHARACTERS = /(?![\t\n])[\p{Cc}\p{Cs}]/u;

/** Why a text can't be sent, or null. Checked before sending, so that the text stays in the box. */
export function draftFaultOf(text: string): 'empty' | 'too-long' | 'bad-characters' | null {
  if (text.length > LINE_CHARS_MAX) return 'too-long';
  if (BAD_CHARACTERS.test(text)) return 'bad-characters';
  return /\S/u.test(text) ? null : 'empty';
}
