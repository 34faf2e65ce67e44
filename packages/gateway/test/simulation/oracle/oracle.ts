import type { ClientMessage, ClientMessageOf } from '@farandole/protocol/client-message';
import type { CloseReason } from '@farandole/protocol/close-codes';
import {
  DRAIN_DEADLINE_MS,
  RECEIPT_LIFETIME_MS,
  RESTORE_WINDOW_MS,
  RESUME_GRACE_MS,
} from '@farandole/protocol/limits';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import { CREDIT_LIMITS } from '../../../src/limits.ts';
import type { GatewayCounts, JournalRecord } from '../../../src/ports.ts';
import type { PageFrame } from '../../support/client-stream.ts';
import type { Place, WorldRules } from '../rules.ts';
import { Acquaintance } from './acquaintance.ts';
import { Bounds, checkCounts, type Held } from './bounds.ts';
import { Chat, placeOf } from './chat.ts';
import { checkOffer, checkRestored, checkShown, checkWithin } from './crossing.ts';
import { Disk } from './disk.ts';
import { Entry, Turn } from './entry.ts';
import { type Expectation, NOT_THEIRS, OUT_OF_ORDER, TAKEN_BEFORE } from './expectation.ts';
import {
  callOf,
  Facts,
  isDrowned,
  isOnTheLine,
  type Match,
  mayBeDrowned,
  type Session,
  sidesOf,
} from './facts.ts';
import { MayMeet, spelled } from './may-meet.ts';
import type { PageEar } from './page-ear.ts';
import type { Recent } from './recent.ts';
import { checkSignal, checkTold } from './signals.ts';
import { type Decided, Standings } from './standings.ts';
import { Violation } from './violation.ts';

/** How long a match that is over is remembered. */
const REMEMBERED_MS = 4 * 60_000;
const NEVER = Number.POSITIVE_INFINITY;

/** What a frame means to the call of its sender, as it was when the frame came. */
interface Meaning {
  readonly message: ClientMessage;
  readonly call: Match | null;
  /** The call of before a restart that must come back, or wait. */
  readonly restores: { readonly match: Match; readonly isAwaited: boolean } | null;
}

/**
 * Holds the node to its promises from the outside. It reads frames at both ends, sockets that open
 * and close, the records of the disk, and what the node counts; nothing else of the node.
 */
export class Oracle {
  readonly facts: Facts;
  readonly known: Acquaintance;
  readonly standings: Standings;
  readonly entry: Entry;
  readonly recent: Recent;
  readonly counts = {
    ...{ sessions: 0, resumes: 0, overtakings: 0, matches: 0, lines: 0, restored: 0, rejoined: 0 },
    ...{ turned: 0, reports: 0, shownOut: 0, turnedAway: 0, keptToText: 0, letGo: 0 },
  };
  /** A running mark of all that the node has said. */
  heard = 0;
  readonly #disk: Disk;
  readonly #chat: Chat;
  readonly #bounds: Bounds;
  readonly #mayMeet: MayMeet;
  #turn: Turn | null = null;
  #meaning: Meaning | null = null;
  /** Of this step: matches that were found, sessions that left, that overflowed, to tell of a drain. */
  readonly #found = new Map<Match, { to: 'a' | 'b'; text: string } | null>();
  readonly #leaving = new Set<Session>();
  readonly #drowned = new Set<Session>();
  readonly #untold = new Set<Session>();
  #reports = new WeakMap<Session, Map<string, string>>();
  #drainEndsAtMs = NEVER;

  constructor(rules: WorldRules, recent: Recent) {
    const facts = new Facts(rules);
    this.facts = facts;
    this.recent = recent;
    this.known = new Acquaintance(facts);
    this.standings = new Standings(facts);
    this.entry = new Entry(facts);
    this.#disk = new Disk(facts);
    this.#chat = new Chat(facts);
    this.#bounds = new Bounds({ facts, known: this.known, disk: this.#disk, chat: this.#chat });
    this.#mayMeet = new MayMeet(facts, this.known, this.standings);
    facts.onSessionClosed = (session) => this.#bounds.closed(session);
    facts.onMet = (match) => this.#noteMet(match);
  }

