import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import { forgetUnseenLines, lineWritten } from './chat-log.ts';
import {
  canariesIn,
  canaryOf,
  type MatchModel,
  type MatchSide,
  type SessionModel,
} from './model.ts';
import type { Oracle } from './oracle.ts';
import { isNewFrame, openSession, resumeSession } from './session-frames.ts';
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
  if ('seq' in message && !isNewFrame(session, message.seq, text)) return;
  if ('match' in message) checkCanaries(message);
  hear(oracle, session, message);
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
      oracle.counts.lines += match.lines.length - before;
      return;
    }
    case 'chat.refused': {
      const said = liveMatch(session, message).said.get(message.id);
      if (said !== undefined) said.isRefused = true;
      return;
    }
    case 'signal.offer':
    case 'signal.answer':
    case 'signal.candidate':
    case 'signal.refused':
    case 'chat.typing':
    case 'media.updated':
    case 'direct.updated':
    case 'peer.presence':
      liveMatch(session, message);
      return;
    case 'block.accepted':
      oracle.checkStored('block', message.match, session.subject);
      return;
    case 'block.refused':
      oracle.askedToPart.delete(session);
      return;
    case 'report.accepted': {
      oracle.counts.reports += 1;
      const match = session.reports.get(message.id);
      if (match !== undefined) oracle.checkStored('report', match, session.subject);
      return;
    }
    case 'report.refused':
      refuseReport(oracle, session, message.reason);
      return;
    case 'session.challenge':
    case 'session.opened':
    case 'session.resumed':
    case 'link.pong':
    case 'link.ack':
    case 'online.count':
    case 'server.moving':
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
    isEndHeard: false,
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
  if (match.isEndHeard) throw new Violation('I7', `${match.id} is over, and comes back`);
  if (match.state !== 'live') {
    // One of which no page has heard may come twice: nobody can say anything under it.
    if (message.epoch <= match.epochHeard) {
      throw new Violation('I7', `${match.id} goes on under epoch ${message.epoch} again`);
    }
    reopen(oracle, match, message.epoch);
  }
  side.session = session;
  session.match = match;
  session.restoring = null;
  oracle.model.receipts.set(message.receipt, { match, subject: session.subject });
}

function reopen(oracle: Oracle, match: MatchModel, epoch: number): void {
  match.state = 'live';
  match.epoch = epoch;
  match.receiptWallMs = oracle.wallMs;
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
