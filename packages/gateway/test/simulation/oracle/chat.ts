import type { Counters, TaggedLine } from '@farandole/protocol/fields';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import { HELD_LINES_MAX } from '../../../src/limits.ts';
import { type Facts, type Match, type Session, type Side, sidesOf } from './facts.ts';
import type { PageEar } from './page-ear.ts';
import { Violation } from './violation.ts';

/** I6: frames and lines arrive in order and exactly once, across resumes, restarts and new pages. */
export class Chat {
  readonly #facts: Facts;
  #said = 0;
  /** Lines that were accepted, and how often more waited for older ones than may. */
  lines = 0;
  letGo = 0;
  readonly #mustLetGo = new Map<Side, Match>();
  readonly #wereLetGo = new Map<Side, { readonly match: Match; readonly after: number }>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** Whether a frame is new. One that was written before must be the same to the byte. */
  isNewFrame(session: Session, seq: number, text: string): boolean {
    const { subject, sent, unacknowledged } = session;
    if (seq <= session.acknowledged) throw new Violation('I6', `${subject} is sent ${seq} again`);
    if (seq <= sent) {
      if (unacknowledged.get(seq) === text) return false;
      throw new Violation('I6', `frame ${seq} to ${subject} is resent otherwise`);
    }
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
    if (message.seq !== ear.taken + 1) {
      throw new Violation('I6', `${ear.subject} got frame ${message.seq} after ${ear.taken}`);
    }
    ear.taken = message.seq;
    return true;
  }

  /** A person says a line; when it leaves the page is another matter. */
  said(
    ear: PageEar,
    { match: of, epoch }: { readonly match: string; readonly epoch: number },
    id: string,
    text: string,
  ): void {
    const match = this.#facts.matches.get(of);
    if (match === undefined) return;
    const told = ear.sides.get(of);
    // An attacker's new page does not wait to hear that it is in the call again.
    const side = told ?? (['a', 'b'] as const).find((s) => match.pages[s]?.subject === ear.subject);
    if (side === undefined) return;
    const isDue = told !== undefined && epoch <= match.epoch;
    this.#said += 1;
    match.said.set(id, { side, epoch, text, order: this.#said, isDue, isRefused: false, at: 0 });
  }

  /** The node writes a line to somebody. */
  written(session: Session, match: Match, { line, epoch }: ServerMessageOf<'chat.line'>): void {
    const place = placeOf(line);
    const isNew = this.#accept(match, line, epoch);
    const own = sidesOf(match).find((side) => side.session === session);
    if (own !== undefined) this.#give(match, own, place);
    if (!isNew) return;
    this.lines += 1;
    for (const side of sidesOf(match)) {
      if (side.session.socket !== null && waitingFor(match, side) > this.#max) {
        this.#mustLetGo.set(side, match);
      }
    }
  }

  #accept(match: Match, line: TaggedLine, epoch: number): boolean {
    const place = placeOf(line);
    const known = match.lines[place - 1];
    if (known !== undefined && known !== null) {
      if (JSON.stringify(known) === JSON.stringify(line)) return false;
      throw new Violation('I6', `two lines at place ${place} of ${match.id}`);
    }
    // A line that waits for older ones, and is owed to somebody without a socket, is heard later.
    const isSomebodyAway = sidesOf(match).some(({ session }) => session.socket === null);
    if (place > match.lines.length + 1 && !isSomebodyAway) {
      throw new Violation('I6', `line ${place} of ${match.id} comes after ${match.lines.length}`);
    }
    while (match.lines.length < place - 1) match.lines.push(null);
    const before = place === 1 ? [0, 0] : match.lines[place - 2]?.counters;
    const counts = line.side === 'a' ? [1, 0] : [0, 1];
    if (before && !counts.every((n, of) => line.counters[of] === (before[of] ?? 0) + n)) {
      throw new Violation('I6', `the counters of ${match.id} do not count its lines`);
    }
    const said = match.said.get(line.id);
    if (said === undefined || said.side !== line.side || said.text !== line.text) {
      throw new Violation('I6', `a line of ${match.id} that its side never said`);
    }
    if (said.epoch !== epoch) {
      throw new Violation('I7', `a line said under epoch ${said.epoch} came in ${epoch}`);
    }
    if (said.at > 0) throw new Violation('I6', `a line of ${match.id} is accepted twice`);
    said.at = place;
    for (const other of match.said.values()) {
      if (other === said || other.side !== said.side || other.at === 0) continue;
      if (other.order > said.order !== other.at > place) {
        throw new Violation('I6', `the lines of a side of ${match.id} change their order`);
      }
    }
    match.lines[place - 1] = line;
    return true;
  }

  /** With the last of the lines that a side lacked, or a newer one, it lacks none. */
  #give(match: Match, side: Side, place: number): void {
    const { lacksUpTo } = side;
    if (lacksUpTo === 0 || place < lacksUpTo) return;
    if (place > lacksUpTo) {
      this.letGo += 1;
      side.letGo.add(place);
      this.#wereLetGo.set(side, { match, after: lacksUpTo });
    }
    side.lacksUpTo = 0;
  }

