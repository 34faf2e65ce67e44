import type { ClientMessage, ClientMessageOf } from '@farandole/protocol/client-message';
import { type Expectation, NOT_THEIRS, OUT_OF_ORDER, TAKEN_BEFORE } from '../expectation.ts';
import { placeOf } from './chat.ts';
import type { Turn } from './entry.ts';
import { callOf, type Match, type Session, sidesOf } from './facts.ts';
import type { Oracle } from './oracle.ts';
import { Violation } from './violation.ts';

/** What a frame means to the call of its sender, as it was when the frame came. */
export interface Meaning {
  readonly message: ClientMessage;
  readonly call: Match | null;
}

/** What must come of a frame whatever it means, or null. */
export function read(
  oracle: Oracle,
  session: Session,
  message: ClientMessage,
  isBogus: boolean,
): Expectation | null {
  if (message.type === 'session.hello') return OUT_OF_ORDER;
  if ('seq' in message) {
    if (message.seq <= session.taken) return TAKEN_BEFORE;
    if (message.seq !== session.taken + 1) return OUT_OF_ORDER;
    session.taken = message.seq;
    session.takenAtMs = oracle.facts.nowMs;
  }
  if ('ack' in message) {
    if (message.ack > session.sent) return OUT_OF_ORDER;
    oracle.facts.acknowledge(session, message.ack);
  }
  if ('match' in message && !isOf(session.call, message)) {
    const awaited = session.restoring ?? session.seat?.match;
    const isAwaited = message.type === 'call.end' && awaited?.id === message.match;
    if (!isAwaited) return NOT_THEIRS;
  }
  if (!isBogus) mean(oracle, session, message);
  return null;
}

/** What a frame means, as far as the node must know while it reads it. */
function mean(oracle: Oracle, session: Session, message: ClientMessage): void {
  if (message.type === 'ticket.create') session.wishes.set(message.ticket, message);
  if (message.type === 'call.restore') asksToRestore(oracle, session, message);
  if (message.type === 'report.create') {
    const receipt = oracle.facts.receipts.get(message.receipt);
    const reports = oracle.reports.get(session) ?? new Map<string, string>();
    oracle.reports.set(session, reports);
    if (receipt !== undefined) {
      reports.set(message.id, receipt.match.id);
      oracle.disk.reports(receipt.match, session.subject, message.lines);
    }
  }
  oracle.meaning = { message, call: callOf(session) };
}

function asksToRestore(
  oracle: Oracle,
  session: Session,
  { receipt: token, received: counters }: ClientMessageOf<'call.restore'>,
): void {
  const receipt = oracle.facts.receipts.get(token);
  if (receipt === undefined || receipt.subject !== session.subject) return;
  if (callOf(session) !== null || session.search !== null || session.restoring !== null) return;
  const { match, mode } = receipt;
  const side = match.a?.subject === session.subject ? match.a : match.b;
  if (side === null) return;
  side.restoresAs = mode;
  side.received = placeOf({ counters });
}

export function understand(
  oracle: Oracle,
  session: Session,
  { message, call }: Meaning,
  turn: Turn,
): void {
  switch (message.type) {
    case 'session.leave':
      oracle.leaving.add(session);
      oracle.facts.mayEnd(call);
      return;
    case 'age.declare':
      if (message.answer !== 'minor') return;
      oracle.known.refuseAge(session.subject);
      oracle.facts.mayEnd(call);
      return;
    case 'ticket.widen':
      if (session.search?.wish.ticket !== message.ticket) return;
      session.search.onlyShared = false;
      session.search.widenedAtMs = oracle.facts.nowMs;
      return;
    case 'call.end':
      if (isOf(call, message)) oracle.facts.mayEnd(call);
      return;
    case 'block.create':
    case 'report.create':
      part(oracle, session, message, turn);
      return;
    default:
  }
}

function part(
  oracle: Oracle,
  session: Session,
  message: ClientMessageOf<'block.create'> | ClientMessageOf<'report.create'>,
  turn: Turn,
): void {
  const receipt = oracle.facts.receipts.get(message.receipt);
  if (receipt === undefined || receipt.subject !== session.subject) return;
  const { match } = receipt;
  oracle.facts.cause(match);
  const refusal = turn.said.find(({ type }) => type === 'report.refused');
  if (refusal?.type === 'report.refused' && match.state === 'live') {
    if (refusal.reason === 'too-fast' || refusal.reason === 'not-stored') return;
    throw new Violation('I8', `${session.subject} reports ${match.id}: ${refusal.reason}`);
  }
  if (turn.isRefused()) return;
  const across = sidesOf(match).find(({ subject }) => subject !== session.subject);
  const kind = message.type === 'block.create' ? 'block' : 'report';
  if (across) oracle.known.block(kind, match.id, session.subject, across.subject);
  oracle.facts.mayEnd(match);
}

function isOf(call: Match | null, of: { readonly match: string; readonly epoch: number }): boolean {
  return call !== null && call.id === of.match && call.epoch === of.epoch;
}
