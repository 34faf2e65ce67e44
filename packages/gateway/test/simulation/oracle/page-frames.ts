import type { ClientMessage, ClientMessageOf } from '@farandole/protocol/client-message';
import { type Expectation, NOT_THEIRS, OUT_OF_ORDER, TAKEN_BEFORE } from '../expectation.ts';
import { placeOf } from './chat.ts';
import type { Turn } from './entry.ts';
import { type Facts, type Match, type Session, sidesOf } from './facts.ts';
import type { Oracle } from './oracle.ts';
import { Violation } from './violation.ts';

/** A frame of a page, and the call of its sender when it came. */
export interface Meaning {
  readonly message: ClientMessage;
  readonly call: Match | null;
}

/** The outcome that a frame must have because of where it stands, or null. */
export function expectedOf(
  facts: Facts,
  session: Session,
  message: ClientMessage,
): Expectation | null {
  if (message.type === 'session.hello') return OUT_OF_ORDER;
  if ('seq' in message) {
    if (message.seq <= session.taken) return TAKEN_BEFORE;
    if (message.seq !== session.taken + 1) return OUT_OF_ORDER;
    session.taken = message.seq;
  }
  if ('ack' in message) {
    if (message.ack > session.sent) return OUT_OF_ORDER;
    facts.acknowledge(session, message.ack);
  }
  if (!('match' in message) || isOf(session.call, message)) return null;
  const awaited = session.restoring ?? session.seat?.match;
  return message.type === 'call.end' && awaited?.id === message.match ? null : NOT_THEIRS;
}

/** Records what the node must know while it handles the frame. */
export function note({ receipts }: Facts, session: Session, message: ClientMessage): void {
  if (message.type === 'ticket.create') session.wishes.set(message.ticket, message);
  if (message.type !== 'report.create' && message.type !== 'call.restore') return;
  const receipt = receipts.get(message.receipt);
  if (receipt === undefined) return;
  const { match, subject } = receipt;
  if (message.type === 'report.create') session.reports.set(message.id, match.id);
  else if (session.restoring === null && subject === session.subject) {
    const own = sidesOf(match).find((side) => side.session.subject === subject);
    if (own !== undefined) own.received = placeOf({ counters: message.received });
  }
}

/** Records what the frame changed, once the node is done with it. */
export function understand(
  oracle: Oracle,
  session: Session,
  { message, call }: Meaning,
  turn: Turn,
): void {
  const { facts } = oracle;
  switch (message.type) {
    case 'session.leave':
      oracle.leaving.add(session);
      return facts.mustEndNow(call);
    case 'age.declare':
      if (message.answer !== 'minor') return;
      oracle.records.refuseAge(session.subject);
      return facts.mustEndNow(call);
    case 'ticket.widen':
      if (session.search?.wish.ticket !== message.ticket) return;
      session.search.onlyShared = false;
      session.search.sinceMs = facts.nowMs;
      return;
    case 'call.end':
      if (isOf(call, message)) facts.mustEndNow(call);
      return;
    case 'block.create':
    case 'report.create':
      return part(oracle, session, message, turn);
    default:
  }
}

function part(
  { facts, records }: Oracle,
  session: Session,
  message: ClientMessageOf<'block.create'> | ClientMessageOf<'report.create'>,
  turn: Turn,
): void {
  const { match, subject } = facts.receipts.get(message.receipt) ?? {};
  if (match === undefined || subject !== session.subject) return;
  facts.cause(match);
  const refusal = turn.sent.find(({ type }) => type === 'report.refused');
  if (refusal?.type === 'report.refused' && facts.live.has(match)) {
    if (refusal.reason === 'too-fast' || refusal.reason === 'not-stored') return;
    throw new Violation('I8', `${subject} reports ${match.id}: ${refusal.reason}`);
  }
  if (turn.isRefused()) return;
  const kind = message.type === 'block.create' ? 'block' : 'report';
  for (const side of sidesOf(match)) {
    const of = side.session.subject;
    if (of !== subject) records.block(kind, match.id, subject, of);
  }
  facts.mustEndNow(match);
}

function isOf(call: Match | null, of: { readonly match: string; readonly epoch: number }): boolean {
  return call !== null && call.id === of.match && call.epoch === of.epoch;
}
