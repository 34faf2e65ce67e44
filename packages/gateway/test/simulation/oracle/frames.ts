import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import { checkRestored } from './crossing.ts';
import { callOf, nothingShown, type Session, sidesOf } from './facts.ts';
import { spelled } from './may-meet.ts';
import type { Oracle } from './oracle.ts';
import { checkTold } from './signals.ts';
import { Violation } from './violation.ts';

/** A frame that the node says to a session, and that is new to it. */
export function hear(oracle: Oracle, session: Session, message: ServerMessage): void {
  switch (message.type) {
    case 'age.answered':
      if (message.refused || !oracle.known.isMinor(session.subject)) return;
      throw new Violation('I2', `${session.subject} said to be a minor, and is let in`);
    case 'ticket.accepted':
      return startSearch(oracle, session, message.ticket);
    case 'ticket.refused':
      return refuseSearch(oracle, session, message);
    case 'ticket.withdrawn':
      session.search = null;
      return;
    case 'match.found':
      return find(oracle, session, message);
    case 'call.restoring':
      oracle.standings.checkMayRestore(session);
      session.restoring = oracle.facts.matches.get(message.match) ?? null;
      return;
    case 'call.restored':
      return restore(oracle, session, message);
    case 'call.ended':
      return end(oracle, session, message.match);
    case 'chat.line':
      if (session.call !== null) oracle.chat.written(session, session.call, message);
      return;
    case 'chat.refused': {
      const said = session.call?.said.get(message.id);
      if (said !== undefined) said.isRefused = true;
      return;
    }
    case 'video.started':
      return startVideo(oracle, session, message);
    case 'block.accepted':
      return oracle.disk.acknowledged('block', message.match, session.subject);
    case 'report.accepted': {
      oracle.counts.reports += 1;
      const match = oracle.reports.get(session)?.get(message.id);
      return oracle.disk.acknowledged('report', match, session.subject);
    }
    case 'server.moving':
      oracle.untold.delete(session);
      if (oracle.isDraining) return;
      throw new Violation('I11', `${session.subject} is told of a drain that there is not`);
    default:
      checkTold(oracle.facts, session, message);
  }
}

function startSearch(oracle: Oracle, session: Session, ticket: string): void {
  const wish = session.wishes.get(ticket);
  const { subject } = session;
  if (wish === undefined) throw new Violation('protocol', `nobody asked for ${ticket}`);
  if (session.call !== null) throw new Violation('I1', `${subject} searches in a call`);
  if (oracle.known.isMinor(subject)) throw new Violation('I2', `the minor ${subject} searches`);
  if (!oracle.standings.mayBeIn(session, wish.mode)) {
    throw new Violation('I9', `${subject} may only write, and searches by video`);
  }
  session.wishes.delete(ticket);
  const { nowMs } = oracle.facts;
  const interests = new Set(wish.interests.map(spelled));
  const onlyShared = wish.onlyShared && interests.size > 0;
  const times = { acceptedAtMs: nowMs, widenedAtMs: nowMs };
  session.search = { session, wish, interests, onlyShared, ...times };
}

/** I4, I9: nobody is refused a search for what is over, nor for what nobody decided. */
function refuseSearch(
  oracle: Oracle,
  session: Session,
  { ticket, reason }: ServerMessageOf<'ticket.refused'>,
): void {
  session.wishes.delete(ticket);
  const { subject, search, restoring } = session;
  const isHeld = callOf(session) !== null || restoring !== null;
  const isStale =
    (reason === 'in-a-call' && !isHeld) || (reason === 'already-searching' && search === null);
  if (isStale) throw new Violation('I4', `${subject} is held in what is over: ${reason}`);
  const isNow = session.resumedInStep !== oracle.facts.step;
  if (reason === 'pool-full' && isNow && oracle.standings.mayOf(session) === 'meet') {
    throw new Violation('I9', `${subject} may meet everybody, and there is no pool`);
  }
  if (search?.wish.ticket === ticket) session.search = null;
}

/** I1: a person in no call is matched, with one other, in the same step. */
function find(oracle: Oracle, session: Session, message: ServerMessageOf<'match.found'>): void {
  const { subject, search } = session;
  if (session.call !== null) throw new Violation('I1', `${subject} is in two matches`);
  if (search === null || search.wish.ticket !== message.ticket) {
    throw new Violation('I1', `${subject} is matched without a search`);
  }
  const before = oracle.facts.matches.get(message.match);
  if (before !== undefined && (before[message.side] !== null || !oracle.found.has(before))) {
    throw new Violation('I1', `a third person is in the match ${message.match}`);
  }
  const match = oracle.facts.found(session, search, message);
  if (before === undefined) oracle.counts.matches += 1;
  const { offer, side: to } = message;
  const offered = offer === undefined ? (oracle.found.get(match) ?? null) : { to, text: offer };
  oracle.found.set(match, offered);
  if (message.videoOffered === true && match.a && match.b) oracle.standings.checkCall(match, true);
}

function restore(
  oracle: Oracle,
  session: Session,
  message: ServerMessageOf<'call.restored'>,
): void {
  const match = checkRestored(oracle.facts, session, message);
  if (session.call !== null && session.call !== match) {
    throw new Violation('I1', `${session.subject} is in two matches`);
  }
  if (message.newPage !== true) oracle.standings.checkMayRestore(session);
  const isNew = oracle.facts.restored(session, match, message);
  if (isNew) oracle.counts[message.newPage === true ? 'rejoined' : 'restored'] += 1;
  // The first of the two is told while the facts still name the older session of the other.
  const isBack = (of: Session) => of.isOpen && callOf(of) === match;
  const isWhole = sidesOf(match).every((side) => isBack(side.session));
  if (!isWhole || session.resumedInStep === oracle.facts.step) return;
  oracle.standings.checkCall(match, message.videoOffered === true);
}

function end(oracle: Oracle, session: Session, id: string): void {
  const match = oracle.facts.matches.get(id);
  if (match === undefined) return;
  const isIn = callOf(session) === match || session.restoring === match;
  if (!isIn) throw new Violation('I7', `${session.subject} hears the end of another call`);
  if (session.restoring === match) session.restoring = null;
  else session.lastCall = match;
  session.call = null;
  session.seat = null;
  oracle.facts.endMatch(match);
}

function startVideo(
  oracle: Oracle,
  session: Session,
  { receipt }: ServerMessageOf<'video.started'>,
): void {
  const match = session.call;
  if (match === null) return;
  oracle.facts.receipts.set(receipt, { match, subject: session.subject, mode: 'video' });
  if (match.mode === 'video') return;
  match.mode = 'video';
  match.receiptWallMs = Math.min(match.receiptWallMs, oracle.facts.wallMs);
  for (const side of sidesOf(match)) {
    side.shown = nothingShown();
    if (!oracle.known.isMinor(side.subject)) continue;
    throw new Violation('I2', `the minor ${side.subject} is given video`);
  }
  oracle.standings.checkCall(match);
  oracle.counts.turned += 1;
}
