import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { forgetUnseenLines, placeOf } from './chat-log.ts';
import {
  canariesIn,
  canaryOf,
  type MatchModel,
  type MatchSide,
  type SessionModel,
  sidesOf,
} from './model.ts';
import type { Oracle } from './oracle.ts';
import { rejoinMatch } from './rejoin-frames.ts';
import { checkSignal, createShown } from './signals.ts';
import { checkRestoredMode } from './video-frames.ts';
import { Violation } from './violation.ts';
import { checkMayMeet, checkShared } from './who-may-meet.ts';

/** How a match begins, comes back and ends, as its people are told. */
export function findMatch(
  oracle: Oracle,
  session: SessionModel,
  message: ServerMessageOf<'match.found'>,
): void {
  const { search } = session;
  if (session.match !== null) throw new Violation('I1', `${session.subject} is in two matches`);
  if (search === null || search.wish.ticket !== message.ticket) {
    throw new Violation('I1', `${session.subject} is matched without a search`);
  }
  const side: MatchSide = {
    subject: session.subject,
    deviceKey: session.deviceKey,
    session,
    wish: search,
    allowsDirect: false,
    saysVideo: false,
    restoresAs: message.mode,
    received: 0,
    lacksUpTo: 0,
    letGo: new Set(),
    releasedInStep: -1,
    hasOffered: false,
    shown: createShown(),
  };
  const match = oracle.model.matches.get(message.match) ?? createMatch(oracle, message);
  if (match[message.side] !== null || match.openedAtMs !== oracle.nowMs) {
    throw new Violation('I1', `a third person is in the match ${match.id}`);
  }
  match[message.side] = side;
  session.search = null;
  session.match = match;
  session.epochTold = message.epoch;
  const { subject } = session;
  oracle.model.receipts.set(message.receipt, { match, subject, mode: message.mode });
  const { offer, side: to } = message;
  oracle.told.set(
    match,
    offer === undefined ? (oracle.told.get(match) ?? null) : { to, text: offer },
  );
}

/** I1, I2, I7: a match is of two people who may meet, and brings along the one's offer. */
export function checkFound(
  oracle: Oracle,
  match: MatchModel,
  offer: { readonly to: 'a' | 'b'; readonly text: string } | null,
): void {
  const { a, b } = match;
  if (a === null || b === null) {
    throw new Violation('I1', `only one person was told of the match ${match.id}`);
  }
  checkShared(match.sharedTold, a.wish, b.wish);
  checkMayMeet(match.id, a.wish, b.wish, oracle.known, oracle.nowMs);
  oracle.standings.checkOffer(match, match.isVideoOffered);
  oracle.known.meet(match.id, a.subject, b.subject);
  if (offer === null) return;
  const from = offer.to === 'a' ? b : a;
  const { wish } = from.wish;
  const { place } = from.session;
  from.hasOffered = true;
  checkSignal(oracle.rules, offer.text, { place, isDirectAgreed: false, shown: from.shown });
  if (!canariesIn(offer.text).length) return;
  if (!offer.text.includes(canaryOf(wish.ticket))) {
    throw new Violation('I7', `the offer in ${match.id} is not of the other person's search`);
  }
}

function createMatch(oracle: Oracle, message: ServerMessageOf<'match.found'>): MatchModel {
  const match: MatchModel = {
    id: message.match,
    openedAtMs: oracle.nowMs,
    offerer: (message.role === 'offerer') === (message.side === 'a') ? 'a' : 'b',
    epoch: message.epoch,
    mode: message.mode,
    turnedInStep: -1,
    receiptWallMs: oracle.wallMs,
    state: 'live',
    overAtMs: 0,
    a: null,
    b: null,
    lines: [],
    said: new Map(),
    pages: { a: null, b: null },
    sharedTold: message.sharedInterests,
    isVideoOffered: message.videoOffered === true,
    isEndHeard: false,
    reopenedInStep: -1,
    rejoins: 0,
    rejoinedInStep: -1,
    causeStep: -1,
  };
  oracle.model.matches.set(match.id, match);
  oracle.counts.matches += 1;
  return match;
}

/**
 * The same call, the same two people, under another epoch: after a restart, or since one of the two
 * is on a new page. That it is a later one is for the page to hear.
 */
export function restoreMatch(
  oracle: Oracle,
  session: SessionModel,
  message: ServerMessageOf<'call.restored'>,
): void {
  const match = oracle.model.matches.get(message.match);
  const side = match?.[message.side];
  if (match === undefined || side === undefined || side === null) {
    throw new Violation('I7', `${session.subject} is given a call that never was`);
  }
  if (side.subject !== session.subject || side.deviceKey !== session.deviceKey) {
    throw new Violation('I7', `${session.subject} is given somebody else's call`);
  }
  if (session.match !== null && session.match !== match) {
    throw new Violation('I1', `${session.subject} is in two matches`);
  }
  const { subject } = session;
  oracle.model.receipts.set(message.receipt, { match, subject, mode: message.mode });
  side.session = session;
  session.epochTold = message.epoch;
  // What it missed tells it what the other side heard before, and maybe what came of it.
  const isKnown = message.epoch <= match.epoch && session.resumedInStep === oracle.step;
  if (isKnown) {
    session.match = match;
    session.restoring = null;
    return;
  }
  if (match.isEndHeard) throw new Violation('I7', `${match.id} is over, and comes back`);
  match.isVideoOffered = message.videoOffered === true;
  if (message.newPage === true) {
    rejoinMatch(oracle, session, match, message);
    return;
  }
  if (match.state !== 'live') reopen(oracle, match, message);
  checkRestoredMode(match, message.mode);
  oracle.standings.checkRestores(session);
  oracle.standings.checkOffer(match, match.isVideoOffered);
  session.match = match;
  session.restoring = null;
}

function reopen(
  oracle: Oracle,
  match: MatchModel,
  message: ServerMessageOf<'call.restored'>,
): void {
  match.mode = [match.a, match.b].some((side) => side?.restoresAs === 'video') ? 'video' : 'text';
  match.state = 'live';
  match.reopenedInStep = oracle.step;
  match.epoch = message.epoch;
  match.rejoins = 0;
  match.receiptWallMs = oracle.wallMs;
  for (const side of sidesOf(match)) {
    side.allowsDirect = false;
    side.saysVideo = false;
    side.shown = createShown();
    side.lacksUpTo = side.received < placeOf(message) ? placeOf(message) : 0;
  }
  forgetUnseenLines(match);
  oracle.counts.restored += 1;
  // One of the two may have lost the socket while it waited: it hears of it when it is back.
  for (const session of oracle.model.sessions.values()) {
    if (session.restoring !== match) continue;
    session.restoring = null;
    session.match = match;
    for (const side of [match.a, match.b]) {
      if (side !== null && side.subject === session.subject) side.session = session;
    }
  }
}

export function endCall(
  oracle: Oracle,
  session: SessionModel,
  { match: id }: ServerMessageOf<'call.ended'>,
): void {
  const match = oracle.model.matches.get(id);
  if (match === undefined) return;
  const isKept = session.seat?.match === match;
  if (session.match !== match && session.restoring !== match && !isKept) {
    throw new Violation('I7', `${session.subject} is told of the end of ${id}, and is not in it`);
  }
  if (session.match === match) {
    session.match = null;
    session.lastMatch = match;
  }
  if (session.restoring === match) session.restoring = null;
  if (isKept) {
    session.seat = null;
    session.lastMatch = match;
  }
  oracle.endMatch(match);
}
