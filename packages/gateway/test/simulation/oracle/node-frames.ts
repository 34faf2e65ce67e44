import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import type { CreditKind } from '../../../src/limits.ts';
import { forgetUnseenLines, lineWritten } from './chat-log.ts';
import {
  acrossFrom,
  canariesIn,
  canaryOf,
  type MatchModel,
  type MatchSide,
  type SessionModel,
  sidesOf,
} from './model.ts';
import type { Oracle } from './oracle.ts';
import { isDrowned, isNewFrame, openSession, resumeSession } from './session-frames.ts';
import { checkSignal, createShown } from './signals.ts';
import { Violation } from './violation.ts';
import { spelled } from './who-may-meet.ts';

/** The node writes a frame. */
export function hearNode(
  oracle: Oracle,
  connection: string,
  message: ServerMessage,
  text: string,
): void {
  if (message.type === 'session.challenge') return;
  if (message.type === 'session.opened') {
    openSession(oracle, connection, message);
    return;
  }
  if (message.type === 'session.resumed') {
    resumeSession(oracle, connection, message);
    return;
  }
  const session = oracle.model.byConnection.get(connection);
  if (session === undefined) throw new Violation('protocol', `${message.type} before the hello`);
  if ('seq' in message) {
    if (!isNewFrame(session, message.seq, text)) return;
    if (isDrowned(session)) oracle.drowned.add(session);
  }
  if ('match' in message) checkCanaries(message);
  hear(oracle, session, message);
}

/** GW-60: what somebody is told of the other's doing is no more than the other had credits for. */
function count(
  oracle: Oracle,
  session: SessionModel,
  match: MatchModel,
  kind: CreditKind,
  by = acrossFrom(match, session)?.session,
): void {
  // What was missed comes all at once; and what a restore tells nobody has done.
  if (session.resumedInStep === oracle.step || match.reopenedInStep === oracle.step) return;
  if (by?.causes.take(kind, oracle.nowMs) === false) {
    throw new Violation('GW-60', `${by.subject} does more of ${kind} than there are credits for`);
  }
}

/** GW-60: whoever is told again and again that they are too fast is closed at last. */
function overdraw(oracle: Oracle, session: SessionModel): void {
  if (session.resumedInStep === oracle.step) return;
  if (!session.says.take('overdraft', oracle.nowMs)) {
    throw new Violation('GW-60', `${session.subject} is too fast, and is only told so`);
  }
}

/** SP-42, of something that the other side told of itself. */
function checkTold(oracle: Oracle, session: SessionModel, match: MatchModel, text: string): void {
  const across = acrossFrom(match, session);
  if (across === null) return;
  // What was missed was written when the other may have been elsewhere.
  if (session.resumedInStep === oracle.step) {
    across.shown = createShown();
    return;
  }
  const isDirectAgreed = match.a?.allowsDirect === true && match.b?.allowsDirect === true;
  const { place } = across.session;
  checkSignal(oracle.rules, text, { place, isDirectAgreed, shown: across.shown });
}

function hear(oracle: Oracle, session: SessionModel, message: ServerMessage): void {
  switch (message.type) {
    case 'age.answered':
      if (!message.refused && oracle.known.isRefusedForAge(session.subject)) {
        throw new Violation('I2', `${session.subject} said to be under age, and is let in`);
      }
      return;
    case 'ticket.accepted':
      startSearch(oracle, session, message.ticket);
      return;
    case 'ticket.refused':
      if (message.reason === 'too-fast') overdraw(oracle, session);
      refuseSearch(session, message);
      return;
    case 'ticket.withdrawn':
      session.search = null;
      return;
    case 'match.found':
      findMatch(oracle, session, message);
      return;
    case 'call.restoring':
      session.restoring = oracle.model.matches.get(message.match) ?? null;
      return;
    case 'call.restored':
      restoreMatch(oracle, session, message);
      return;
    case 'call.ended':
      endCall(oracle, session, message);
      return;
    case 'chat.line': {
      const match = liveMatch(session, message);
      const before = match.lines.length;
      lineWritten(match, message.line);
      if (match.lines.length === before) return;
      oracle.counts.lines += 1;
      count(oracle, session, match, 'chat', match[message.line.side]?.session);
      return;
    }
    case 'chat.refused': {
      if (message.reason === 'too-fast') overdraw(oracle, session);
      const said = liveMatch(session, message).said.get(message.id);
      if (said !== undefined) said.isRefused = true;
      return;
    }
    case 'signal.offer':
    case 'signal.answer': {
      const match = liveMatch(session, message);
      noteDescription(session, match, message.type);
      count(oracle, session, match, 'description');
      checkTold(oracle, session, match, message.sdp);
      return;
    }
    case 'signal.candidate': {
      const match = liveMatch(session, message);
      count(oracle, session, match, 'candidate');
      checkTold(oracle, session, match, message.candidate.candidate);
      return;
    }
    case 'chat.typing':
      count(oracle, session, liveMatch(session, message), 'typing');
      return;
    case 'media.updated':
      count(oracle, session, liveMatch(session, message), 'media');
      return;
    case 'peer.presence':
      if (!message.present) count(oracle, session, liveMatch(session, message), 'absence');
      else liveMatch(session, message);
      return;
    case 'direct.updated':
      updateDirect(session, liveMatch(session, message), message);
      return;
    case 'signal.refused':
      if (message.reason === 'too-fast') overdraw(oracle, session);
      liveMatch(session, message);
      return;
    case 'block.accepted':
      oracle.ledger.check('block', message.match, session.subject);
      return;
    case 'block.refused':
      if (message.reason === 'too-fast') overdraw(oracle, session);
      oracle.askedToPart.delete(session);
      return;
    case 'report.accepted': {
      oracle.counts.reports += 1;
      const match = session.reports.get(message.id);
      if (match !== undefined) oracle.ledger.check('report', match, session.subject);
      return;
    }
    case 'report.refused':
      if (message.reason === 'too-fast') overdraw(oracle, session);
      refuseReport(oracle, session, message.reason);
      return;
    case 'session.challenge':
    case 'session.opened':
    case 'session.resumed':
    case 'link.pong':
    case 'link.ack':
    case 'online.count':
      return;
    case 'server.moving':
      oracle.hearsOfDrain(session);
      return;
    case 'restore.refused':
      return;
  }
}

