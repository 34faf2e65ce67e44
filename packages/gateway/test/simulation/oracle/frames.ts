import type { ClientMessage, ClientMessageOf as Said } from '@farandole/protocol/client-message';
import type { CloseReason } from '@farandole/protocol/close-codes';
import type { ServerMessageOf as Sent, ServerMessage } from '@farandole/protocol/server-message';
import { findLeaks } from '../../signal-policy/oracle.ts';
import { type Expectation, NOT_THEIRS, OUT_OF_ORDER, TAKEN_BEFORE } from '../expectation.ts';
import { check } from '../violation.ts';
import { canariesIn, canaryOf } from '../words.ts';
import { placeOf } from './chat.ts';
import {
  acrossFrom,
  callOf,
  type Facts,
  isOverflowed,
  type Match,
  type Session,
  type Socket,
  sidesOf,
} from './facts.ts';
import { checkLowered, checkMedia, moveDown, moveUp, noteAnswer, restoreMode } from './ladder.ts';
import type { Oracle } from './oracle.ts';

/** Messages that begin, restore or end a call. They are never sent during a call. */
const NOT_WITHIN: ReadonlySet<string> = new Set(['match.found', 'call.restored', 'call.ended']);

/** Updates the model with a frame of the node that the session receives for the first time. */
export function hear(oracle: Oracle, session: Session, message: ServerMessage): void {
  const { facts, records, standings } = oracle;
  const { subject } = session;
  checkWithin(session, message);
  if (session.call?.mode === 'question') checkNoMedia(session.call, message);
  switch (message.type) {
    case 'ticket.accepted':
      return startSearch(oracle, session, message.ticket);
    case 'ticket.refused':
      return refuseSearch(session, message);
    case 'invitation.created':
      facts.hosts.set(message.invitation, subject);
      return;
    case 'ticket.withdrawn':
      session.search = null;
      return;
    case 'match.found':
      return find(oracle, session, message);
    case 'call.restoring':
      standings.checkMayRestore(session);
      session.restoring = facts.matches.get(message.match) ?? null;
      session.asksRestore = null;
      return;
    case 'restore.refused':
      session.asksRestore = null;
      return;
    case 'call.restored':
      return restore(oracle, session, message);
    case 'call.ended':
      return end(oracle, session, message);
    case 'round.ending':
      return oracle.rounds.noticed(session);
    case 'chat.line':
      if (session.call !== null) oracle.chat.written(session, session.call, message);
      return;
    case 'chat.refused': {
      const said = session.call?.said.get(message.id);
      if (said !== undefined) said.isRefused = true;
      return;
    }
    case 'direct.updated':
      return noteDirect(session, message);
    case 'video.started':
    case 'mode.lowered':
      return changeMode(oracle, session, message);
    case 'video.refused':
      session.call?.agreed.delete(subject);
      return;
    case 'signal.offer':
    case 'signal.answer':
    case 'signal.candidate': {
      const { call } = session;
      // Frames that a resume sends again aren't checked, because they were filtered when the peer
      // may have had another address.
      if (call === null || session.resumedInStep === facts.step) return;
      if (message.type !== 'signal.candidate') checkMedia(call, message.sdp);
      return checkSignal(facts, textOf(message), call, session);
    }
    case 'block.accepted':
      return records.acknowledged('block', message.match, subject);
    case 'report.accepted':
      oracle.facts.counts.reports += 1;
      return records.acknowledged('report', session.reports.get(message.id), subject);
    case 'server.moving':
      oracle.untold.delete(session);
      return check(oracle.isDraining, 'I11', `${subject} hears of a drain that does not happen`);
    default:
  }
}

/**
 * I7: a frame of a call goes only to a session in that call, and names the epoch that the
 * session knows.
 */
function checkWithin(session: Session, message: ServerMessage): void {
  if (!('epoch' in message) || NOT_WITHIN.has(message.type)) return;
  const isIn = session.call?.id === message.match && session.epoch === message.epoch;
  check(isIn, 'I7', `${session.subject} is sent ${message.type}, and is not in the call`);
  const own = canaryOf(message.match);
  const stray = canariesIn(textOf(message)).find((canary) => canary !== own);
  check(stray === undefined, 'I7', `${message.type} of another match strayed in`);
}

