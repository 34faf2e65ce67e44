import type { GatewayCounts } from '../../../src/ports.ts';
import { countDetached } from './backlogs.ts';
import type { Held } from './bounds.ts';
import { checkChatAtRest } from './chat-log.ts';
import { type MatchModel, type MatchSide, type SessionModel, sidesOf } from './model.ts';
import type { Oracle } from './oracle.ts';
import { Violation } from './violation.ts';
import { checkWaiting } from './waiting.ts';
import { personalBar } from './who-may-meet.ts';

/** Everything at once, whatever the steps have touched: what a step overlooks is found here. */
export function checkAll(oracle: Oracle, counts: GatewayCounts, held: Held): void {
  const sessions = [...oracle.model.sessions.values()];
  checkCounts(oracle, sessions, counts);
  oracle.bounds.check(held, sessions);
  checkWaiting(sessions, oracle.known, oracle.nowMs);
  checkMatches(oracle);
  for (const session of sessions) checkSession(oracle, session);
  oracle.history.check();
}

/** @returns how many calls there were of which both people were there */
export function checkCallsAtRest(oracle: Oracle): number {
  let whole = 0;
  for (const match of oracle.model.matches.values()) {
    if (match.state !== 'live') continue;
    const isWhole = sidesOf(match).every(
      ({ session }) => session.connection !== null && session.match === match,
    );
    if (!isWhole) continue;
    checkChatAtRest(match);
    whole += 1;
  }
  return whole;
}

/** I4: what the node says of itself. */
function checkCounts(
  { model }: Oracle,
  sessions: readonly SessionModel[],
  counts: GatewayCounts,
): void {
  const expected: GatewayCounts = {
    online: sessions.filter(({ connection }) => connection !== null).length,
    detached: countDetached(sessions),
    waiting: sessions.filter(({ search }) => search !== null).length,
    calls: [...model.matches.values()].filter(({ state }) => state === 'live').length,
  };
  for (const key of ['online', 'detached', 'waiting', 'calls'] as const) {
    if (counts[key] !== expected[key]) {
      throw new Violation('I4', `${key}: the node counts ${counts[key]}, not ${expected[key]}`);
    }
  }
}

/** I1, I2, I4, I7: every live call is of two people who are in it, and in no other, and may be. */
function checkMatches(oracle: Oracle): void {
  const callOf = new Map<string, MatchModel>();
  for (const match of oracle.model.matches.values()) {
    if (match.state !== 'live') continue;
    const { a, b } = match;
    if (a === null || b === null) throw new Violation('I1', `one person alone is in ${match.id}`);
    for (const side of [a, b]) {
      const other = callOf.get(side.subject);
      if (other !== undefined) {
        throw new Violation('I1', `${side.subject} is in ${other.id} and in ${match.id}`);
      }
      callOf.set(side.subject, match);
      checkSide(match, side);
    }
    // A block of now is on the call of now, and ends it; one on an older call may leave it.
    const bar = personalBar(a.session, b.session, oracle.known);
    if (bar !== null) throw new Violation('I2', `${match.id} goes on, but ${bar}`);
    oracle.standings.checkCall(match);
  }
}

function checkSide(match: MatchModel, { session, subject, deviceKey }: MatchSide): void {
  const isIn = session.match === match || session.seat?.match === match;
  if (!session.isOpen || !isIn) {
    throw new Violation('I4', `${match.id} goes on, and ${subject} is not in it`);
  }
  if (session.subject !== subject || session.deviceKey !== deviceKey) {
    throw new Violation('I7', `${session.subject} has the place of ${subject} in ${match.id}`);
  }
}

/** I1, I7: whoever has a socket does one thing, and is where they were told to be. */
function checkSession(oracle: Oracle, session: SessionModel): void {
  const { subject, connection, match, search, restoring, seat } = session;
  if (oracle.model.bySubject.get(subject) !== session) {
    throw new Violation('I1', `${subject} has two sessions`);
  }
  oracle.standings.checkMay(session);
  if (connection === null) return;
  const does = [match, search, restoring, seat?.match ?? null].filter((each) => each !== null);
  if (does.length > 1) throw new Violation('I1', `${subject} does ${does.length} things at once`);
  const call = match ?? seat?.match ?? null;
  if (call === null) return;
  if (call.state !== 'live') throw new Violation('I4', `${subject} is held in ${call.id}`);
  const isSide = sidesOf(call).some((side) => side.session === session);
  const isOfNow = seat !== null || session.epochTold === call.epoch;
  if (!isSide || !isOfNow) throw new Violation('I7', `${subject} strayed into ${call.id}`);
}