  /** So many newer lines wait for older ones; at one more all of them come, and only then. */
  endStep(): void {
    for (const [side, match] of this.#mustLetGo) {
      if (match.state !== 'live' || side.session.socket === null) continue;
      const kept = waitingFor(match, side);
      if (kept > this.#max) {
        throw new Violation('I10', `${kept} lines of ${match.id} wait for ${side.subject}`);
      }
    }
    this.#mustLetGo.clear();
    for (const [{ subject }, { match, after }] of this.#wereLetGo) {
      const waited = match.lines.length - after;
      if (waited > this.#max) continue;
      throw new Violation('I6', `${waited} lines of ${match.id} do not wait for ${subject}`);
    }
    this.#wereLetGo.clear();
  }

  /** How many lines the node may keep back in a match. */
  heldMost(match: Match): number {
    return sidesOf(match).reduce((sum, side) => {
      return sum + (side.lacksUpTo === 0 ? 0 : this.#max);
    }, 0);
  }

  get #max(): number {
    return this.#facts.rules.config.heldLinesMax ?? HELD_LINES_MAX;
  }

  /** The next line each time; on a page that came later, the first is one of those said before. */
  shown(ear: PageEar, { match: id, line }: ServerMessageOf<'chat.line'>): void {
    const shown = ear.lines.get(id);
    if (shown === undefined) throw new Violation('I7', `${ear.subject} got a line of another call`);
    const place = placeOf(line);
    const side = ear.sides.get(id);
    const isLetGo = side !== undefined && this.#facts.matches.get(id)?.[side]?.letGo.has(place);
    const isFirst = shown.last === 0 && shown.beginsBy > 1;
    const isNext = isFirst ? place <= shown.beginsBy : place === shown.last + 1;
    if (!isNext && !(isLetGo && place > shown.last)) {
      throw new Violation('I6', `${ear.subject} is shown line ${place} of ${id}, not the next`);
    }
    shown.last = place;
  }

  /** At rest both pages have shown all lines, or wait for older ones; every line was answered. */
  checkAtRest(match: Match): void {
    for (const [side, across] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const last = match.pages[side]?.lines.get(match.id)?.last ?? 0;
      const lacks = (match[across]?.letGo.size ?? 0) > 0 && (match[side]?.lacksUpTo ?? 0) > 0;
      if (last === match.lines.length || lacks) continue;
      throw new Violation('I6', `${match.id} has ${match.lines.length} lines, and ${side} ${last}`);
    }
    for (const [id, { epoch, isDue, isRefused, at }] of match.said) {
      if (!isDue || epoch !== match.epoch || at > 0 || isRefused) continue;
      throw new Violation('I6', `the line ${id} of ${match.id} was never answered`);
    }
  }
}

function waitingFor({ lines }: Match, { lacksUpTo }: Side): number {
  return lacksUpTo === 0 ? 0 : lines.length - lacksUpTo;
}

/** How many lines there are, with this one. */
export function placeOf({ counters: [a, b] }: { readonly counters: Counters }): number {
  return a + b;
}
