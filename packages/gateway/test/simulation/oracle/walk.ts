import type { GatewayCounts } from '../../../src/ports.ts';
import { checkCounts, type Held } from './bounds.ts';
import { callOf, type Match, type Session, sidesOf } from './facts.ts';
import type { Oracle } from './oracle.ts';
import { Violation } from './violation.ts';

/** How long a match that is over is remembered. */
const REMEMBERED_MS = 4 * 60_000;

/** Everything at once, from time to time: what a step overlooks is found here. */
export function checkAll(oracle: Oracle, counts: GatewayCounts, held: Held): void {
  const sessions = [...oracle.facts.sessions.values()];
  checkCounts(oracle.facts, counts);
  oracle.bounds.check(held, sessions);
  oracle.mayMeet.checkWaiting(sessions);
  for (const session of sessions) checkSession(oracle, session);
  const callOfSubject = new Map<string, Match>();
  for (const match of oracle.facts.matches.values()) {
    if (match.state === 'live') checkMatch(oracle, match, callOfSubject);
  }
}

function checkSession(oracle: Oracle, session: Session): void {
  const { subject, socket, call, search, restoring, seat } = session;
  if (oracle.facts.bySubject.get(subject) !== session) {
    throw new Violation('I1', `${subject} has two sessions`);
  }
  oracle.standings.checkMay(session);
  if (socket === null) return;
  const does = [call, search, restoring, seat].filter((each) => each !== null);
  if (does.length > 1) throw new Violation('I1', `${subject} does ${does.length} things at once`);
  const of = callOf(session);
  if (of === null) return;
  if (of.state !== 'live') throw new Violation('I4', `${subject} is held in ${of.id}`);
  const isOfNow = seat !== null || session.epochTold === of.epoch;
  if (!isOfNow) throw new Violation('I7', `${subject} is in another epoch of ${of.id}`);
}

function checkMatch(oracle: Oracle, match: Match, callOfSubject: Map<string, Match>): void {
  const { id, a, b } = match;
  if (a === null || b === null) throw new Violation('I1', `one person alone is in ${id}`);
  for (const { session, subject } of [a, b]) {
    const other = callOfSubject.get(subject);
    if (other) throw new Violation('I1', `${subject} is in ${other.id} and in ${id}`);
    callOfSubject.set(subject, match);
    if (session.isOpen && callOf(session) === match) continue;
    throw new Violation('I4', `${id} goes on, and ${subject} is not in it`);
  }
  const bar = oracle.mayMeet.personalBar(a.session, b.session);
  if (bar !== null) throw new Violation('I2', `${id} goes on, but ${bar}`);
  oracle.standings.checkCall(match);
}

/** @returns how many calls there were of which both people were there */
export function checkAtRest(oracle: Oracle): number {
  let whole = 0;
  for (const match of oracle.facts.matches.values()) {
    const isThere = ({ session }: { readonly session: Session }) =>
      session.socket !== null && session.call === match;
    if (match.state !== 'live' || !sidesOf(match).every(isThere)) continue;
    oracle.chat.checkAtRest(match);
    whole += 1;
  }
  oracle.facts.prune(REMEMBERED_MS);
  oracle.known.prune();
  return whole;
}
