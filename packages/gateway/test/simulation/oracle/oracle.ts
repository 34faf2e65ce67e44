import type { ClientMessage } from '@farandole/protocol/client-message';
import type { CloseReason } from '@farandole/protocol/close-codes';
import {
  DRAIN_DEADLINE_MS,
  RECEIPT_LIFETIME_MS,
  RESTORE_WINDOW_MS,
  RESUME_GRACE_MS,
} from '@farandole/protocol/limits';
import type { ServerMessage } from '@farandole/protocol/server-message';
import type { GatewayCounts, JournalRecord } from '../../../src/ports.ts';
import { Acquaintance } from './acquaintance.ts';
import { checkChatAtRest } from './chat-log.ts';
import { canaryOf, type MatchModel, type SessionModel, sidesOf, WorldModel } from './model.ts';
import { hearNode } from './node-frames.ts';
import { hearAtPage, type PageEar } from './page-ear.ts';
import { hearPage } from './page-frames.ts';
import { Recent } from './recent.ts';
import { Violation } from './violation.ts';
import { checkWaiting } from './waiting.ts';
import { checkMayMeet } from './who-may-meet.ts';

/** How long what is over is remembered, for those who still speak of it. */
const REMEMBERED_MS = 20 * 60_000;

/**
 * Holds the node to its promises, from the outside: it hears what passes over the wire at both
 * ends, and when sockets come and go, and keeps a model of its own. Whatever a step touched is
 * checked at the end of the step, everything from time to time.
 */
export class Oracle {
  readonly model = new WorldModel();
  readonly known = new Acquaintance();
  readonly counts = {
    sessions: 0,
    resumes: 0,
    /** Resumes that came before the node had noticed that the older socket is gone. */
    overtakings: 0,
    matches: 0,
    lines: 0,
    restored: 0,
    reports: 0,
  };
  step = 0;
  nowMs = 0;
  wallMs = 0;
  /** A running mark of all that the node has said. */
  heard = 0;
  /** Matches whose people did, in this step, what must end it in this step. */
  readonly mustEnd = new Set<MatchModel>();
  /** Matches that ended in this step. */
  readonly ended = new Set<MatchModel>();
  /** Matches that were told of in this step, with the offers that came along. */
  readonly told = new Map<MatchModel, { readonly to: 'a' | 'b'; readonly text: string } | null>();
  /** Who asked for a call of before a restart, in this step, and whether the other side waits. */
  readonly askedToRestore = new Map<SessionModel, { match: MatchModel; isAwaited: boolean }>();
  /** Blocks and reports that the node took in this step, unless it refuses them. */
  readonly askedToPart = new Map<SessionModel, MatchModel>();
  /** Sessions whose pages said, in this step, that they go. */
  readonly leaving = new Set<SessionModel>();
  readonly #ears = new Map<string, PageEar>();
  readonly #stored = new Set<string>();
  readonly recent: Recent;
  #said = 0;
  #drainEndsAtMs = Number.POSITIVE_INFINITY;
  #restoresUntilMs: number | null = null;

  /** @param recentEntries how many of the latest happenings are kept for a report */
  constructor(recentEntries: number) {
    this.recent = new Recent(recentEntries);
  }

  beginStep(nowMs: number, wallMs: number): void {
    this.step += 1;
    this.nowMs = nowMs;
    this.wallMs = wallMs;
    this.known.advance(nowMs, wallMs);
  }

  endStep(): void {
    if (this.leaving.size > 0) this.#checkLeft();
    if (this.told.size > 0) {
      for (const [match, offer] of this.told) this.#checkMatch(match, offer);
      this.told.clear();
    }
    if (this.askedToPart.size > 0) {
      for (const [session, match] of this.askedToPart) this.#part(session, match);
      this.askedToPart.clear();
    }
    if (this.askedToRestore.size > 0) this.#checkRestored();
    if (this.mustEnd.size > 0) {
      for (const match of this.mustEnd) {
        this.#checkFreed(match);
        this.endMatch(match);
      }
      this.mustEnd.clear();
    }
    if (this.ended.size > 0) this.#checkEnded();
  }

