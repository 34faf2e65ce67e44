import type { ClientMessage } from '@farandole/protocol/client-message';
import type { MatchModel, SessionModel } from './model.ts';
import type { Oracle } from './oracle.ts';

/** A frame of a page's reaches the node, which has yet to do something about it. */
export function hearPage(oracle: Oracle, session: SessionModel, message: ClientMessage): void {
  if ('seq' in message) {
    if (message.seq !== session.taken + 1) return;
    session.taken = message.seq;
  }
  switch (message.type) {
    case 'session.leave':
      oracle.leaving.add(session);
      if (session.match !== null) mustEnd(oracle, session.match);
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
      const { match } = session;
      if (match !== null && match.id === message.match && match.epoch === message.epoch) {
        mustEnd(oracle, match);
      }
      return;
    }
    case 'block.create':
      askToPart(oracle, session, message.receipt);
      return;
    case 'report.create': {
      const receipt = oracle.model.receipts.get(message.receipt);
      if (receipt !== undefined) session.reports.set(message.id, receipt.match.id);
      askToPart(oracle, session, message.receipt);
      return;
    }
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
      askToRestore(oracle, session, message.receipt);
      return;
  }
}

function mustEnd(oracle: Oracle, match: MatchModel): void {
  oracle.cause(match);
  if (match.state === 'live') oracle.mustEnd.add(match);
}

function sayMinor(oracle: Oracle, session: SessionModel): void {
  oracle.known.refuseAge(session.subject);
  if (session.match !== null) mustEnd(oracle, session.match);
}

function widen(oracle: Oracle, session: SessionModel, ticket: string): void {
  const { search } = session;
  if (search === null || search.wish.ticket !== ticket) return;
  search.onlyShared = false;
  search.widenedAtMs = oracle.nowMs;
}

function askToPart(oracle: Oracle, session: SessionModel, token: string): void {
  const receipt = oracle.model.receipts.get(token);
  if (receipt === undefined || receipt.subject !== session.subject) return;
  oracle.cause(receipt.match);
  oracle.askedToPart.set(session, receipt.match);
}

/** When nothing stands against it, the call waits for its other side, or comes back at once. */
function askToRestore(oracle: Oracle, session: SessionModel, token: string): void {
  const match = oracle.model.receipts.get(token)?.match;
  if (match === undefined || !oracle.mayRestore(match)) return;
  if (session.match !== null || session.search !== null || session.restoring !== null) return;
  const isAwaited = [...oracle.model.sessions.values()].some(
    ({ restoring }) => restoring === match,
  );
  oracle.askedToRestore.set(session, { match, isAwaited });
}