/** I8: nothing of a live call is too old, or too little, to report it by. */
function refuseReport(
  oracle: Oracle,
  session: SessionModel,
  reason: ServerMessageOf<'report.refused'>['reason'],
): void {
  const match = oracle.askedToPart.get(session);
  oracle.askedToPart.delete(session);
  if (match?.state !== 'live' || reason === 'too-fast' || reason === 'not-stored') return;
  throw new Violation('I8', `${session.subject} reports ${match.id}, and is told ${reason}`);
}

/** I7: a message within a call goes to somebody who is in it, under its present epoch. */
function liveMatch(
  session: SessionModel,
  {
    type,
    match: id,
    epoch,
  }: { readonly type: string; readonly match: string; readonly epoch: number },
): MatchModel {
  const { match } = session;
  if (match === null || match.id !== id || match.epoch !== epoch) {
    throw new Violation('I7', `${session.subject} is sent ${type} of ${id}, and is not in it`);
  }
  return match;
}

/** I7: whatever passes in a match was said in that match. */
function checkCanaries(message: ServerMessage & { readonly match: string }): void {
  const text = textOf(message);
  if (text === null) return;
  const own = canaryOf(message.match);
  for (const canary of canariesIn(text)) {
    if (canary !== own) throw new Violation('I7', `${message.type} of ${message.match} strayed in`);
  }
}

function textOf(message: ServerMessage): string | null {
  switch (message.type) {
    case 'chat.line':
      return message.line.text;
    case 'signal.offer':
    case 'signal.answer':
      return message.sdp;
    case 'signal.candidate':
      return message.candidate.candidate;
    default:
      return null;
  }
}

/** GW-31: an answer is to an offer. After a restore both have described themselves before. */
function noteDescription(
  session: SessionModel,
  match: MatchModel,
  type: 'signal.offer' | 'signal.answer',
): void {
  const from = acrossFrom(match, session);
  if (from === null) return;
  if (type === 'signal.offer') {
    from.hasOffered = true;
    return;
  }
  const to = match.a === from ? match.b : match.a;
  if (to?.hasOffered !== false || match.reopenedInStep >= 0) return;
  throw new Violation('GW-31', `${from.subject} answers ${to.subject}, who has not offered`);
}

function updateDirect(
  session: SessionModel,
  match: MatchModel,
  { you, stranger }: ServerMessageOf<'direct.updated'>,
): void {
  const across = acrossFrom(match, session);
  const own = match.a === across ? match.b : match.a;
  if (own === null || across === null) return;
  const wasAgreed = own.allowsDirect && across.allowsDirect;
  own.allowsDirect = you;
  across.allowsDirect = stranger;
  if (wasAgreed === (you && stranger)) return;
  own.shown = createShown();
  across.shown = createShown();
}

function startSearch(oracle: Oracle, session: SessionModel, ticket: string): void {
  const wish = session.wishes.get(ticket);
  if (wish === undefined) throw new Violation('protocol', `nobody asked for ${ticket}`);
  session.wishes.delete(ticket);
  if (session.match !== null) throw new Violation('I1', `${session.subject} searches in a call`);
  if (oracle.known.isRefusedForAge(session.subject)) {
    throw new Violation('I2', `${session.subject} said to be under age, and searches`);
  }
  const interests = new Set(wish.interests.map(spelled));
  session.search = {
    session,
    wish,
    interests,
    acceptedAtMs: oracle.nowMs,
    onlyShared: wish.onlyShared && interests.size > 0,
    widenedAtMs: oracle.nowMs,
  };
}