  #noteMet({ id, a, b }: Match): void {
    if (a !== null && b !== null) this.known.met(id, a.subject, b.subject);
  }

  // Steps.

  beginStep(nowMs: number, wallMs: number): void {
    this.facts.step += 1;
    this.facts.nowMs = nowMs;
    this.facts.wallMs = wallMs;
  }

  endStep(): void {
    for (const session of this.#leaving) {
      if (session.isOpen) throw new Violation('I4', `${session.subject} left, and is still there`);
    }
    for (const session of this.#drowned) {
      if (session.isOpen) throw new Violation('I10', `too much is kept for ${session.subject}`);
    }
    for (const session of this.#untold) {
      if (session.isOpen) throw new Violation('I11', `${session.subject} hears of no drain`);
    }
    this.#leaving.clear();
    this.#drowned.clear();
    this.#untold.clear();
    this.standings.endStep();
    this.#chat.endStep();
    for (const [match, offer] of this.#found) this.#checkFound(match, offer);
    this.#found.clear();
    this.#checkEnds();
    this.counts.lines = this.#chat.lines;
    this.counts.letGo = this.#chat.letGo;
    this.counts.keptToText = this.standings.keptToText;
  }

  #checkFound(match: Match, offer: { to: 'a' | 'b'; text: string } | null): void {
    this.#mayMeet.checkFound(match);
    this.#noteMet(match);
    const from = offer?.to === 'a' ? match.b : match.a;
    if (offer === null || from === null) return;
    checkSignal(this.facts, offer.text, match, from);
    checkOffer(match, offer);
  }

  /** I4: what ends a call frees both in this step. I12: no call ends that nobody ended. */
  #checkEnds(): void {
    const { mustEnd, ended, step } = this.facts;
    for (const match of mustEnd) {
      checkFreed(match);
      this.facts.endMatch(match);
    }
    for (const match of ended) {
      checkFreed(match);
      // A session without a socket may have ended unseen.
      const unseen = sidesOf(match).find(({ session }) => mayBeDrowned(session));
      if (match.causeStep !== step && unseen === undefined) {
        throw new Violation('I12', `the call ${match.id} ended, and nobody had ended it`);
      }
    }
    mustEnd.clear();
    ended.clear();
  }

  // Sockets.

  socketOpens(id: string, ear: PageEar, place: Place): void {
    const openedAtMs = this.facts.nowMs;
    this.facts.sockets.set(id, { id, ear, place, openedAtMs, hello: null, session: null });
  }

  /** The node hears that a socket is gone. */
  nodeLosesSocket(id: string, code: number): void {
    this.recent.note(this.facts.nowMs, 'closed', id, String(code));
    const session = this.facts.sockets.get(id)?.session ?? null;
    this.facts.sockets.delete(id);
    if (session === null) return;
    if (code === 1000 || code === 1001 || this.#isLostTooOften(session)) {
      this.facts.closeSession(session);
    } else this.facts.detach(session);
  }

  /** Who loses the socket in a call again and again is lost for good. */
  #isLostTooOften(session: Session): boolean {
    if (session.call?.state !== 'live') return false;
    const { burst, everyMs } = CREDIT_LIMITS.absence;
    const { nowMs } = this.facts;
    const [fullAtMs = 0] = session.absences;
    const from = Math.max(fullAtMs, nowMs);
    if (from - nowMs > (burst - 1) * everyMs) return true;
    session.absences = [from + everyMs];
    return false;
  }

  nodeCloses(id: string, reason: CloseReason): void {
    this.recent.note(this.facts.nowMs, 'node closes', id, reason);
    const socket = this.facts.socket(id);
    this.#turn?.closes(socket, reason);
    if (reason === 'sanctioned') {
      this.standings.checkShownOut(socket);
      this.counts[socket.session === null ? 'turnedAway' : 'shownOut'] += 1;
    }
    if (reason === 'superseded') this.counts.overtakings += 1;
    const { session } = socket;
    this.facts.sockets.delete(id);
    if (session !== null && reason !== 'superseded') this.facts.closeSession(session);
  }

  // Frames of the node.

  nodeSays(id: string, message: ServerMessage, text: string): void {
    this.recent.note(this.facts.nowMs, 'node says', id, text);
    this.heard = (Math.imul(this.heard, 31) + text.length + text.charCodeAt(text.length >> 1)) | 0;
    const socket = this.facts.socket(id);
    this.#turn?.says(socket, message);
    if (message.type === 'session.challenge' || message.type === 'standing.changed') return;
    if (message.type === 'session.opened') {
      this.entry.checkOpened(socket, message.session);
      if (this.#isDraining) throw new Violation('I11', `${socket.ear.subject} comes into a drain`);
      this.facts.opened(socket, message);
      this.counts.sessions += 1;
      this.#bounds.ticketsUsed += 1;
    } else if (message.type === 'session.resumed') {
      this.facts.acknowledge(
        this.entry.checkResumed(socket, message),
        socket.hello?.resume?.received ?? 0,
      );
      this.facts.resumed(socket, this.entry.checkResumed(socket, message));
      this.counts.resumes += 1;
      if (this.#isDraining && socket.session !== null) this.#untold.add(socket.session);
    }
    const { session } = socket;
    if (session === null) throw new Violation('protocol', `${message.type} before the hello`);
    if (message.type === 'session.opened' || message.type === 'session.resumed') {
      this.standings.entered(session, message.type === 'session.opened');
      this.#bounds.restoresUntilMs ??= this.facts.nowMs + RESTORE_WINDOW_MS;
      return;
    }
    if ('seq' in message) {
      if (!this.#chat.isNewFrame(session, message.seq, text)) return;
      if (isDrowned(session)) this.#drowned.add(session);
    }
    checkWithin(session, message);
    this.#hear(session, message);
  }

  #hear(session: Session, message: ServerMessage): void {
    switch (message.type) {
      case 'age.answered':
        if (message.refused || !this.known.isMinor(session.subject)) return;
        throw new Violation('I2', `${session.subject} said to be a minor, and is let in`);
      case 'ticket.accepted':
        this.#startSearch(session, message.ticket);
        return;
      case 'ticket.refused':
        this.#refuseSearch(session, message);
        return;
      case 'ticket.withdrawn':
        session.search = null;
        return;
      case 'match.found':
        this.#find(session, message);
        return;
      case 'call.restoring':
        this.standings.checkMayRestore(session);
        session.restoring = this.facts.matches.get(message.match) ?? null;
        return;
      case 'call.restored':
        this.#restore(session, message);
        return;
      case 'call.ended':
        this.#end(session, message.match);
        return;
      case 'chat.line':
        if (session.call !== null) this.#chat.written(session, session.call, message);
        return;
      case 'chat.refused': {
        const said = session.call?.said.get(message.id);
        if (said !== undefined) said.isRefused = true;
        return;
      }
      case 'video.started':
        this.#startVideo(session, message);
        return;
      case 'block.accepted':
        this.#disk.acknowledged('block', message.match, session.subject);
        return;
      case 'block.removed':
        this.#disk.removed(session, message.id);
        return;
      case 'report.accepted': {
        this.counts.reports += 1;
        const match = this.#reports.get(session)?.get(message.id);
        this.#disk.acknowledged('report', match, session.subject);
        return;
      }
      case 'server.moving':
        this.#untold.delete(session);
        if (this.#isDraining) return;
        throw new Violation('I11', `${session.subject} is told of a drain that there is not`);
      default:
        checkTold(this.facts, session, message);
    }
  }

  #startSearch(session: Session, ticket: string): void {
    const wish = session.wishes.get(ticket);
    const { subject } = session;
    if (wish === undefined) throw new Violation('protocol', `nobody asked for ${ticket}`);
    if (session.call !== null) throw new Violation('I1', `${subject} searches in a call`);
    if (this.known.isMinor(subject)) throw new Violation('I2', `the minor ${subject} searches`);
    if (!this.standings.mayBeIn(session, wish.mode)) {
      throw new Violation('I9', `${subject} may only write, and searches by video`);
    }
    session.wishes.delete(ticket);
    const { nowMs } = this.facts;
    const interests = new Set(wish.interests.map(spelled));
    const onlyShared = wish.onlyShared && interests.size > 0;
    const times = { acceptedAtMs: nowMs, widenedAtMs: nowMs };
    session.search = { session, wish, interests, onlyShared, ...times };
  }

  /** I4, I9: nobody is refused a search for what is over, nor for what nobody decided. */
  #refuseSearch(session: Session, { ticket, reason }: ServerMessageOf<'ticket.refused'>): void {
    session.wishes.delete(ticket);
    const { subject, search, restoring } = session;
    const isHeld = callOf(session) !== null || restoring !== null;
    const isStale =
      (reason === 'in-a-call' && !isHeld) || (reason === 'already-searching' && search === null);
    if (isStale) throw new Violation('I4', `${subject} is held in what is over: ${reason}`);
    const isNow = session.resumedInStep !== this.facts.step;
    if (reason === 'pool-full' && isNow && this.standings.mayOf(session) === 'meet') {
      throw new Violation('I9', `${subject} may meet everybody, and there is no pool`);
    }
    if (search?.wish.ticket === ticket) session.search = null;
  }

  /** I1: a person in no call is matched, with one other, in the same step. */
  #find(session: Session, message: ServerMessageOf<'match.found'>): void {
    const { subject, search } = session;
    if (session.call !== null) throw new Violation('I1', `${subject} is in two matches`);
    if (search === null || search.wish.ticket !== message.ticket) {
      throw new Violation('I1', `${subject} is matched without a search`);
    }
    const before = this.facts.matches.get(message.match);
    if (before !== undefined && (before[message.side] !== null || !this.#found.has(before))) {
      // A person who was away hears later of a match that the other side knows.
      throw new Violation('I1', `a third person is in the match ${message.match}`);
    }
    const match = this.facts.found(session, search, message);
    if (before === undefined) this.counts.matches += 1;
    const { offer, side: to } = message;
    const offered = offer === undefined ? (this.#found.get(match) ?? null) : { to, text: offer };
    this.#found.set(match, offered);
    if (message.videoOffered === true && match.a && match.b) this.standings.checkCall(match, true);
  }

  #restore(session: Session, message: ServerMessageOf<'call.restored'>): void {
    const match = this.facts.matches.get(message.match);
    checkRestored(session, match, message);
    if (session.call !== null && session.call !== match) {
      throw new Violation('I1', `${session.subject} is in two matches`);
    }
    const isNew = message.epoch > match.epoch;
    const isAfterRestart = match.state === 'suspended';
    if (message.newPage !== true) this.standings.checkMayRestore(session);
    this.facts.restored(session, match, message);
    if (!isNew) return;
    this.counts[isAfterRestart ? 'restored' : 'rejoined'] += 1;
    if (match.mode !== message.mode) {
      throw new Violation('PR-46', `${match.id} was by ${match.mode}, and is by ${message.mode}`);
    }
    this.standings.checkCall(match, message.videoOffered === true);
  }

  #end(session: Session, id: string): void {
    const match = this.facts.matches.get(id);
    if (match === undefined) return;
    const isIn = callOf(session) === match || session.restoring === match;
    if (!isIn) throw new Violation('I7', `${session.subject} hears the end of another call`);
    if (session.restoring === match) session.restoring = null;
    else session.lastCall = match;
    session.call = null;
    session.seat = null;
    this.facts.endMatch(match);
  }

  #startVideo(session: Session, { receipt }: ServerMessageOf<'video.started'>): void {
    const match = session.call;
    if (match === null) return;
    this.facts.receipts.set(receipt, { match, subject: session.subject, mode: 'video' });
    if (match.mode === 'video') return;
    match.mode = 'video';
    match.receiptWallMs = Math.min(match.receiptWallMs, this.facts.wallMs);
    for (const side of sidesOf(match)) {
      side.shown = { ufrags: '', lines: new Set() };
      if (!this.known.isMinor(side.subject)) continue;
      throw new Violation('I2', `the minor ${side.subject} is given video`);
    }
    this.standings.checkCall(match);
    this.counts.turned += 1;
  }

  // Frames of the pages.

  /** A frame of a page reaches the node, which has not read it yet. */
  nodeTakes(id: string, { text, message: said }: PageFrame): void {
    this.recent.note(this.facts.nowMs, 'page says', id, text);
    const socket = this.facts.socket(id);
    const expected = socket.ear.expects.get(text) ?? null;
    const begin = (expects: Expectation | null) => {
      this.#turn = new Turn(this.facts, socket, expects);
    };
    this.#meaning = null;
    if (expected?.kind === 'close') {
      begin(expected);
      return;
    }
    const message = said ?? (JSON.parse(text) as ClientMessage);
    if (socket.session === null) {
      if (message.type === 'session.hello') socket.hello = message;
      begin(expected);
      return;
    }
    this.facts.owe(socket.session, text.length);
    begin(this.#read(socket.session, message, expected?.kind === 'refusal') ?? expected);
  }

  /** What must come of a frame whatever it means, or null. */
  #read(session: Session, message: ClientMessage, isBogus: boolean): Expectation | null {
    if (message.type === 'session.hello') return OUT_OF_ORDER;
    if ('seq' in message) {
      if (message.seq <= session.taken) return TAKEN_BEFORE;
      if (message.seq !== session.taken + 1) return OUT_OF_ORDER;
      session.taken = message.seq;
      session.takenAtMs = this.facts.nowMs;
    }
    if ('ack' in message) {
      if (message.ack > session.sent) return OUT_OF_ORDER;
      this.facts.acknowledge(session, message.ack);
    }
    if ('match' in message && !isOf(session.call, message)) {
      const awaited = session.restoring ?? session.seat?.match;
      const isAwaited = message.type === 'call.end' && awaited?.id === message.match;
      if (!isAwaited) return NOT_THEIRS;
    }
    if (!isBogus) this.#mean(session, message);
    return null;
  }

  /** What a frame means, as far as the node must know while it reads it. */
  #mean(session: Session, message: ClientMessage): void {
    let restores: Meaning['restores'] = null;
    if (message.type === 'ticket.create') session.wishes.set(message.ticket, message);
    if (message.type === 'block.remove') this.#disk.unblocks(session, message.id);
    if (message.type === 'call.restore') restores = this.#asksToRestore(session, message);
    if (message.type === 'report.create') {
      const receipt = this.facts.receipts.get(message.receipt);
      const reports = this.#reports.get(session) ?? new Map<string, string>();
      this.#reports.set(session, reports);
      if (receipt !== undefined) {
        reports.set(message.id, receipt.match.id);
        this.#disk.reports(receipt.match, session.subject, message.lines);
      }
    }
    this.#meaning = { message, call: callOf(session), restores };
  }

  #asksToRestore(
    session: Session,
    { receipt: token, received }: ClientMessageOf<'call.restore'>,
  ): Meaning['restores'] {
    const receipt = this.facts.receipts.get(token);
    if (receipt === undefined || receipt.subject !== session.subject) return null;
    if (callOf(session) !== null || session.search !== null || session.restoring !== null) {
      return null;
    }
    const { match, mode } = receipt;
    const side = match.a?.subject === session.subject ? match.a : match.b;
    if (side !== null)
      Object.assign(side, { restoresAs: mode, received: placeOf({ counters: received }) });
    if (!this.#mayRestore(match) || this.standings.mayOf(session) !== 'meet') return null;
    const sessions = [...this.facts.sessions.values()];
    return { match, isAwaited: sessions.some(({ restoring }) => restoring === match) };
  }

  /** Whether the node has no reason to keep a call of before the restart from going on. */
  #mayRestore({ state, a, b, receiptWallMs }: Match): boolean {
    const { nowMs, wallMs } = this.facts;
    if (state !== 'suspended' || a === null || b === null || this.#isDraining) return false;
    if (nowMs >= (this.#bounds.restoresUntilMs ?? 0)) return false;
    if (wallMs - receiptWallMs >= RECEIPT_LIFETIME_MS) return false;
    if ([a, b].some(({ subject }) => this.known.isMinor(subject))) return false;
    return !this.known.isBlocked(a.subject, b.subject);
  }

  /** The node is done with the frame. */
  nodeHasTaken(): void {
    const turn = this.#turn;
    this.#turn = null;
    if (turn === null) return;
    turn.check();
    const { session, closedFor } = turn;
    if (this.#meaning === null || session === null || closedFor === 'too-fast') return;
    this.#understand(session, this.#meaning, turn);
  }

  #understand(session: Session, { message, call, restores }: Meaning, turn: Turn): void {
    switch (message.type) {
      case 'session.leave':
        this.#leaving.add(session);
        this.facts.mayEnd(call);
        return;
      case 'age.declare':
        if (message.answer !== 'minor') return;
        this.known.refuseAge(session.subject);
        this.facts.mayEnd(call);
        return;
      case 'ticket.widen':
        if (session.search?.wish.ticket !== message.ticket) return;
        session.search.onlyShared = false;
        session.search.widenedAtMs = this.facts.nowMs;
        return;
      case 'call.end':
        if (isOf(call, message)) this.facts.mayEnd(call);
        return;
      case 'block.create':
      case 'report.create':
        this.#part(session, message, turn);
        return;
      case 'call.restore':
        if (restores === null || !session.isOpen) return;
        if (restores.isAwaited ? restores.match.state === 'live' : session.restoring) return;
        throw new Violation('I12', `${session.subject} asked for ${restores.match.id} in vain`);
      default:
    }
  }

  #part(
    session: Session,
    message: ClientMessageOf<'block.create'> | ClientMessageOf<'report.create'>,
    turn: Turn,
  ): void {
    const receipt = this.facts.receipts.get(message.receipt);
    if (receipt === undefined || receipt.subject !== session.subject) return;
    const { match } = receipt;
    this.facts.cause(match);
    const refusal = turn.said.find(({ type }) => type === 'report.refused');
    if (refusal?.type === 'report.refused' && match.state === 'live') {
      if (refusal.reason === 'too-fast' || refusal.reason === 'not-stored') return;
      throw new Violation('I8', `${session.subject} reports ${match.id}: ${refusal.reason}`);
    }
    if (turn.isRefused()) return;
    const across = sidesOf(match).find(({ subject }) => subject !== session.subject);
    const kind = message.type === 'block.create' ? 'block' : 'report';
    if (across) this.known.block(kind, match.id, session.subject, across.subject);
    this.facts.mayEnd(match);
  }

  /** A frame reaches a page: true when it is new to the page. */
  pageHears(ear: PageEar, message: ServerMessage): boolean {
    if (!this.#chat.hears(ear, message)) return false;
    checkShown(this.facts, ear, message);
    if (message.type === 'chat.line') this.#chat.shown(ear, message);
    return true;
  }

  lineSaid(ear: PageEar, place: { match: string; epoch: number }, id: string, text: string): void {
    this.#chat.said(ear, place, id, text);
  }

  // The node's life, and its disk.

  get #isDraining(): boolean {
    return this.#drainEndsAtMs < NEVER;
  }

  nodeDies(): void {
    this.recent.note(this.facts.nowMs, 'dies', 'node', '');
    this.facts.nodeDies();
    this.#drainEndsAtMs = NEVER;
    this.#untold.clear();
  }

  nodeStarts(): void {
    this.recent.note(this.facts.nowMs, 'starts', 'node', '');
    for (const part of [this.known, this.entry, this.#disk, this.#bounds]) part.nodeStarts();
  }

  /** I11: all with a socket are told in this turn; those without one hear of it with the next. */
  nodeDrains(): void {
    this.#drainEndsAtMs = this.facts.nowMs + DRAIN_DEADLINE_MS;
    for (const session of this.facts.sessions.values()) {
      if (session.socket === null) session.search = null;
      else this.#untold.add(session);
    }
  }

  /** Before the node's tick: what is due by the clock alone. */
  beforeTick(): void {
    const { nowMs, sessions, matches } = this.facts;
    const hasDrained = nowMs >= this.#drainEndsAtMs;
    for (const session of [...sessions.values()]) {
      if (session.seat !== null && nowMs >= session.seat.untilMs) {
        this.facts.mayEnd(session.seat.match);
      }
      if (session.socket !== null) continue;
      if (hasDrained || nowMs - session.linkSinceMs >= RESUME_GRACE_MS) {
        this.facts.closeSession(session);
      }
    }
    if (hasDrained) for (const match of matches.values()) this.facts.cause(match);
  }

  nodeAppends(record: JournalRecord): void {
    this.known.appended(record);
    this.#disk.appended(record);
  }

  diskStores(record: JournalRecord): void {
    this.known.stored(record);
    this.#disk.stored(record);
  }

  diskLoses(record: JournalRecord, writtenAtMs: number): void {
    this.known.lost(record, writtenAtMs);
    this.#disk.lost(record);
  }

  // From time to time.

  checkAll(counts: GatewayCounts, held: Held): void {
    const sessions = [...this.facts.sessions.values()];
    checkCounts(this.facts, counts);
    this.#bounds.check(held, sessions);
    this.#mayMeet.checkWaiting(sessions);
    for (const session of sessions) this.#checkSession(session);
    const callOfSubject = new Map<string, Match>();
    for (const match of this.facts.matches.values()) {
      if (match.state === 'live') this.#checkMatch(match, callOfSubject);
    }
  }

  #checkSession(session: Session): void {
    const { subject, socket, call, search, restoring, seat } = session;
    if (this.facts.bySubject.get(subject) !== session) {
      throw new Violation('I1', `${subject} has two sessions`);
    }
    this.standings.checkMay(session);
    if (socket === null) return;
    const does = [call, search, restoring, seat].filter((each) => each !== null);
    if (does.length > 1) throw new Violation('I1', `${subject} does ${does.length} things at once`);
    const of = callOf(session);
    if (of === null) return;
    if (of.state !== 'live') throw new Violation('I4', `${subject} is held in ${of.id}`);
    const isOfNow = seat !== null || session.epochTold === of.epoch;
    if (!isOfNow) throw new Violation('I7', `${subject} is in another epoch of ${of.id}`);
  }

  #checkMatch(match: Match, callOfSubject: Map<string, Match>): void {
    const { id, a, b } = match;
    if (a === null || b === null) throw new Violation('I1', `one person alone is in ${id}`);
    for (const { session, subject } of [a, b]) {
      const other = callOfSubject.get(subject);
      if (other) throw new Violation('I1', `${subject} is in ${other.id} and in ${id}`);
      callOfSubject.set(subject, match);
      if (session.isOpen && callOf(session) === match) continue;
      throw new Violation('I4', `${id} goes on, and ${subject} is not in it`);
    }
    const bar = this.#mayMeet.personalBar(a.session, b.session);
    if (bar !== null) throw new Violation('I2', `${id} goes on, but ${bar}`);
    this.standings.checkCall(match);
  }

  /** @returns how many calls there were of which both people were there */
  checkAtRest(): number {
    let whole = 0;
    for (const match of this.facts.matches.values()) {
      const isThere = ({ session }: { readonly session: Session }) =>
        session.socket !== null && session.call === match;
      if (match.state !== 'live' || !sidesOf(match).every(isThere)) continue;
      this.#chat.checkAtRest(match);
      whole += 1;
    }
    this.facts.prune(REMEMBERED_MS);
    this.known.prune();
    return whole;
  }
}

function isOf(call: Match | null, of: { readonly match: string; readonly epoch: number }): boolean {
  return call !== null && call.id === of.match && call.epoch === of.epoch;
}

/** I4: who is on the line was told, in this step, that the call is over. */
function checkFreed(match: Match): void {
  for (const { session, subject } of sidesOf(match)) {
    if (!isOnTheLine(session, match)) continue;
    throw new Violation('I4', `${subject} is left in the call ${match.id}, which is over`);
  }
}
