import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import { canariesIn, canaryOf } from '../words.ts';
import type { Facts, Match, Session } from './facts.ts';
import type { PageEar } from './page-ear.ts';
import { Violation } from './violation.ts';

/** I7: nothing crosses matches, and nothing of a match comes after its end. */

/** What begins, restores and ends a call is not sent within it. */
const NOT_WITHIN: ReadonlySet<string> = new Set(['match.found', 'call.restored', 'call.ended']);

/** A frame within a call goes to somebody who is in it, under the epoch that they know. */
export function checkWithin(session: Session, message: ServerMessage): void {
  if (!('epoch' in message) || NOT_WITHIN.has(message.type)) return;
  if (session.call?.id !== message.match || session.epochTold !== message.epoch) {
    throw new Violation('I7', `${session.subject} is sent ${message.type}, and is not in the call`);
  }
  const own = canaryOf(message.match);
  const stray = canariesIn(textOf(message)).find((canary) => canary !== own);
  if (stray !== undefined) throw new Violation('I7', `${message.type} of another match strayed in`);
}

function textOf(message: ServerMessage): string {
  if (message.type === 'chat.line') return message.line.text;
  return signalIn(message) ?? '';
}

/** What a frame tells of where the other person is; null for other frames. */
export function signalIn(message: ServerMessage): string | null {
  if (message.type === 'signal.candidate') return message.candidate.candidate;
  return message.type === 'signal.offer' || message.type === 'signal.answer' ? message.sdp : null;
}

/** The offer that comes with a match was made for the search of the other person. */
export function checkOffer(match: Match, offer: { readonly to: 'a' | 'b'; readonly text: string }) {
  const from = offer.to === 'a' ? match.b : match.a;
  const isOther = from !== null && offer.text.includes(canaryOf(from.search.wish.ticket));
  if (canariesIn(offer.text).length === 0 || isOther) return;
  throw new Violation('I7', `the offer in ${match.id} is not of the other person's search`);
}

/** A call that comes back is that of the same two people. */
export function checkRestored(
  facts: Facts,
  session: Session,
  { match: id, side }: ServerMessageOf<'call.restored'>,
): Match {
  const match = facts.matches.get(id);
  const own = match?.[side];
  const isOwn = own?.subject === session.subject && own.deviceKey === session.deviceKey;
  if (match !== undefined && isOwn) return match;
  throw new Violation('I7', `${session.subject} is given the call ${id} of others`);
}

/** A page hears of each call under epochs that grow. */
export function checkEpoch({ epochs, subject }: PageEar, message: ServerMessage): void {
  if (message.type !== 'match.found' && message.type !== 'call.restored') return;
  const { match, epoch } = message;
  if (epoch <= (epochs.get(match) ?? 0)) {
    throw new Violation('I7', `${subject} hears that ${match} goes on under epoch ${epoch} again`);
  }
  epochs.set(match, epoch);
}
