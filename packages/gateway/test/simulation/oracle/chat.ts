import type { Counters, TaggedLine } from '@farandole/protocol/fields';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import { HELD_LINES_MAX } from '../../../src/limits.ts';
import { acrossFrom, type Facts, type Match, type Session, type Side, sidesOf } from './facts.ts';
import type { PageEar } from './page-ear.ts';
import { Violation } from './violation.ts';

/** I6: frames and lines arrive in order and exactly once, across resumes, restarts and new pages. */
export class Chat {
  readonly #facts: Facts;
  #said = 0;
  /** Lines that were accepted, and how often too many of them waited for older ones. */
  lines = 0;
  letGo = 0;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** Whether a frame is new. One that was written before must be the same to the byte. */
  isNewFrame(session: Session, seq: number, text: string): boolean {
    const { subject, sent, acknowledged, unacknowledged } = session;
    if (seq <= sent && seq > acknowledged && unacknowledged.get(seq) === text) return false;
    if (seq !== sent + 1) throw new Violation('I6', `${subject} is sent ${seq} after ${sent}`);
    session.sent = seq;
    unacknowledged.set(seq, text);
    session.unacknowledgedChars += text.length;
    return true;
  }

  /** A frame reaches a page: true when it is new there. */
  hears(ear: PageEar, message: ServerMessage): boolean {
    if (message.type === 'session.opened') ear.taken = 0;
    if (!('seq' in message)) return true;
    if (message.seq <= ear.taken) return false;
    ear.taken += 1;
    if (message.seq === ear.taken) return true;
    throw new Violation('I6', `${ear.subject} got frame ${message.seq}, not ${ear.taken}`);
  }

  /** A person says a line; when it leaves the page is another matter. */
  said(
    subject: string,
    { match: of, epoch }: { readonly match: string; readonly epoch: number },
    id: string,
    text: string,
  ): void {
    const match = this.#facts.matches.get(of);
    const side = (['a', 'b'] as const).find((each) => match?.[each]?.subject === subject);
    if (match === undefined || side === undefined) return;
    this.#said += 1;
    match.said.set(id, { side, epoch, text, order: this.#said, isRefused: false, at: 0 });
  }

  /** The node writes a line to somebody. */
  written(session: Session, match: Match, { line, epoch }: ServerMessageOf<'chat.line'>): void {
    if (this.#isNew(match, line)) this.#accept(match, line, epoch);
    const own = sidesOf(match).find((side) => side.session === session);
    if (own !== undefined) this.#give(match, own, placeOf(line));
  }

  #isNew(match: Match, line: TaggedLine): boolean {
    const known = match.lines[placeOf(line) - 1] ?? null;
    if (known === null) return true;
    if (JSON.stringify(known) === JSON.stringify(line)) return false;
    throw new Violation('I6', `two lines at place ${placeOf(line)} of ${match.id}`);
  }

  #accept(match: Match, line: TaggedLine, epoch: number): void {
    const place = placeOf(line);
    // A line that is kept for somebody without a socket is heard later.
    const isSomebodyAway = sidesOf(match).some(({ session }) => session.socket === null);
    if (place > match.lines.length + 1 && !isSomebodyAway) {
      throw new Violation('I6', `line ${place} of ${match.id} comes after ${match.lines.length}`);
    }
    while (match.lines.length < place - 1) match.lines.push(null);
    const said = match.said.get(line.id);
    if (said === undefined || said.side !== line.side || said.text !== line.text || said.at > 0) {
      throw new Violation('I6', `a line of ${match.id} that its side did not say, or said once`);
    }
    if (said.epoch !== epoch) throw new Violation('I7', `epoch ${said.epoch} came in ${epoch}`);
    said.at = place;
    const isBefore = (other: typeof said) => other.order > said.order === other.at > place;
    const others = [...match.said.values()].filter(({ side, at }) => side === said.side && at > 0);
    const counted = [...match.lines, line].filter((each) => each?.side === line.side).length;
    const isCounted =
      match.lines.includes(null) || counted === line.counters[line.side === 'a' ? 0 : 1];
    if (!isCounted || !others.every((other) => other === said || isBefore(other))) {
      throw new Violation('I6', `the lines of ${match.id} are out of order, or miscounted`);
    }
    match.lines[place - 1] = line;
    this.lines += 1;
  }

  /** The next line each time; on a page that came later, the first is one of those said before. */
  #give(match: Match, side: Side, place: number): void {
    const { given, beginsBy, lacksUpTo, session } = side;
    const isNext = given === 0 && beginsBy > 1 ? place <= beginsBy : place === given + 1;
    // More newer lines wait for older ones than may: all of them come, and leave a gap.
    const isLetGo = lacksUpTo > 0 && place > lacksUpTo;
    const waited = match.lines.length - lacksUpTo;
    const isAcrossHere = acrossFrom(match, session)?.session.socket !== null;
    const isTooFew = isAcrossHere && session.socket !== null && waited < this.#heldMax;
    if (!isNext && (!isLetGo || isTooFew)) {
      throw new Violation('I6', `${side.subject} gets line ${place} of ${match.id} after ${given}`);
    }
    if (isLetGo) this.letGo += 1;
    if (place >= lacksUpTo) side.lacksUpTo = 0;
    side.hasGap ||= isLetGo;
    side.given = place;
  }

  /** I10: how many lines the node may keep back in a match. */
  heldMost(match: Match): number {
    return this.#heldMax * sidesOf(match).filter(({ lacksUpTo }) => lacksUpTo > 0).length;
  }

  get #heldMax(): number {
    return this.#facts.rules.config.heldLinesMax ?? HELD_LINES_MAX;
  }

  /** At rest both have all lines, or wait for older ones; every line was answered. */
  checkAtRest(match: Match): void {
    for (const side of sidesOf(match)) {
      const isOwed = acrossFrom(match, side.session)?.hasGap === true && side.lacksUpTo > 0;
      if (side.given === match.lines.length || isOwed) continue;
      const had = `${side.given} of ${match.lines.length} lines`;
      throw new Violation('I6', `${side.subject} has ${had} of ${match.id}`);
    }
    for (const [id, { epoch, isRefused, at }] of match.said) {
      if (epoch !== match.epoch || at > 0 || isRefused) continue;
      throw new Violation('I6', `the line ${id} of ${match.id} was never answered`);
    }
  }
}

/** How many lines there are, with this one. */
export function placeOf({ counters: [a, b] }: { readonly counters: Counters }): number {
  return a + b;
}
