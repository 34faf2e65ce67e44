import type { EventOf } from './history.ts';

/** One user of a call, as the history shows them. */
export interface Side {
  readonly person: string;
  readonly side: 'a' | 'b';
  readonly metAt: number;
  readonly node: string;
  /** Times at which the user said each line. */
  readonly said: Map<string, number>;
  leftAt: number | null;
  /** Time since which no line could reach the user until the end of the call, or null. */
  cutOffAt: number | null;
  ended: EventOf<'ended'> | null;
}

export type LineRule = 'line-once' | 'line-order' | 'line-lost' | 'line-foreign';

type Violate = (at: number, rule: LineRule, text: string) => void;

/** Checks that the users of a call saw its lines once, in one order, and no others. */
export function checkLines(match: string, sides: readonly Side[], violate: Violate): void {
  const said = new Map(sides.flatMap((side) => [...side.said]));
  for (const { person, ended } of sides) {
    if (ended === null) continue;
    const seen = new Set<string>();
    for (const line of ended.lines) {
      if (seen.has(line)) violate(ended.at, 'line-once', `${person} sees twice: ${line}`);
      seen.add(line);
      if (!said.has(line)) violate(ended.at, 'line-foreign', `${person} sees in ${match}: ${line}`);
    }
    for (const side of sides) checkOwnOrder(ended, side, violate);
  }
  const [one, other] = sides;
  if (one === undefined || other === undefined) return;
  checkSameOrder(one, other, violate);
  checkLost(one, other, violate);
  checkLost(other, one, violate);
}

/** Checks that the lines of one sender are shown in the order in which they were said. */
function checkOwnOrder(ended: EventOf<'ended'>, sender: Side, violate: Violate): void {
  const times = [...new Set(ended.lines)].flatMap((line) => sender.said.get(line) ?? []);
  const isOrdered = times.every((time, index) => time >= (times[index - 1] ?? 0));
  if (isOrdered) return;
  const text = `${ended.person} sees the lines of ${sender.person} in another order`;
  violate(ended.at, 'line-order', text);
}

function checkSameOrder(one: Side, other: Side, violate: Violate): void {
  const [ofOne, ofOther] = [one.ended?.lines, other.ended?.lines];
  if (ofOne === undefined || ofOther === undefined) return;
  const common = new Set(ofOne.filter((line) => ofOther.includes(line)));
  const [first, second] = [ofOne, ofOther].map((lines) =>
    [...new Set(lines)].filter((line) => common.has(line)),
  );
  if (first?.join('\n') === second?.join('\n')) return;
  const at = other.ended?.at ?? 0;
  violate(at, 'line-order', `${one.person} and ${other.person} see different orders`);
}

/**
 * Checks that a user whose peer left has every line that the peer had. A line is lost if the peer
 * left the call before the node with the call was reached again.
 */
function checkLost(leaver: Side, stayer: Side, violate: Violate): void {
  const { ended } = stayer;
  if (leaver.ended === null || ended?.reason !== 'left') return;
  const missing = leaver.ended.lines.filter((line) => {
    const saidAt = leaver.said.get(line) ?? stayer.said.get(line) ?? 0;
    const isCutOff = stayer.cutOffAt !== null && saidAt >= stayer.cutOffAt;
    return !isCutOff && !ended.lines.includes(line);
  });
  for (const line of missing) {
    violate(ended.at, 'line-lost', `${stayer.person} never sees: ${line}`);
  }
}
