import type { ServerMessage } from '@farandole/protocol/server-message';
import { CANDIDATES_PER_GENERATION_MAX } from '../../../src/signal-policy/limits.ts';
import { findLeaks } from '../../signal-policy/oracle.ts';
import { signalIn } from './crossing.ts';
import {
  acrossFrom,
  type Facts,
  type Match,
  nothingShown,
  type Session,
  type Side,
} from './facts.ts';
import { Violation } from './violation.ts';

/** SP-42: a text of one side tells the other only what the policy lets through, and so much of it. */
export function checkSignal(facts: Facts, text: string, match: Match, from: Side): void {
  const { relayMode } = facts.rules.config;
  const isAgreed = match.a?.allowsDirect === true && match.b?.allowsDirect === true;
  const isDirect =
    relayMode === 'direct' ||
    relayMode === 'fallback' ||
    (relayMode === 'until-consent' && isAgreed);
  const leaks = findLeaks(text, {
    candidates: true,
    hosts: isDirect ? hostsOf(facts, from.session) : null,
    srflx: isDirect,
    relays: facts.rules.relayAddresses,
  });
  if (leaks.length > 0) throw new Violation('SP-42', `what passed holds ${leaks.join('; ')}`);
  countShown(text, from);
}

function hostsOf({ rules }: Facts, { place }: Session): readonly string[] {
  if (place.clientAddress !== '127.0.0.1') return [place.clientAddress];
  return place.isLocal ? rules.localAddresses : [];
}

function countShown(text: string, { shown }: Side): void {
  if (text.startsWith('v=')) {
    const ufrags = [...new Set(text.match(/^a=ice-ufrag:.*$/gm) ?? [])].join();
    if (ufrags !== shown.ufrags) shown.lines.clear();
    shown.ufrags = ufrags;
  }
  for (const [line] of text.matchAll(/candidate:[^\r\n]*/g)) shown.lines.add(line);
  const reflexive = [...shown.lines].filter((line) => line.includes(' typ srflx'));
  const ofSix = reflexive.filter((line) => line.split(' ')[4]?.includes(':') === true).length;
  const isTooMany = ofSix > 1 || reflexive.length - ofSix > 1;
  if (isTooMany || shown.lines.size > CANDIDATES_PER_GENERATION_MAX) {
    throw new Violation('SP-42', `${shown.lines.size} candidates of one side passed`);
  }
}

/** What the node passes on of a side, in a call. */
export function checkTold(facts: Facts, session: Session, message: ServerMessage): void {
  if (message.type === 'direct.updated') noteDirect(session, message);
  const text = signalIn(message);
  const match = session.call;
  const across = match === null ? null : acrossFrom(match, session);
  if (text === null || match === null || across === null) return;
  // What was missed was written when the other person may have been elsewhere.
  if (session.resumedInStep === facts.step) {
    across.shown = nothingShown();
    return;
  }
  checkSignal(facts, text, match, across);
}

function noteDirect(
  session: Session,
  { you, stranger, epoch }: Extract<ServerMessage, { type: 'direct.updated' }>,
): void {
  const { call } = session;
  const across = call === null ? null : acrossFrom(call, session);
  if (call === null || across === null || epoch < call.epoch) return;
  const own = call.a === across ? call.b : call.a;
  if (own === null) return;
  const wasAgreed = own.allowsDirect && across.allowsDirect;
  own.allowsDirect = you;
  across.allowsDirect = stranger;
  if (wasAgreed === (you && stranger)) return;
  for (const side of [own, across]) side.shown = nothingShown();
}
