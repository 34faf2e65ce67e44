import type { Counters, TaggedLine } from '@farandole/protocol/fields';
import type { MatchModel, SaidLine } from './model.ts';
import type { LinesShown, PageEar } from './page-ear.ts';
import { Violation } from './violation.ts';

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
  match.said.set(id, { ...said, side, isDue, isAccepted: false, isRefused: false });
}

/**
 * I6, as the node writes it: the lines of a match have one order, each is written once and the
 * same to both, and each was said by the person whose side it names, in the order in which they
 * said it, under the epoch of the match.
 */
export function lineWritten(match: MatchModel, line: TaggedLine, epoch: number): void {
  const place = placeOf(line);
  const known = match.lines[place - 1];
  if (known !== undefined) {
    if (!isSameLine(known, line)) {
      throw new Violation('I6', `two lines at place ${place} of ${match.id}`);
    }
    return;
  }
  if (place !== match.lines.length + 1) {
    throw new Violation('I6', `line ${place} of ${match.id} comes after ${match.lines.length}`);
  }
  const before = match.lines.at(-1)?.counters ?? [0, 0];
  const counts = line.side === 'a' ? [before[0] + 1, before[1]] : [before[0], before[1] + 1];
  if (line.counters[0] !== counts[0] || line.counters[1] !== counts[1]) {
    throw new Violation('I6', `the counters of ${match.id} do not count its lines`);
  }
  accept(match, line, epoch);
  match.lines.push(line);
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
  for (const other of match.said.values()) {
    if (other.side === said.side && other.isAccepted && other.place > said.place) {
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
  for (const { id } of match.lines.splice(seen)) match.said.delete(id);
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
  return known !== undefined && isSameLine(known, line);
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