/** I18: nothing of a media connection, and no change of the mode, comes to a question call. */
function checkNoMedia({ id }: Match, { type }: ServerMessage): void {
  const isMedia = /^(?:signal\.(?:offer|answer|candidate)|media\.|video\.|mode\.|direct\.)/.test(
    type,
  );
  check(!isMedia, 'I18', `${type} comes to the question call ${id}`);
}

/**
 * Returns the part of a message that the peer wrote: a chat line, a candidate or a description.
 * Empty for other messages.
 */
function textOf(message: ServerMessage): string {
  if (message.type === 'chat.line') return message.line.text;
  if (message.type === 'signal.candidate') return message.candidate.candidate;
  return message.type === 'signal.offer' || message.type === 'signal.answer' ? message.sdp : '';
}

/**
 * Checks rule SP-42: a relayed description or candidate contains only addresses that the policy
 * allows.
 */
function checkSignal(facts: Facts, text: string, match: Match, to: Session): void {
  const from = acrossFrom(match, to);
  if (from === null) return;
  const { relayMode } = facts.rules.config;
  const isAgreed = sidesOf(match).every(({ allowsDirect }) => allowsDirect);
  const isDirect = relayMode === 'until-consent' ? isAgreed : relayMode !== 'always';
  const { clientAddress, isLocal } = from.session.place;
  const ownHosts = isLocal ? facts.rules.localAddresses : [];
  const hosts = clientAddress === '127.0.0.1' ? ownHosts : [clientAddress];
  const leaks = findLeaks(text, {
    candidates: true,
    hosts: isDirect ? hosts : null,
    srflx: isDirect,
    relays: facts.rules.relayAddresses,
  });
  check(leaks.length === 0, 'SP-42', `a relayed text holds ${leaks.join('; ')}`);
}

function noteDirect(session: Session, message: Sent<'direct.updated'>): void {
  const { call } = session;
  if (call === null || message.epoch < call.epoch) return;
  for (const side of sidesOf(call)) {
    side.allowsDirect = side.session === session ? message.you : message.stranger;
  }
}

/** Checks SP-42 and I7: the SDP offer sent with a match belongs to the other user's search. */
export function checkOffer({ facts }: Oracle, match: Match, to: Session, offer: string): void {
  checkSignal(facts, offer, match, to);
  checkMedia(match, offer);
  const ticket = acrossFrom(match, to)?.search.wish.ticket ?? '';
  const isTheirs = canariesIn(offer).length === 0 || offer.includes(canaryOf(ticket));
  check(isTheirs, 'I7', `the offer in ${match.id} is not of the other person's search`);
}

function startSearch(oracle: Oracle, session: Session, ticket: string): void {
  const wish = session.wishes.get(ticket);
  const { subject } = session;
  check(wish !== undefined, 'protocol', `nobody asked for ${ticket}`);
  check(session.call === null, 'I1', `${subject} searches in a call`);
  check(!oracle.records.isMinor(session), 'I2', `the minor ${subject} searches`);
  oracle.standings.checkSearch(session, wish.mode);
  session.wishes.delete(ticket);
  // Trimming and lower case are enough to normalize the interests that simulated users write.
  const interests = new Set(wish.interests.map((each) => each.trim().toLowerCase()));
  const onlyShared = wish.onlyShared && interests.size > 0;
  const { nowMs } = oracle.facts;
  const since = { beganMs: session.askedAtMs.get(ticket) ?? nowMs, sinceMs: nowMs };
  session.askedAtMs.delete(ticket);
  session.search = { session, wish, interests, onlyShared, ...since };
  oracle.facts.use(session, interests);
}

