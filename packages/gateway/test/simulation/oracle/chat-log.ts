import type { Counters, TaggedLine } from '@farandole/protocol/fields';
import { type MatchModel, type SaidLine, sidesOf } from './model.ts';
import type { LinesShown, PageEar } from './page-ear.ts';
import { Violation } from './violation.ts';

const NO_LINES: Counters = [0, 0];

/** A page says a line. Of a match that it has no part in it is nothing. */
export function noteSaid(
  match: MatchModel,
  ear: PageEar,
  id: string,
  said: Pick<SaidLine, 'epoch' | 'text' | 'place'>,
): void {
  const told = ear.sides.get(match.id);
  // An attacker's new page does not wait until it has heard that it is in the call again.
  const side =
    told ?? (['a', 'b'] as const).find((one) => match.pages[one]?.subject === ear.subject);
  if (side === undefined) return;
  const isDue = told !== undefined && said.epoch <= match.epoch;
  match.said.set(id, { ...said, side, isDue, isAccepted: false, at: 0, isRefused: false });
}

/**
 * I6, as the node writes it: the lines of a match have one order, each is written once and the
 * same to both, and each was said by the person whose side it names, in the order in which they
 * said it, under the epoch of the match.
 */
export function lineWritten(match: MatchModel, line: TaggedLine, epoch: number): void {
  const place = placeOf(line);
  const known = match.lines[place - 1];
  if (known !== undefined && known !== null) {
    if (!isSameLine(known, line)) {
      throw new Violation('I6', `two lines at place ${place} of ${match.id}`);
    }
    return;
  }
  leaveRoom(match, place);
  const before = place === 1 ? NO_LINES : match.lines[place - 2]?.counters;
  const counts = line.side === 'a' ? [1, 0] : [0, 1];
  const isNext = counts.every((count, of) => line.counters[of] === (before?.[of] ?? 0) + count);
  if (before !== undefined && !isNext) {
    throw new Violation('I6', `the counters of ${match.id} do not count its lines`);
  }
  accept(match, line, epoch);
  match.lines[place - 1] = line;
}

/**
 * The places before this one are taken. One may be of a line of which nobody has heard: said on a page that another has
 * taken the place of since, which waits for older lines, and owed to somebody without a socket.
 */
function leaveRoom(match: MatchModel, place: number): void {
  const missing = place - 1 - match.lines.length;
  if (missing <= 0) return;
  const isSomebodyAway = sidesOf(match).some(({ session }) => session.connection === null);
  const unheard = [...match.said.values()].filter(
    (said) => said.epoch < match.epoch && !said.isAccepted && !said.isRefused,
  );
  const known = match.lines.filter((line) => line === null).length;
  if (!isSomebodyAway || unheard.length < known + missing) {
    throw new Violation('I6', `line ${place} of ${match.id} comes after ${match.lines.length}`);
  }
  for (let i = 0; i < missing; i += 1) match.lines.push(null);
}

function accept(match: MatchModel, line: TaggedLine, epoch: number): void {
  const said = match.said.get(line.id);
  if (said === undefined || said.side !== line.side || said.text !== line.text) {
    throw new Violation('I6', `a line of ${match.id} that its side never said`);
  }
  if (said.epoch !== epoch) {
    throw new Violation('I7', `a line said under epoch ${said.epoch} came in ${epoch}`);
  }
  if (said.isAccepted) throw new Violation('I6', `a line of ${match.id} is accepted twice`);
  said.isAccepted = true;
  said.at = placeOf(line);
  for (const other of match.said.values()) {
    if (other === said || other.side !== said.side || !other.isAccepted) continue;
    if (other.place > said.place !== other.at > said.at) {
      throw new Violation('I6', `a side's lines in ${match.id} change their order`);
    }
  }
}

/**
 * I6, as the page shows it: the next line, each time, and no other. PR-64: on a page that came to
 * the call later, the first is one of those that were said before.
 */
export function lineShown(of: string, match: string, shown: LinesShown, place: number): void {
  const { last, beginsBy } = shown;
  const isFirst = last === 0 && beginsBy > 1;
  if (isFirst && place > beginsBy) {
    throw new Violation('PR-64', `${of} is shown line ${place} of ${match}, none to ${beginsBy}`);
  }
  if (!isFirst && place !== last + 1) {
    throw new Violation('I6', `${of} is shown line ${place} of ${match} after ${last}`);
  }
  shown.last = place;
}

/** How many lines there are, with this one. */
export function placeOf({ counters: [a, b] }: { readonly counters: Counters }): number {
  return a + b;
}

/** After a restart nobody has the lines that neither page brings; their places are free again. */
export function forgetUnseenLines(match: MatchModel): void {
  const seen = Math.max(match.a?.received ?? 0, match.b?.received ?? 0);
  for (const line of match.lines.splice(seen)) if (line !== null) match.said.delete(line.id);
}

/** At rest, all that was said in a live match has been shown to both, or waits for what is older. */
export function checkChatAtRest(match: MatchModel): void {
  const { id: of, lines, pages } = match;
  for (const [side, across] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const) {
    const last = pages[side]?.lines.get(of)?.last ?? 0;
    if (last === lines.length) continue;
    // Nobody gives what it never had.
    const isMissing = (match[across]?.letGo.size ?? 0) > 0;
    if (isMissing && (match[side]?.lacksUpTo ?? 0) > 0) continue;
    throw new Violation('I6', `at rest ${of} has ${lines.length} lines, and ${side} has ${last}`);
  }
  for (const [id, said] of match.said) {
    if (said.isDue && said.epoch === match.epoch && !said.isAccepted && !said.isRefused) {
      throw new Violation('I6', `at rest the line ${id} of ${match.id} was never answered`);
    }
  }
}

/** Whether a line was said and tagged in a match, to the letter. */
export function wasSaid(match: MatchModel, line: TaggedLine): boolean {
  const known = match.lines[placeOf(line) - 1];
  return known !== undefined && known !== null && isSameLine(known, line);
}

function isSameLine(one: TaggedLine, other: TaggedLine): boolean {
  return (
    one.id === other.id &&
    one.side === other.side &&
    one.counters[0] === other.counters[0] &&
    one.counters[1] === other.counters[1] &&
    one.atMs === other.atMs &&
    one.text === other.text &&
    one.tag === other.tag
  );
}
