import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import { hearInCall, overdraw } from './call-frames.ts';
import { endCall, findMatch, restoreMatch } from './match-frames.ts';
import { canariesIn, canaryOf, type SessionModel } from './model.ts';
import type { Oracle } from './oracle.ts';
import { isDrowned, isNewFrame, openSession, resumeSession } from './session-frames.ts';
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
  if (message.type === 'standing.changed') {
    oracle.standings.told(connection, session, message);
    return;
  }
  if (session === undefined) throw new Violation('protocol', `${message.type} before the hello`);
  if ('seq' in message) {
    if (!isNewFrame(session, message.seq, text)) return;
    if (isDrowned(session)) oracle.drowned.add(session);
  }
  if ('match' in message) checkCanaries(message);
  hear(oracle, session, message);
}

function hear(
  oracle: Oracle,
  session: SessionModel,
  message: Exclude<ServerMessage, { type: 'standing.changed' }>,
): void {
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
      refuseSearch(oracle, session, message);
      return;
    case 'ticket.withdrawn':
      session.search = null;
      return;
    case 'match.found':
      noteBeginning(oracle, session, message.match);
      findMatch(oracle, session, message);
      return;
    case 'call.restoring':
      oracle.standings.checkRestores(session);
      session.restoring = oracle.model.matches.get(message.match) ?? null;
      return;
    case 'call.restored':
      noteBeginning(oracle, session, message.match);
      restoreMatch(oracle, session, message);
      return;
    case 'call.ended':
      oracle.history.note({ op: 'ends', subject: session.subject, match: message.match });
      endCall(oracle, session, message);
      return;
    case 'video.updated':
    case 'video.refused':
    case 'video.started':
    case 'chat.line':
    case 'chat.refused':
    case 'chat.typing':
    case 'signal.offer':
    case 'signal.answer':
    case 'signal.candidate':
    case 'signal.refused':
    case 'media.updated':
    case 'direct.updated':
    case 'peer.presence':
      hearInCall(oracle, session, message);
      return;
    case 'block.accepted':
      oracle.ledger.check('block', message.match, session.subject);
      return;
    case 'block.refused':
      if (message.reason === 'too-fast') overdraw(oracle, session);
      oracle.askedToPart.delete(session);
      return;
    case 'block.removed':
      oracle.unblocks.removed(session, message.id);
      return;
    case 'block.kept':
      if (message.reason === 'too-fast') overdraw(oracle, session);
      oracle.unblocks.kept(session, message);
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
      oracle.drain.told(session);
      return;
    case 'restore.refused':
      return;
  }
}

function noteBeginning(oracle: Oracle, { subject }: SessionModel, match: string): void {
  oracle.history.note({ op: 'begins', step: oracle.step, subject, match });
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

/** I8: nothing of a live call is too old, or too little, to report it by. */
function refuseReport(
  oracle: Oracle,
  session: SessionModel,
  reason: ServerMessageOf<'report.refused'>['reason'],
): void {
  const match = oracle.askedToPart.get(session)?.match;
  oracle.askedToPart.delete(session);
  if (match?.state !== 'live' || reason === 'too-fast' || reason === 'not-stored') return;
  throw new Violation('I8', `${session.subject} reports ${match.id}, and is told ${reason}`);
}

function startSearch(oracle: Oracle, session: SessionModel, ticket: string): void {
  const wish = session.wishes.get(ticket);
  if (wish === undefined) throw new Violation('protocol', `nobody asked for ${ticket}`);
  session.wishes.delete(ticket);
  if (session.match !== null) throw new Violation('I1', `${session.subject} searches in a call`);
  if (oracle.known.isRefusedForAge(session.subject)) {
    throw new Violation('I2', `${session.subject} said to be under age, and searches`);
  }
  if (wish.mode === 'video' && oracle.known.decisions.mayOf(session) !== 'meet') {
    throw new Violation('GW-15', `${session.subject} may only write, and searches by video`);
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

/** I4, GW-15: nobody is refused a search for what is over, nor for what nobody decided. */
function refuseSearch(
  oracle: Oracle,
  session: SessionModel,
  { ticket, reason }: ServerMessageOf<'ticket.refused'>,
): void {
  session.wishes.delete(ticket);
  const isHeld = session.match !== null || session.restoring !== null || session.seat !== null;
  if (reason === 'in-a-call' && !isHeld) {
    throw new Violation('I4', `${session.subject} is held in a call that is over`);
  }
  if (reason === 'already-searching' && session.search === null) {
    throw new Violation('I4', `${session.subject} is held in a search that is over`);
  }
  // What it missed may be of a time when they might only write.
  const isNow = session.resumedInStep !== oracle.step;
  if (reason === 'pool-full' && isNow && oracle.known.decisions.mayOf(session) === 'meet') {
    throw new Violation('GW-15', `${session.subject} may meet everybody, and there is no pool`);
  }
  if (session.search?.wish.ticket === ticket) session.search = null;
}