/** I4: the node never refuses a search because of a call or search that has ended. */
function refuseSearch(session: Session, { ticket, reason }: Sent<'ticket.refused'>): void {
  session.wishes.delete(ticket);
  const { subject, search, restoring } = session;
  const isFree = callOf(session) === null && restoring === null;
  const isStale = reason === 'in-a-call' ? isFree : reason === 'already-searching' && !search;
  check(!isStale, 'I4', `${subject} is held in what is over: ${reason}`);
  if (search?.wish.ticket === ticket) session.search = null;
}

/**
 * I1: only a user in no call is matched, with exactly one other user, and both are notified in
 * the same step.
 */
function find(oracle: Oracle, session: Session, message: Sent<'match.found'>): void {
  const { subject, search } = session;
  check(session.call === null, 'I1', `${subject} is in two matches`);
  const isAsked = search?.wish.ticket === message.ticket;
  check(isAsked, 'I1', `${subject} is matched without a search`);
  const before = oracle.facts.matches.get(message.match);
  const isFree = !before || (oracle.found.has(before) && !before.sides.has(message.side));
  check(isFree, 'I1', `a third person is in the match ${message.match}`);
  oracle.facts.checkRead(session);
  const match = oracle.facts.found(session, search, message);
  if (before === undefined) oracle.facts.counts.matches += 1;
  const { offer } = message;
  const offered = offer === undefined ? oracle.found.get(match) : { to: session, offer };
  oracle.found.set(match, offered ?? null);
  checkNext(oracle, match, message);
}

function restore(oracle: Oracle, session: Session, message: Sent<'call.restored'>): void {
  const { facts, standings } = oracle;
  const match = facts.matches.get(message.match);
  const own = match?.sides.get(message.side)?.session;
  const isOwn = own?.subject === session.subject && own.deviceKey === session.deviceKey;
  const isTheirs = match !== undefined && isOwn;
  check(isTheirs, 'I7', `${session.subject} is given the call ${message.match} of others`);
  const isOne = session.call === null || session.call === match;
  check(isOne, 'I1', `${session.subject} is in two matches`);
  if (message.newPage !== true) standings.checkMayRestore(session);
  facts.checkRead(session);
  if (facts.isReopened(match, message)) restoreMode(match, message);
  const isNew = facts.restored(session, match, message);
  // The sides have their new sessions now, whose network may be another.
  if (session.resumedInStep !== facts.step) checkNext(oracle, match, message);
  if (isNew) oracle.facts.counts[message.newPage === true ? 'rejoined' : 'restored'] += 1;
}

function end(
  { facts, rounds }: Oracle,
  session: Session,
  { match: id, reason }: Sent<'call.ended'>,
): void {
  const match = facts.matches.get(id);
  if (match === undefined) return;
  if (reason === 'bell' && facts.live.has(match)) rounds.ended(match);
  const isIn = callOf(session) === match || session.restoring === match;
  check(isIn, 'I7', `${session.subject} hears the end of another call`);
  Object.assign(session, { restoring: null, asksRestore: null, call: null, seat: null });
  facts.endMatch(match);
}

function changeMode(
  oracle: Oracle,
  session: Session,
  message: Sent<'video.started'> | Sent<'mode.lowered'>,
): void {
  const { subject, call: match } = session;
  if (match === null) return;
  oracle.facts.receipts.set(message.receipt, { match, subject });
  const isUp = message.type === 'video.started';
  const isFirst = isUp ? moveUp(match, message) : moveDown(match, message);
  // Frames that a resume sends again aren't checked, because the user may have come back from a
  // network with fewer rights. The call ends in the same step if it is still in a forbidden mode.
  if (session.resumedInStep !== oracle.facts.step) {
    oracle.standings.checkCall(match);
    checkNext(oracle, match, message);
  }
  if (isFirst) oracle.facts.counts[isUp ? 'turned' : 'lowered'] += 1;
}

/** I9: the next mode is offered only to users who may be in it. */
function checkNext(
  { standings }: Oracle,
  match: Match,
  { videoOffered, next }: Pick<Sent<'match.found'>, 'videoOffered' | 'next'>,
): void {
  const offered = videoOffered === true ? 'video' : next;
  if (offered !== undefined) standings.checkCall(match, offered);
}

