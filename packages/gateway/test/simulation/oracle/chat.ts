import { type Counters, SEATS, type TaggedLine } from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { PageLog } from '../page-log.ts';
import { check } from '../violation.ts';
import { type Facts, type Match, othersOf, type Session, type Side, sidesOf } from './facts.ts';

/**
 * Checks invariant I6: frames and chat lines arrive in order and exactly once, across resumes,
 * restarts and new pages.
 */
export class Chat {
  readonly #facts: Facts;
  #said = 0;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** Records that a page sends a chat line. The line may reach the node much later. */
  said(
    { subject }: PageLog,
    { match: id, epoch }: { readonly match: string; readonly epoch: number },
    line: string,
    text: string,
  ): void {
    const match = this.#facts.matches.get(id);
    this.#said += 1;
    for (const [seat, { session }] of match?.sides ?? []) {
      if (session.subject !== subject) continue;
      match?.said.set(line, { seat, epoch, text, order: this.#said, isRefused: false, at: 0 });
    }
  }

  /** Checks a chat line that the node sends to a session. */
  written(session: Session, match: Match, { line, epoch }: ServerMessageOf<'chat.line'>): void {
    const place = placeOf(line);
    const known = match.lines[place - 1] ?? null;
    if (known === null) this.#accept(match, line, epoch);
    const isSame = known === null || JSON.stringify(known) === JSON.stringify(line);
    check(isSame, 'I6', `two lines at place ${place} of ${match.id}`);
    const own = sidesOf(match).find((side) => side.session === session);
    if (own !== undefined) this.#give(match, own, place);
  }

  #accept(match: Match, line: TaggedLine, epoch: number): void {
    const place = placeOf(line);
    const { lines } = match;
    // The order of chat lines can't be checked now, because the node queues lines for a detached
    // session.
    const isAnyoneAway = sidesOf(match).some(({ session }) => session.socket === null);
    const isNext = place <= lines.length + 1 || isAnyoneAway;
    check(isNext, 'I6', `line ${place} of ${match.id} comes after ${lines.length}`);
    while (lines.length < place - 1) lines.push(null);
    if (match.mode === 'question' && line.side === 'a') this.#ask(match, line, epoch);
    const said = match.said.get(line.id);
    const isSaid = said?.seat === line.side && said.text === line.text && said.at === 0;
    check(isSaid, 'I6', `a line of ${match.id} that its sender did not send, or sent once`);
    check(said.epoch === epoch, 'I7', `epoch ${said.epoch} came in ${epoch}`);
    const older = lines.slice(0, place - 1).filter((each) => each?.side === line.side);
    const before = match.said.get(older.at(-1)?.id ?? '');
    const isCounted =
      lines.includes(null) || line.counters[SEATS.indexOf(line.side)] === older.length + 1;
    const isOrdered = isCounted && (before?.order ?? -1) < said.order;
    check(isOrdered, 'I6', `the lines of ${match.id} are out of order, or miscounted`);
    said.at = place;
    lines[place - 1] = line;
    this.#facts.counts.lines += 1;
  }

  /** I18: the first line of a question call is the asker's question, and the asker's only line. */
  #ask(match: Match, { id, text, counters }: TaggedLine, epoch: number): void {
    const wish = match.sides.get('a')?.search.wish;
    const isQuestion = placeOf({ counters }) === 1 && text === wish?.question;
    check(isQuestion, 'I18', `the asker of ${match.id} says ${text}`);
    match.said.set(id, { seat: 'a', epoch, text, order: 0, isRefused: false, at: 0 });
  }

  /**
   * Requires that a chat line directly follows the last one sent to this user. On a new page of
   * the user, the first line may be any earlier one.
   */
  #give(match: Match, side: Side, place: number): void {
    const { given, beginsBy, lacksUpTo, session } = side;
    const isNext = given === 0 && beginsBy > 1 ? place <= beginsBy : place === given + 1;
    // The node may leave a gap if more newer chat lines wait than the limit allows, because it
    // then sends all waiting lines.
    const isSkipped = lacksUpTo > 0 && place > lacksUpTo;
    const waited = match.lines.length - lacksUpTo;
    const isAcrossHere = othersOf(match, session).every((other) => other.session.socket !== null);
    const { bufferedLinesMax } = this.#facts.rules.config;
    const isTooFew = isAcrossHere && session.socket !== null && waited < bufferedLinesMax;
    const mayBe = isNext || (isSkipped && !isTooFew);
    check(mayBe, 'I6', `${session.subject} gets line ${place} of ${match.id} after ${given}`);
    if (isSkipped) this.#facts.counts.skipped += 1;
    if (place >= lacksUpTo) side.lacksUpTo = 0;
    side.hasGap ||= isSkipped;
    side.given = place;
  }

  /** I10: returns the maximum number of chat lines that the node may buffer in a match. */
  bufferedMost(match: Match): number {
    // A detached user is counted as lacking chat lines if the session hasn't yet been told the
    // call's latest epoch.
    const mayLack = ({ lacksUpTo, session }: Side) => lacksUpTo > 0 || session.epoch < match.epoch;
    return this.#facts.rules.config.bufferedLinesMax * sidesOf(match).filter(mayLack).length;
  }

  /**
   * Checks a match once nothing more happens: each user has all chat lines or waits for older
   * ones from the peer, and every sent line was accepted or refused.
   */
  checkAtRest(match: Match): void {
    for (const side of sidesOf(match)) {
      const isOwed =
        othersOf(match, side.session).some(({ hasGap }) => hasGap) && side.lacksUpTo > 0;
      const had = `${side.given} of ${match.lines.length} lines`;
      const hasAll = side.given === match.lines.length || isOwed;
      check(hasAll, 'I6', `${side.session.subject} has ${had} of ${match.id}`);
    }
    for (const [id, { epoch, isRefused, at }] of match.said) {
      const isAnswered = epoch !== match.epoch || at > 0 || isRefused;
      check(isAnswered, 'I6', `the line ${id} of ${match.id} was never answered`);
    }
  }
}

const ACK_AFTER_SEQ = /^(\{"type":"[a-z.-]+","seq":\d+,)"ack":\d+,/;

/**
 * Whether the session gets this frame for the first time. A frame that is sent again must be
 * identical byte for byte, without the acknowledgement that the first one may have had.
 */
export function isNewFrame(session: Session, seq: number, frame: string): boolean {
  const { subject, sent, acknowledged, unacknowledged } = session;
  if (seq <= sent && seq > acknowledged && unacknowledged.get(seq) === frame) return false;
  check(seq === sent + 1, 'I6', `${subject} is sent ${seq} after ${sent}`);
  session.sent = seq;
  const text = frame.replace(ACK_AFTER_SEQ, '$1');
  unacknowledged.set(seq, text);
  session.unacknowledgedChars += text.length;
  return true;
}

/** Returns the position of a chat line among all lines of its match, from 1. */
export function placeOf({ counters }: { readonly counters: Counters }): number {
  return counters.reduce((sum, count) => sum + count, 0);
}