/** I4: nobody is refused a search for a call or a search that is over. */
function refuseSearch(
  session: SessionModel,
  { ticket, reason }: ServerMessageOf<'ticket.refused'>,
): void {
  session.wishes.delete(ticket);
  if (reason === 'in-a-call' && session.match === null && session.restoring === null) {
    throw new Violation('I4', `${session.subject} is held in a call that is over`);
  }
  if (reason === 'already-searching' && session.search === null) {
    throw new Violation('I4', `${session.subject} is held in a search that is over`);
  }
  if (session.search?.wish.ticket === ticket) session.search = null;
}

function findMatch(
  oracle: Oracle,
  session: SessionModel,
  message: ServerMessageOf<'match.found'>,
): void {
  const { search } = session;
  if (session.match !== null) throw new Violation('I1', `${session.subject} is in two matches`);
  if (search === null || search.wish.ticket !== message.ticket) {
    throw new Violation('I1', `${session.subject} is matched without a search`);
  }
  const side: MatchSide = {
    subject: session.subject,
    deviceKey: session.deviceKey,
    session,
    wish: search,
    allowsDirect: false,
    hasOffered: false,
    shown: createShown(),
  };
  const match = oracle.model.matches.get(message.match) ?? createMatch(oracle, message);
  if (match[message.side] !== null || match.openedAtMs !== oracle.nowMs) {
    throw new Violation('I1', `a third person is in the match ${match.id}`);
  }
  match[message.side] = side;
  session.search = null;
  session.match = match;
  oracle.model.receipts.set(message.receipt, { match, subject: session.subject });
  const { offer, side: to } = message;
  oracle.told.set(
    match,
    offer === undefined ? (oracle.told.get(match) ?? null) : { to, text: offer },
  );
}

function createMatch(oracle: Oracle, message: ServerMessageOf<'match.found'>): MatchModel {
  const match: MatchModel = {
    id: message.match,
    openedAtMs: oracle.nowMs,
    epoch: message.epoch,
    receiptWallMs: oracle.wallMs,
    epochHeard: 0,
    state: 'live',
    overAtMs: 0,
    a: null,
    b: null,
    lines: [],
    said: new Map(),
    shown: { a: 0, b: 0 },
    sharedTold: message.sharedInterests,
    isEndHeard: false,
    reopenedInStep: -1,
    causeStep: -1,
  };
  oracle.model.matches.set(match.id, match);
  oracle.counts.matches += 1;
  return match;
}

/** The same call, the same two people, under an epoch that is larger than any before. */
function restoreMatch(
  oracle: Oracle,
  session: SessionModel,
  message: ServerMessageOf<'call.restored'>,
): void {
  const match = oracle.model.matches.get(message.match);
  const side = match?.[message.side];
  if (match === undefined || side === undefined || side === null) {
    throw new Violation('I7', `${session.subject} is given a call that never was`);
  }
  if (side.subject !== session.subject || side.deviceKey !== session.deviceKey) {
    throw new Violation('I7', `${session.subject} is given somebody else's call`);
  }
  if (session.match !== null && session.match !== match) {
    throw new Violation('I1', `${session.subject} is in two matches`);
  }
  oracle.model.receipts.set(message.receipt, { match, subject: session.subject });
  side.session = session;
  // What it missed tells it what the other side heard before, and maybe what came of it.
  const isKnown = match.epoch === message.epoch && session.resumedInStep === oracle.step;
  if (isKnown) {
    session.match = match;
    session.restoring = null;
    return;
  }
  if (match.isEndHeard) throw new Violation('I7', `${match.id} is over, and comes back`);
  if (match.state !== 'live') {
    // One of which no page has heard may come twice: nobody can say anything under it.
    if (message.epoch <= match.epochHeard) {
      throw new Violation('I7', `${match.id} goes on under epoch ${message.epoch} again`);
    }
    reopen(oracle, match, message.epoch);
  }
  session.match = match;
  session.restoring = null;
}

function reopen(oracle: Oracle, match: MatchModel, epoch: number): void {
  match.state = 'live';
  match.reopenedInStep = oracle.step;
  match.epoch = epoch;
  match.receiptWallMs = oracle.wallMs;
  for (const side of sidesOf(match)) {
    side.allowsDirect = false;
    side.shown = createShown();
  }
  forgetUnseenLines(match);
  oracle.counts.restored += 1;
  // One of the two may have lost the socket while it waited: it hears of it when it is back.
  for (const session of oracle.model.sessions.values()) {
    if (session.restoring !== match) continue;
    session.restoring = null;
    session.match = match;
    for (const side of [match.a, match.b]) {
      if (side !== null && side.subject === session.subject) side.session = session;
    }
  }
}

function endCall(
  oracle: Oracle,
  session: SessionModel,
  { match: id }: ServerMessageOf<'call.ended'>,
): void {
  const match = oracle.model.matches.get(id);
  if (match === undefined) return;
  if (session.match !== match && session.restoring !== match) {
    throw new Violation('I7', `${session.subject} is told of the end of ${id}, and is not in it`);
  }
  if (session.match === match) {
    session.match = null;
    session.lastMatch = match;
  }
  if (session.restoring === match) session.restoring = null;
  oracle.endMatch(match);
}