/** A page's frame, and the call that the page's user was in when the frame arrived. */
interface Meaning {
  readonly session: Session;
  readonly message: ClientMessage;
  readonly call: Match | null;
}

const REFUSALS = /^(block\.refused|block\.kept|report\.refused|restore\.refused)$/;
/** Messages that a user gets only because of an action of the other user in the call. */
const OF_THE_OTHER = /^(signal\.(offer|answer|candidate)|chat\.typing|media\.updated)$/;

/** Observes what the node sends and closes while the node handles one frame. */
export class Turn {
  readonly #socket: Socket;
  readonly sent: ServerMessage[] = [];
  closedFor: CloseReason | null = null;
  readonly #facts: Facts;
  expected: Expectation | null;
  /**
   * The frame's decoded message. Null if the frame must have another outcome than its message
   * type usually has.
   */
  meaning: Meaning | null = null;

  constructor(facts: Facts, socket: Socket, expected: Expectation | null) {
    this.#facts = facts;
    this.#socket = socket;
    this.expected = expected;
  }

  /** Called directly before the node reads this frame of the session. */
  reads(session: Session, message: ClientMessage): void {
    const inPlace = expectedOf(this.#facts, session, message);
    if (inPlace !== null) {
      this.expected = inPlace;
    } else if (this.expected?.kind !== 'refusal') {
      note(this.#facts, session, message);
      this.meaning = { session, message, call: callOf(session) };
    }
  }

  sends(to: Socket, message: ServerMessage): void {
    if (to !== this.#socket) return;
    this.sent.push(message);
    const isResumed = to.session?.resumedInStep === this.#facts.step;
    const isOwn = OF_THE_OTHER.test(message.type) && !isResumed;
    check(!isOwn, 'I7', `${to.log.subject} receives their own ${message.type}`);
  }

  /** GW-2: a frame must not close another user's socket. */
  closes(socket: Socket, reason: CloseReason): void {
    if (socket === this.#socket) this.closedFor = reason;
    const { subject } = socket.log;
    // A client that doesn't read is closed by the first frame that exceeds its queue limit.
    const isFull = reason === 'slow-consumer' && socket.session && isOverflowed(socket.session);
    const isOwn = subject === this.#socket.log.subject;
    check(isOwn || isFull === true, 'GW-2', `${subject} is closed for a frame of another`);
  }

  isRefused(): boolean {
    return this.sent.some(({ type }) => REFUSALS.test(type));
  }

  /**
   * Checks that the frame had its expected outcome. The node may instead close a client that is
   * over its rate limit or sanctioned.
   */
  check(): void {
    const { closedFor, expected } = this;
    if (expected === null || closedFor === 'too-fast' || closedFor === 'sanctioned') return;
    const others = this.sent.filter(({ type }) => type !== 'link.ack');
    const came = {
      close: closedFor !== null && (expected.reasons ?? []).includes(closedFor),
      silence: closedFor === null && others.length === 0,
      refusal: this.isRefused(),
    }[expected.kind];
    const sent = closedFor ?? (others.map(({ type }) => type).join(', ') || 'nothing');
    const { subject } = this.#socket.log;
    check(came, expected.breaks, `${subject} expects ${expected.kind}, and ${sent} came`);
  }
}

/**
 * Returns the outcome that a frame must have in the current state, or null if several are
 * allowed.
 */
function expectedOf(facts: Facts, session: Session, message: ClientMessage): Expectation | null {
  if (message.type === 'session.hello') return OUT_OF_ORDER;
  if ('ack' in message && message.ack !== undefined) {
    if (message.ack > session.sent) return OUT_OF_ORDER;
    facts.acknowledge(session, message.ack);
    if ('seq' in message) {
      session.readsAcks = true;
      facts.counts.acksUp += 1;
    }
  }
  if ('seq' in message) {
    if (message.seq <= session.taken) return TAKEN_BEFORE;
    if (message.seq !== session.taken + 1) return OUT_OF_ORDER;
    session.taken = message.seq;
  }
  if (!('match' in message) || isOf(session.call, message)) return null;
  const awaited = session.restoring ?? session.seat?.match;
  return message.type === 'call.end' && awaited?.id === message.match ? null : NOT_THEIRS;
}

/** Updates the model before the node handles the frame. */
function note({ receipts, nowMs }: Facts, session: Session, message: ClientMessage): void {
  if (message.type === 'ticket.create') {
    const { ticket } = message;
    session.wishes.set(ticket, message);
    if (!session.askedAtMs.has(ticket)) session.askedAtMs.set(ticket, nowMs);
  }
  if (message.type === 'video.consent') noteAnswer(session, message);
  if (message.type !== 'report.create' && message.type !== 'call.restore') return;
  const receipt = receipts.get(message.receipt);
  if (receipt === undefined) return;
  const { match, subject } = receipt;
  if (message.type === 'report.create') session.reports.set(message.id, match.id);
  else if (session.restoring === null && subject === session.subject) {
    session.asksRestore = match;
    const own = sidesOf(match).find((side) => side.session.subject === subject);
    if (own !== undefined) own.received = placeOf({ counters: message.received });
  }
}

/** Updates the model after the node has handled the frame. */
export function understand(oracle: Oracle, meaning: Meaning, turn: Turn): void {
  const { session, message, call } = meaning;
  const { facts } = oracle;
  switch (message.type) {
    case 'session.leave':
      oracle.leaving.add(session);
      return facts.mustEndNow(call);
    case 'age.declare':
      if (message.answer !== 'minor') return;
      oracle.records.refuseAge(session);
      // The declaration also ends the calls of the device's other cookies. The node may already
      // have reported the end of some of them.
      for (const match of [...facts.live, ...facts.ended]) {
        const keys = sidesOf(match).map((side) => side.session.deviceKey);
        if (keys.includes(session.deviceKey)) facts.mustEndNow(match);
      }
      return;
    case 'ticket.widen': {
      // The search may still wait for what the store knows.
      const wish = session.wishes.get(message.ticket);
      if (wish !== undefined) session.wishes.set(wish.ticket, { ...wish, onlyShared: false });
      if (session.search?.wish.ticket !== message.ticket) return;
      session.search.onlyShared = false;
      session.search.sinceMs = facts.nowMs;
      return;
    }
    case 'call.end':
      if (isOf(call, message)) facts.mustEndNow(call);
      return;
    case 'round.answer':
      return oracle.rounds.answered(session, message);
    case 'mode.lower':
      if (isOf(call, message) && facts.live.has(call)) checkLowered(call, message);
      return;
    case 'block.create':
    case 'report.create':
      return part(oracle, meaning, message, turn);
    default:
  }
}

function part(
  { facts, records }: Oracle,
  { session, call }: Meaning,
  message: Said<'block.create'> | Said<'report.create'>,
  turn: Turn,
): void {
  const { match, subject } = facts.receipts.get(message.receipt) ?? {};
  if (match === undefined || subject !== session.subject) return;
  match.causeStep = facts.step;
  const refusal = turn.sent.find((each) => each.type === 'report.refused');
  const isBusy = refusal?.reason === 'too-fast' || refusal?.reason === 'not-stored';
  const mayRefuse = refusal === undefined || isBusy || !facts.live.has(match);
  check(mayRefuse, 'I8', `${subject} reports ${match.id}: ${refusal?.reason}`);
  if (turn.isRefused()) return;
  const kind = message.type === 'block.create' ? 'block' : 'report';
  const how = { kind, match: match.id, isLive: call === match } as const;
  for (const [seat, side] of match.sides) {
    const isMeant = message.of === undefined || message.of === seat;
    if (isMeant && side.session.subject !== subject) records.block(how, session, side.session);
  }
  facts.mustEndNow(match);
}

function isOf(
  call: Match | null,
  of: { readonly match: string; readonly epoch: number },
): call is Match {
  return call !== null && call.id === of.match && call.epoch === of.epoch;
}
