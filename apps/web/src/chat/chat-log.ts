import type { Counters, Seat, TaggedLine } from '@farandole/protocol/fields';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { REPLAYED_CHARS_MAX, REPLAYED_LINES_MAX } from './limits.ts';

/**
 * Why a chat line was refused. Only the page sets `call-over`, which means that the call ended
 * before the server accepted the line.
 */
type ChatRefusal = ServerMessageOf<'chat.refused'>['reason'] | 'call-over';

export interface OwnLine {
  readonly id: string;
  readonly text: string;
  readonly corrects?: string | undefined;
  /** With `unsaid` the line hasn't been sent in the current session. */
  readonly state: 'unsaid' | 'said' | 'refused';
  readonly refusal: ChatRefusal | null;
}

/**
 * The chat lines of one call, as an immutable value. The server gives each line two counters, and
 * their sum is the line's position, so both users see the same order.
 */
export interface ChatLog {
  readonly side: Seat;
  /** Lines that the server accepted, ordered by position and without duplicates. */
  readonly lines: readonly TaggedLine[];
  /** The user's lines that the server hasn't accepted, oldest first. */
  readonly own: readonly OwnLine[];
  /** True if the page opened during the conversation. The first line may then have any position. */
  readonly isTail: boolean;
  /**
   * After a restore, the user's unaccepted lines are sent again only when the log has reached this
   * position. Until then the server may still deliver some of these lines as accepted.
   */
  readonly catchUpTo: number;
}

/** @param isTail whether this page opened after the conversation began */
export function openLog(side: Seat, isTail = false): ChatLog {
  return { side, lines: [], own: [], isTail, catchUpTo: 0 };
}

/** Returns the position of a line in the conversation, counted from 1. */
export function placeOf({ counters }: Pick<TaggedLine, 'counters'>): number {
  return counters.reduce((sum, count) => sum + count);
}

/** Inserts a chat line at its position. Ignores the line if the position is taken. */
export function takeLine(log: ChatLog, line: TaggedLine): ChatLog {
  const place = placeOf(line);
  let at = log.lines.length;
  while (at > 0 && placeOf(log.lines[at - 1] ?? line) > place) at -= 1;
  const before = log.lines[at - 1];
  if (before !== undefined && placeOf(before) === place) return log;
  const own =
    line.side === log.side ? log.own.filter((candidate) => candidate.id !== line.id) : log.own;
  // After a restore the server sends missing lines first. Once a later line has arrived, no missing
  // line will come.
  const catchUpTo = place > log.catchUpTo ? 0 : log.catchUpTo;
  return { ...log, lines: log.lines.toSpliced(at, 0, line), own, catchUpTo };
}

/** Returns the lines up to the first missing one. */
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

/** Returns the counters that tell the server in `call.restore` which chat lines have arrived. */
export function receivedOf(log: ChatLog): {
  readonly received: Counters;
  readonly latest: TaggedLine | null;
} {
  const latest = unbroken(log).at(-1) ?? null;
  return { received: latest?.counters ?? [0, 0], latest };
}

/**
 * Returns whether the user's unaccepted lines may be sent again. After a restore that is false
 * until all missing lines have arrived, because the user's line may be one of them.
 */
export function mayResend(log: ChatLog): boolean {
  return placeOf({ counters: receivedOf(log).received }) >= log.catchUpTo;
}

/**
 * Continues the chat after the call was restored. `counters` say how many lines the server has
 * accepted.
 */
export function restoreLog(log: ChatLog, counters: Counters): ChatLog {
  return { ...unsay(log), catchUpTo: placeOf({ counters }) };
}

/** Returns the chat lines that the peer hasn't received, oldest first. */
export function lackingAt(log: ChatLog, peerReceived: Counters): readonly TaggedLine[] {
  const reached = placeOf({ counters: peerReceived });
  return unbroken(log).filter((line) => placeOf(line) > reached);
}

/**
 * Returns the last chat lines for a page that the peer has newly loaded. The number of lines and of
 * characters is limited so that all fit into one burst.
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

/**
 * Marks the user's unaccepted lines as unsent, because the session in which they were sent is gone.
 */
export function unsay(log: ChatLog): ChatLog {
  return {
    ...log,
    own: log.own.map((line) => (line.state === 'said' ? { ...line, state: 'unsaid' } : line)),
  };
}

export function writeLine(log: ChatLog, id: string, text: string, corrects?: string): ChatLog {
  const what = { id, text, ...(corrects !== undefined && { corrects }) };
  const line: OwnLine = { ...what, state: 'unsaid', refusal: null };
  return { ...log, own: [...log.own, line] };
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

/** Marks the user's unaccepted lines as refused, because the call is over. */
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

/**
 * Matches the characters that the server refuses in a chat line: lone surrogates, and control
 * characters except tab and line feed.
 */
const BAD_CHARACTERS = /(?![\t\n])[\p{Cc}\p{Cs}]/u;

/**
 * Returns why the server would refuse this text as a chat line, or null. The page checks before it
 * sends, so that a refused text stays in the message box.
 */
export function draftFaultOf(text: string): 'empty' | 'too-long' | 'bad-characters' | null {
  if (text.length > LINE_CHARS_MAX) return 'too-long';
  if (BAD_CHARACTERS.test(text)) return 'bad-characters';
  return /\S/u.test(text) ? null : 'empty';
}
