import type { Counters, Seat, TaggedLine } from '@farandole/protocol/fields';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { REPLAYED_CHARS_MAX, REPLAYED_LINES_MAX } from './limits.ts';

/** `call-over`: the call ended before the server accepted the line. Only the page sets this. */
type ChatRefusal = ServerMessageOf<'chat.refused'>['reason'] | 'call-over';

export interface OwnLine {
  readonly id: string;
  readonly text: string;
  /** `unsaid`: the line hasn't been sent in the current session. */
  readonly state: 'unsaid' | 'said' | 'refused';
  readonly refusal: ChatRefusal | null;
}

/**
 * The chat of one call, as a pure value. The position of a line is the sum of its two counters. The
 * server assigns the counters, so both sides have the same order.
 */
export interface ChatLog {
  readonly side: Seat;
  /** Accepted lines in the order of their positions, without duplicates. */
  readonly lines: readonly TaggedLine[];
  /** The user's own lines that the server hasn't accepted, in the order written. */
  readonly own: readonly OwnLine[];
  /** True if the page opened during the conversation. The first line may then have any position. */
  readonly isTail: boolean;
  /**
   * After a restore, own lines are sent again only once the log has reached this position, because
   * the server may still deliver them.
   */
  readonly catchUpTo: number;
}

/** @param isTail whether this page opened after the conversation began */
export function openLog(side: Seat, isTail = false): ChatLog {
  return { side, lines: [], own: [], isTail, catchUpTo: 0 };
}

/** Returns the position of a line in the conversation, from 1. */
export function placeOf({ counters: [a, b] }: Pick<TaggedLine, 'counters'>): number {
  return a + b;
}

/** Inserts a line at its position. Ignores a line whose position is taken. */
export function takeLine(log: ChatLog, line: TaggedLine): ChatLog {
  const place = placeOf(line);
  let at = log.lines.length;
  while (at > 0 && placeOf(log.lines[at - 1] ?? line) > place) at -= 1;
  const before = log.lines[at - 1];
  if (before !== undefined && placeOf(before) === place) return log;
  const own =
    line.side === log.side ? log.own.filter((candidate) => candidate.id !== line.id) : log.own;
  // The server sends missing lines first, so after a later line no missing line will come.
  const catchUpTo = place > log.catchUpTo ? 0 : log.catchUpTo;
  return { ...log, lines: log.lines.toSpliced(at, 0, line), own, catchUpTo };
}

/** Returns the lines up to the first gap. */
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

/** Returns the counters of the received lines for `call.restore`. */
export function receivedOf(log: ChatLog): {
  readonly received: Counters;
  readonly latest: TaggedLine | null;
} {
  const latest = unbroken(log).at(-1) ?? null;
  return { received: latest?.counters ?? [0, 0], latest };
}

/** Whether own lines may be sent again. False while one may be among the missing lines. */
export function mayResend(log: ChatLog): boolean {
  return placeOf({ counters: receivedOf(log).received }) >= log.catchUpTo;
}

/** Continues the chat on a restarted server with the server's counters. */
export function restoreLog(log: ChatLog, counters: Counters): ChatLog {
  return { ...unsay(log), catchUpTo: placeOf({ counters }) };
}

/** Returns the lines that the peer is missing, oldest first. */
export function lackingAt(log: ChatLog, peerReceived: Counters): readonly TaggedLine[] {
  const reached = placeOf({ counters: peerReceived });
  return unbroken(log).filter((line) => placeOf(line) > reached);
}

/** Returns the last lines for the peer's new page, at most as many as fit into one burst. */
export function replayFor(log: ChatLog): readonly TaggedLine[] {
  let chars = 0;
  const fits = unbroken(log).filter((_, index, all) => all.length - index <= REPLAYED_LINES_MAX);
  const from = fits.findLastIndex((line) => {
    chars += line.text.length;
    return chars > REPLAYED_CHARS_MAX;
  });
  return fits.slice(from + 1);
}

/** Marks own unaccepted lines as unsent, because their session is gone. */
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

/** Marks own unaccepted lines as refused, because the call is over. */
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

/** Characters that the server refuses: lone surrogates, and controls except tab and line feed. */
const BAD_CHARACTERS = /(?![\t\n])[\p{Cc}\p{Cs}]/u;

/**
 * Returns why a text can't be sent, or null. The page checks before it sends, so that a refused
 * text stays in the message box.
 */
export function draftFaultOf(text: string): 'empty' | 'too-long' | 'bad-characters' | null {
  if (text.length > LINE_CHARS_MAX) return 'too-long';
  if (BAD_CHARACTERS.test(text)) return 'bad-characters';
  return /\S/u.test(text) ? null : 'empty';
}
