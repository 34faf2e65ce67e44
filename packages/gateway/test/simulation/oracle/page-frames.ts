import type { ClientMessage, ClientMessageOf } from '@farandole/protocol/client-message';
import { ENDING_KIND } from './allowances.ts';
import { placeOf } from './chat-log.ts';
import {
  type Expectation,
  NOT_THEIRS,
  OUT_OF_ORDER,
  TAKEN_BEFORE,
  TOO_FAST,
} from './expectation.ts';
import { callOf, type MatchModel, type SessionModel } from './model.ts';
import type { AskedToPart, Oracle } from './oracle.ts';
import { askForSeat } from './rejoin-frames.ts';
import { acknowledge } from './session-frames.ts';
import { sayVideo } from './video-frames.ts';

/**
 * A frame of a page's reaches the node, which has yet to do something about it.
 *
 * @param isBogus whether it is to be refused, whatever it says
 * @returns what must come of it, beside what its meaning is; null where anything may
 */
export function hearPage(
  oracle: Oracle,
  session: SessionModel,
  message: ClientMessage,
  isBogus: boolean,
): Expectation | null {
  if (message.type === 'session.hello') return OUT_OF_ORDER;
  if ('seq' in message) {
    if (message.seq <= session.taken) return TAKEN_BEFORE;
    if (message.seq !== session.taken + 1) return OUT_OF_ORDER;
    session.taken = message.seq;
    session.takenAtMs = oracle.nowMs;
  }
  const isLate = 'match' in message && !isPresent(session, message);
  if (isLate && message.type !== 'call.end') return NOT_THEIRS;
  const kind = ENDING_KIND[message.type];
  if (kind !== undefined && !session.says.take(kind, oracle.nowMs)) return TOO_FAST;
  if (message.type === 'link.ping' || message.type === 'link.ack') {
    if (message.ack > session.sent) return OUT_OF_ORDER;
    acknowledge(session, message.ack);
    return null;
  }
  if (!isBogus) understand(oracle, session, message);
  return isLate && !waitsFor(session, message) ? NOT_THEIRS : null;
}

/** Whether a message within a call is of the call that its session is in, as it is now. */
function isPresent(
  { match }: SessionModel,
  of: { readonly match: string; readonly epoch: number },
) {
  return match !== null && match.id === of.match && match.epoch === of.epoch;
}

function waitsFor(session: SessionModel, of: { readonly match: string }): boolean {
  const awaited = session.restoring ?? session.seat?.match;
  return awaited?.id === of.match;
}

function understand(oracle: Oracle, session: SessionModel, message: ClientMessage): void {
  switch (message.type) {
    case 'session.leave':
      oracle.leaving.add(session);
      mustEnd(oracle, callOf(session));
      return;
    case 'age.declare':
      if (message.answer === 'minor') sayMinor(oracle, session);
      return;
    case 'ticket.create':
      session.wishes.set(message.ticket, message);
      return;
    case 'ticket.widen':
      widen(oracle, session, message.ticket);
      return;
    case 'call.end': {
      const match = callOf(session);
      if (match?.id === message.match && match.epoch === message.epoch) mustEnd(oracle, match);
      return;
    }
    case 'block.create':
      askToPart(oracle, session, 'block', message.receipt);
      return;
    case 'block.remove':
      oracle.unblocks.asks(session, message.id);
      return;
    case 'report.create': {
      const receipt = oracle.model.receipts.get(message.receipt);
      if (receipt !== undefined) {
        session.reports.set(message.id, receipt.match.id);
        oracle.ledger.asked(receipt.match, session.subject, message.lines);
      }
      askToPart(oracle, session, 'report', message.receipt);
      return;
    }
    case 'video.consent':
      sayVideo(oracle, session, message);
      return;
    case 'session.hello':
    case 'link.ping':
    case 'link.ack':
    case 'ticket.withdraw':
    case 'signal.offer':
    case 'signal.answer':
    case 'signal.candidate':
    case 'chat.send':
    case 'chat.replay':
    case 'chat.typing':
    case 'media.update':
    case 'direct.consent':
    case 'call.first-frame':
      return;
    case 'call.restore':
      if (session.seat === null) askToRestore(oracle, session, message);
      else askForSeat(oracle, session, message.receipt);
      return;
  }
}

function mustEnd(oracle: Oracle, match: MatchModel | null): void {
  if (match === null) return;
  oracle.cause(match);
  if (match.state === 'live') oracle.mustEnd.add(match);
}

function sayMinor(oracle: Oracle, session: SessionModel): void {
  oracle.known.refuseAge(session.subject);
  mustEnd(oracle, callOf(session));
}

function widen(oracle: Oracle, session: SessionModel, ticket: string): void {
  const { search } = session;
  if (search === null || search.wish.ticket !== ticket) return;
  search.onlyShared = false;
  search.widenedAtMs = oracle.nowMs;
}

function askToPart(
  oracle: Oracle,
  session: SessionModel,
  kind: AskedToPart['kind'],
  token: string,
): void {
  const receipt = oracle.model.receipts.get(token);
  if (receipt === undefined || receipt.subject !== session.subject) return;
  oracle.cause(receipt.match);
  oracle.askedToPart.set(session, { kind, match: receipt.match });
}

/** When nothing stands against it, the call waits for its other side, or comes back at once. */
function askToRestore(
  oracle: Oracle,
  session: SessionModel,
  message: ClientMessageOf<'call.restore'>,
): void {
  const receipt = oracle.model.receipts.get(message.receipt);
  if (receipt === undefined || receipt.subject !== session.subject) return;
  const { match } = receipt;
  if (session.match !== null || session.search !== null || session.restoring !== null) return;
  const side = match.a?.subject === session.subject ? match.a : match.b;
  if (side !== null) {
    side.restoresAs = receipt.mode;
    side.received = placeOf({ counters: message.received });
  }
  if (!oracle.mayRestore(match) || oracle.known.decisions.mayOf(session) !== 'meet') return;
  const isAwaited = [...oracle.model.sessions.values()].some(
    ({ restoring }) => restoring === match,
  );
  oracle.askedToRestore.set(session, { match, isAwaited });
}