  #checkLeft(): void {
    for (const session of this.leaving) {
      if (session.isOpen) throw new Violation('I4', `${session.subject} left, and is still there`);
    }
    this.leaving.clear();
  }

  #checkRestored(): void {
    for (const [session, { match, isAwaited }] of this.askedToRestore) {
      if (isAwaited ? match.state === 'live' : session.restoring === match) continue;
      throw new Violation('I12', `${session.subject} asked for ${match.id}, and it is gone`);
    }
    this.askedToRestore.clear();
  }

  #checkEnded(): void {
    for (const match of this.ended) {
      this.#checkFreed(match);
      if (match.causeStep !== this.step) {
        throw new Violation('I12', `the call ${match.id} ended, and nobody had ended it`);
      }
    }
    this.ended.clear();
  }

  // Sockets.

  socketOpened(connection: string, ear: PageEar): void {
    this.#ears.set(connection, ear);
  }

  earOf(connection: string): PageEar {
    const ear = this.#ears.get(connection);
    if (ear === undefined) throw new Violation('protocol', `nobody opened ${connection}`);
    return ear;
  }

  /** The node hears that a socket is gone, before it does anything about it. */
  nodeLosesSocket(connection: string, code: number): void {
    this.recent.note(this.nowMs, 'closed', connection, String(code));
    this.#ears.delete(connection);
    const session = this.model.byConnection.get(connection);
    this.model.byConnection.delete(connection);
    if (session === undefined) return;
    if (code === 1000 || code === 1001) {
      this.closeSession(session);
    } else {
      session.connection = null;
      session.linkSinceMs = this.nowMs;
    }
  }

  /** The node closes a socket. */
  nodeCloses(connection: string, reason: CloseReason): void {
    this.recent.note(this.nowMs, 'node closes', connection, reason);
    if (reason === 'superseded') this.counts.overtakings += 1;
    const session = this.model.byConnection.get(connection);
    this.model.byConnection.delete(connection);
    if (session !== undefined && reason !== 'superseded') this.closeSession(session);
  }

  // Frames.

  nodeSays(connection: string, message: ServerMessage, text: string): void {
    this.recent.note(this.nowMs, 'node says', connection, text);
    this.heard = (Math.imul(this.heard, 31) + text.length + text.charCodeAt(text.length >> 1)) | 0;
    hearNode(this, connection, message, text);
  }

  nodeTakes(connection: string, message: ClientMessage, text: string): void {
    this.recent.note(this.nowMs, 'page says', connection, text);
    const session = this.model.byConnection.get(connection);
    if (session !== undefined) hearPage(this, session, message);
  }

  /** A frame reaches the page: true when it is new to the page. */
  pageHears(ear: PageEar, message: ServerMessage): boolean {
    return hearAtPage(this.model, ear, message);
  }

  /** A person says a line; whether and when it leaves the page is another matter. */
  lineSaid(ear: PageEar, matchId: string, epoch: number, id: string, text: string): void {
    const match = this.model.matches.get(matchId);
    const side = ear.sides.get(matchId);
    if (match === undefined || side === undefined) return;
    this.#said += 1;
    const place = this.#said;
    match.said.set(id, { side, epoch, text, place, isAccepted: false, isRefused: false });
  }

  // The node's life.

  nodeDies(): void {
    this.recent.note(this.nowMs, 'dies', 'node', '');
    for (const session of this.model.sessions.values()) session.isOpen = false;
    this.model.sessions.clear();
    this.model.byConnection.clear();
    this.model.bySubject.clear();
    this.#ears.clear();
    for (const match of this.model.matches.values()) {
      if (match.state !== 'live') continue;
      match.state = 'suspended';
      match.overAtMs = this.nowMs;
    }
    this.#drainEndsAtMs = Number.POSITIVE_INFINITY;
  }

  nodeStarts(): void {
    this.recent.note(this.nowMs, 'starts', 'node', '');
    this.#restoresUntilMs = null;
    this.known.restart();
  }

  nodeDrains(): void {
    this.#drainEndsAtMs = this.nowMs + DRAIN_DEADLINE_MS;
    // Whoever has no socket hears of it when there is one again.
    for (const session of this.model.sessions.values()) {
      if (session.connection === null) session.search = null;
    }
  }

  /** A hello was accepted: from the first one on, calls of before the restart may be asked for. */
  nodeAccepted(): void {
    this.#restoresUntilMs ??= this.nowMs + RESTORE_WINDOW_MS;
  }

  /** Whether the node has no reason to keep a call of before the restart from going on. */
  mayRestore({ state, a, b, receiptWallMs }: MatchModel): boolean {
    if (state !== 'suspended' || a === null || b === null) return false;
    if (this.#drainEndsAtMs < Number.POSITIVE_INFINITY) return false;
    if (this.#restoresUntilMs === null || this.nowMs >= this.#restoresUntilMs) return false;
    if (this.wallMs - receiptWallMs >= RECEIPT_LIFETIME_MS) return false;
    if ([a, b].some(({ subject }) => this.known.isRefusedForAge(subject))) return false;
    return !this.known.isBlocked(a.subject, b.subject);
  }

  /** Before the node's tick: what is due by the clock alone. */
  beforeTick(): void {
    const hasDrained = this.nowMs >= this.#drainEndsAtMs;
    for (const session of this.model.sessions.values()) {
      if (session.connection !== null) continue;
      const isOver = hasDrained || this.nowMs - session.linkSinceMs >= RESUME_GRACE_MS;
      if (isOver) this.closeSession(session);
    }
    if (hasDrained) for (const match of this.model.matches.values()) this.cause(match);
  }

  // The disk.

  diskStores(record: JournalRecord): void {
    if (record.kind === 'block' || record.kind === 'report') {
      this.#stored.add(`${record.kind} ${record.match} ${record.by}`);
    }
  }

  diskLoses(record: JournalRecord, writtenAtMs: number): void {
    this.known.lose(record, writtenAtMs);
  }

  /** I8: what is acknowledged is on disk. */
  checkStored(kind: 'block' | 'report', match: string, subject: string): void {
    if (!this.#stored.has(`${kind} ${match} ${subject}`)) {
      throw new Violation('I8', `a ${kind} on ${match} was acknowledged, and is not on disk`);
    }
  }

  // Everything at once.

  /** Recomputes what the node says of itself, and whether somebody waits in vain. */
  checkAll(counts: GatewayCounts): void {
    const sessions = [...this.model.sessions.values()];
    const expected: GatewayCounts = {
      online: sessions.filter(({ connection }) => connection !== null).length,
      detached: sessions.filter(({ connection }) => connection === null).length,
      waiting: sessions.filter(({ search }) => search !== null).length,
      calls: [...this.model.matches.values()].filter(({ state }) => state === 'live').length,
    };
    for (const key of ['online', 'detached', 'waiting', 'calls'] as const) {
      if (counts[key] !== expected[key]) {
        throw new Violation('I4', `${key}: the node counts ${counts[key]}, not ${expected[key]}`);
      }
    }
    checkWaiting(sessions, this.known, this.nowMs);
    this.model.prune(this.nowMs, REMEMBERED_MS);
    this.known.prune();
  }

  /** After everybody has been silent for a while, without faults. */
  checkAtRest(): void {
    for (const match of this.model.matches.values()) {
      if (match.state !== 'live') continue;
      const isWhole = sidesOf(match).every(({ session }) => session.connection !== null);
      if (isWhole) checkChatAtRest(match);
    }
  }

  // For the parts that hear frames.

  /** Somebody did what may end the match. */
  cause(match: MatchModel): void {
    match.causeStep = this.step;
  }

  /** The match is over, with this step. */
  endMatch(match: MatchModel): void {
    if (match.state === 'over') return;
    if (match.state === 'live') {
      this.ended.add(match);
      if (match.a !== null && match.b !== null) {
        this.known.meet(match.id, match.a.subject, match.b.subject);
      }
    }
    match.state = 'over';
    match.overAtMs = this.nowMs;
  }

  closeSession(session: SessionModel): void {
    session.isOpen = false;
    session.search = null;
    if (session.connection !== null) this.model.byConnection.delete(session.connection);
    this.model.sessions.delete(session.id);
    if (this.model.bySubject.get(session.subject) === session) {
      this.model.bySubject.delete(session.subject);
    }
    const { match, lastMatch, restoring } = session;
    // Who goes while waiting for the other side gives the call up.
    if (restoring !== null && restoring.state === 'suspended') restoring.state = 'over';
    // The page was told first that its call is over, and then that its session is.
    if (lastMatch !== null && this.ended.has(lastMatch)) this.cause(lastMatch);
    if (match === null || match.state === 'suspended') return;
    this.cause(match);
    if (match.state === 'live') this.mustEnd.add(match);
  }

  #part(session: SessionModel, match: MatchModel): void {
    const across = sidesOf(match).find(({ subject }) => subject !== session.subject);
    if (across !== undefined) this.known.block(session.subject, across.subject);
    if (match.state === 'live') this.mustEnd.add(match);
  }

  /** I4: whoever is on the line has been told, in this step, that the call is over. */
  #checkFreed(match: MatchModel): void {
    for (const { session, subject } of sidesOf(match)) {
      if (session.isOpen && session.connection !== null && session.match === match) {
        throw new Violation('I4', `${subject} is left in the call ${match.id}, which is over`);
      }
    }
  }

  /** I1, I2, I7: a match is of two people who may meet, and brings along the one's offer. */
  #checkMatch(match: MatchModel, offer: { to: 'a' | 'b'; text: string } | null): void {
    const { a, b } = match;
    if (a === null || b === null) {
      throw new Violation('I1', `only one person was told of the match ${match.id}`);
    }
    checkMayMeet(a.wish, b.wish, this.known, this.nowMs);
    this.known.meet(match.id, a.subject, b.subject);
    if (offer === null) return;
    const { wish } = (offer.to === 'a' ? b : a).wish;
    if (!offer.text.includes(canaryOf(wish.ticket))) {
      throw new Violation('I7', `the offer in ${match.id} is not of the other person's search`);
    }
  }
}
