import { RESUME_GRACE_MS } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { REJOINS_MAX } from '../../../src/limits.ts';
import { placeOf } from './chat-log.ts';
import { acrossFrom, type MatchModel, type Seat, type SessionModel, sidesOf } from './model.ts';
import type { Oracle } from './oracle.ts';
import { createShown } from './signals.ts';
import { Violation } from './violation.ts';

/** PR-63, PR-64: how a person who lost their page comes back to their call on another one. */

/** What becomes of the place of an older session; `isSure` where the node has no choice. */
export interface Keeping {
  readonly seat: Seat | null;
  readonly isSure: boolean;
}

export const NOTHING_KEPT: Keeping = { seat: null, isSure: true };

/** Whether the place that an older session has in a call is kept for the page on a socket. */
export function keepingFor(oracle: Oracle, connection: string, older: SessionModel): Keeping {
  const { hello, ear, place } = oracle.sockets.of(connection);
  const isNewPage = hello?.newPage === true && hello.resume === undefined;
  const isGone = older.connection === null && older.deviceKey === ear.deviceKey;
  const match = older.seat?.match ?? older.match;
  if (!isNewPage || !isGone || match === null || match.state !== 'live') return NOTHING_KEPT;
  const across = acrossFrom(match, older);
  if (across === null || across.session.seat !== null) return NOTHING_KEPT;
  if (match.rejoins >= REJOINS_MAX) return NOTHING_KEPT;
  const { subject, deviceKey } = ear;
  const may = oracle.known.decisions.mayOf({ subject, deviceKey, place });
  if (may !== 'meet' && match.mode === 'video') return NOTHING_KEPT;
  const untilMs = older.seat?.untilMs ?? older.linkSinceMs + RESUME_GRACE_MS;
  const seat = { match, untilMs };
  if (across.lacksUpTo === 0) return { seat, isSure: true };
  // What is written for somebody who is away is heard when they are back.
  return across.session.connection === null ? { seat, isSure: false } : NOTHING_KEPT;
}

/** The new session is told of the place, or of none. */
export function takeSeat(
  oracle: Oracle,
  session: SessionModel,
  older: SessionModel | undefined,
  { seat, isSure }: Keeping,
  rejoin: ServerMessageOf<'session.opened'>['rejoin'],
): void {
  const { subject } = session;
  if (rejoin === undefined) {
    if (seat === null || !isSure) return;
    throw new Violation('PR-63', `the place of ${subject} in ${seat.match.id} is not kept`);
  }
  const side = seat?.match[rejoin.side];
  if (seat === null || older === undefined || side === undefined || side === null) {
    throw new Violation('PR-63', `${subject} is offered ${rejoin.match}, without a place in it`);
  }
  const { match, untilMs } = seat;
  const role = match.offerer === rejoin.side ? 'offerer' : 'answerer';
  const isTrue =
    match.id === rejoin.match &&
    match.epoch === rejoin.epoch &&
    match.mode === rejoin.mode &&
    side.session === older &&
    role === rejoin.role;
  if (!isTrue) throw new Violation('PR-63', `${subject} is offered another call than ${match.id}`);
  const leftMs = Math.ceil(Math.max(0, untilMs - oracle.nowMs));
  if (rejoin.deadlineMs !== leftMs) {
    const told = `${rejoin.deadlineMs} ms, not ${leftMs}`;
    throw new Violation('PR-63', `the place of ${subject} in ${match.id} is kept for ${told}`);
  }
  oracle.model.receipts.set(rejoin.receipt, { match, subject, mode: rejoin.mode });
  match.receiptWallMs = Math.min(match.receiptWallMs, oracle.wallMs);
  older.match = null;
  older.seat = null;
  side.session = session;
  side.saysVideo = false;
  side.lacksUpTo = 0;
  session.seat = seat;
  oracle.standings.checkOffer(match, rejoin.videoOffered === true);
}

/** The page asks for the place that is kept for it, unless the receipt is of something else. */
export function askForSeat(oracle: Oracle, session: SessionModel, token: string): void {
  const receipt = oracle.model.receipts.get(token);
  if (session.seat === null || receipt?.match !== session.seat.match) return;
  if (receipt.subject !== session.subject) return;
  oracle.askedToRejoin.set(session, receipt.match);
}

/** The call goes on under the next epoch, as one of the two is told. */
export function rejoinMatch(
  oracle: Oracle,
  session: SessionModel,
  match: MatchModel,
  message: ServerMessageOf<'call.restored'>,
): void {
  if (match.rejoinedInStep !== oracle.step) beginAgain(oracle, match, message);
  if (message.epoch !== match.epoch || message.mode !== match.mode) {
    throw new Violation('PR-64', `${session.subject} is given ${match.id} as another call`);
  }
  session.match = match;
}

function beginAgain(
  oracle: Oracle,
  match: MatchModel,
  message: ServerMessageOf<'call.restored'>,
): void {
  const [asker] = [...oracle.askedToRejoin].find(([, of]) => of === match) ?? [];
  if (asker === undefined || match.state !== 'live' || message.epoch !== match.epoch + 1) {
    throw new Violation('PR-64', `${match.id} goes on on a new page, and nobody asked for it`);
  }
  match.epoch = message.epoch;
  match.rejoins += 1;
  match.rejoinedInStep = oracle.step;
  // Media begins as in a new call, and whatever either had agreed to is said again.
  match.reopenedInStep = -1;
  match.receiptWallMs = Math.min(match.receiptWallMs, oracle.wallMs);
  for (const side of sidesOf(match)) {
    side.allowsDirect = false;
    side.saysVideo = false;
    side.hasOffered = false;
    side.shown = createShown();
    side.lacksUpTo = side.session === asker ? placeOf(message) : 0;
  }
  asker.seat = null;
  asker.match = match;
  oracle.counts.rejoined += 1;
}

/** At the end of the step: the place was taken up, and whoever is there was told. */
export function checkRejoined(oracle: Oracle, match: MatchModel): void {
  if (match.state !== 'live') return;
  if (match.rejoinedInStep !== oracle.step) {
    throw new Violation('PR-64', `${match.id} was to go on on a new page, and does not`);
  }
  oracle.standings.checkCall(match);
  oracle.standings.checkOffer(match, match.isVideoOffered);
  for (const { session, subject } of sidesOf(match)) {
    if (session.connection === null || session.epochTold === match.epoch) continue;
    throw new Violation('PR-64', `${match.id} goes on, and ${subject} is not told`);
  }
}
