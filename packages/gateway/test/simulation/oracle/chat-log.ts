import type { TaggedLine } from '@farandole/protocol/fields';
import type { MatchModel } from './model.ts';
import { Violation } from './violation.ts';

/**
 * I6, as the node writes it: the lines of a match have one order, each is written once and the
 * same to both, and each was said by the person whose side it names, in the order in which they
 * said it, under the epoch of the match.
 */
export function lineWritten(match: MatchModel, line: TaggedLine): void {
  const place = line.counters[0] + line.counters[1];
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
  accept(match, line);
  match.lines.push(line);
}

function accept(match: MatchModel, line: TaggedLine): void {
  const said = match.said.get(line.id);
  if (said === undefined || said.side !== line.side || said.text !== line.text) {
    throw new Violation('I6', `a line of ${match.id} that its side never said`);
  }
  if (said.epoch !== match.epoch) {
    throw new Violation('I7', `a line said under epoch ${said.epoch} came in ${match.epoch}`);
  }
  if (said.isAccepted) throw new Violation('I6', `a line of ${match.id} is accepted twice`);
  said.isAccepted = true;
  for (const other of match.said.values()) {
    if (other.side === said.side && other.isAccepted && other.place > said.place) {
      throw new Violation('I6', `a side's lines in ${match.id} change their order`);
    }
  }
}

/** I6, as the page shows it: the next line, each time, and no other. */
export function lineShown(match: MatchModel, side: 'a' | 'b', line: TaggedLine): void {
  const place = line.counters[0] + line.counters[1];
  const shown = match.shown[side];
  if (place !== shown + 1) {
    throw new Violation('I6', `side ${side} of ${match.id} is shown line ${place} after ${shown}`);
  }
  match.shown[side] = place;
}

/** After a restart nobody has the lines that neither page had shown; their places are free again. */
export function forgetUnseenLines(match: MatchModel): void {
  const seen = Math.max(match.shown.a, match.shown.b);
  for (const { id } of match.lines.splice(seen)) match.said.delete(id);
}

/** At rest, all that was said in a live match has been shown to both. */
export function checkChatAtRest(match: MatchModel): void {
  const { lines, shown } = match;
  if (shown.a !== lines.length || shown.b !== lines.length) {
    throw new Violation(
      'I6',
      `at rest ${match.id} has ${lines.length} lines, of which a has ${shown.a} and b ${shown.b}`,
    );
  }
  for (const [id, said] of match.said) {
    if (said.isDue && said.epoch === match.epoch && !said.isAccepted && !said.isRefused) {
      throw new Violation('I6', `at rest the line ${id} of ${match.id} was never answered`);
    }
  }
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
