import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import { placeOf } from './chat.ts';
import { canariesIn, canaryOf, type Facts, type Match, type Session } from './facts.ts';
import type { PageEar } from './page-ear.ts';
import { Violation } from './violation.ts';

/** I7: nothing crosses matches, and nothing of a match comes after its end. */

/** What begins, restores and ends a call is not sent within it. */
const NOT_WITHIN: ReadonlySet<ServerMessage['type']> = new Set([
  'match.found',
  'call.restoring',
  'call.restored',
  'call.ended',
  'block.accepted',
]);

/** A frame within a call goes to somebody who is in it, under the epoch that they know. */
export function checkWithin(session: Session, message: ServerMessage): void {
  if (!('match' in message) || NOT_WITHIN.has(message.type) || !('epoch' in message)) return;
  if (session.call?.id !== message.match || session.epochTold !== message.epoch) {
    throw new Violation('I7', `${session.subject} is sent ${message.type}, and is not in the call`);
  }
  const own = canaryOf(message.match);
  const stray = canariesIn(textOf(message)).find((canary) => canary !== own);
  if (stray !== undefined) throw new Violation('I7', `${message.type} of another match strayed in`);
}

function textOf(message: ServerMessage): string {
  switch (message.type) {
    case 'chat.line':
      return message.line.text;
    case 'signal.offer':
    case 'signal.answer':
      return message.sdp;
    case 'signal.candidate':
      return message.candidate.candidate;
    default:
      return '';
  }
}

/** The offer that comes with a match was made for the search of the other person. */
export function checkOffer(match: Match, offer: { readonly to: 'a' | 'b'; readonly text: string }) {
  const from = offer.to === 'a' ? match.b : match.a;
  const isOther = from !== null && offer.text.includes(canaryOf(from.search.wish.ticket));
  if (canariesIn(offer.text).length === 0 || isOther) return;
  throw new Violation('I7', `the offer in ${match.id} is not of the other person's search`);
}

/** A call that comes back is that of the same two people, and is not over. */
export function checkRestored(
  session: Session,
  match: Match | undefined,
  { side, epoch }: ServerMessageOf<'call.restored'>,
): asserts match is Match {
  const own = match?.[side];
  if (match === undefined || !own) throw new Violation('I7', `${session.subject} gets no call`);
  if (own.subject !== session.subject || own.deviceKey !== session.deviceKey) {
    throw new Violation('I7', `${session.subject} gets the call of ${own.subject}`);
  }
  if (match.isEndHeard && epoch > match.epoch) {
    throw new Violation('I7', `${match.id} is over, and comes back`);
  }
}

/** What the page is shown. */
export function checkShown(facts: Facts, ear: PageEar, message: ServerMessage): void {
  if (message.type === 'session.opened') ear.call = null;
  if ('match' in message && 'epoch' in message && ear.ended.has(message.match)) {
    throw new Violation('I7', `${ear.subject} got ${message.type} of a call that is over`);
  }
  if (message.type === 'match.found' || message.type === 'call.restored') {
    showCall(facts, ear, message);
  }
  if (message.type === 'call.ended') showEnd(facts, ear, message.match);
}

function showCall(
  facts: Facts,
  ear: PageEar,
  message: ServerMessageOf<'match.found'> | ServerMessageOf<'call.restored'>,
): void {
  const { match: id, side, epoch } = message;
  if (ear.call !== null && ear.call !== id) {
    throw new Violation('I1', `${ear.subject} is shown ${id}, and is in ${ear.call}`);
  }
  if (epoch <= (ear.epochs.get(id) ?? 0)) {
    throw new Violation('I7', `${ear.subject} hears that ${id} goes on under epoch ${epoch} again`);
  }
  ear.epochs.set(id, epoch);
  ear.call = id;
  ear.sides.set(id, side);
  const match = facts.matches.get(id);
  if (match !== undefined) match.pages[side] = ear;
  const before = ear.lines.get(id);
  if (before !== undefined && before.last > 0) return;
  // A page that comes to a call later has its lines from one on that the other side chooses.
  const isLater = message.type === 'call.restored' && (before === undefined || before.beginsBy > 1);
  ear.lines.set(id, { last: 0, beginsBy: isLater ? Math.max(1, placeOf(message)) : 1 });
}

function showEnd(facts: Facts, ear: PageEar, id: string): void {
  ear.ended.add(id);
  if (ear.call === id) ear.call = null;
  const match = facts.matches.get(id);
  // A newer page may have ended it unknown to the one that is in it, and was cut off.
  if (match !== undefined && (match.pages.a === ear || match.pages.b === ear))
    match.isEndHeard = true;
}
