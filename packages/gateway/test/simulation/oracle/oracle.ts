import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import type { ClientMessage } from '@farandole/protocol/client-message';
import type { CloseReason } from '@farandole/protocol/close-codes';
import {
  RECEIPT_LIFETIME_MS,
  RESTORE_WINDOW_MS,
  RESUME_GRACE_MS,
} from '@farandole/protocol/limits';
import type { ServerMessage } from '@farandole/protocol/server-message';
import type { GatewayCounts, JournalRecord } from '../../../src/ports.ts';
import type { PageFrame } from '../../support/client-stream.ts';
import type { WorldRules } from '../rules.ts';
import { Acquaintance } from './acquaintance.ts';
import { Backlogs, countDetached } from './backlogs.ts';
import { Bounds } from './bounds.ts';
import { noteSaid } from './chat-log.ts';
import { Drain } from './drain.ts';
import { TOO_FAST } from './expectation.ts';
import { HeldLines } from './held-lines.ts';
import { History } from './history.ts';
import { Ledger } from './ledger.ts';
import { checkFound } from './match-frames.ts';
import {
  acrossFrom,
  callOf,
  isOnTheLine,
  type MatchModel,
  type SessionModel,
  sidesOf,
  WorldModel,
} from './model.ts';
import { hearNode } from './node-frames.ts';
import { hearAtPage, type PageEar } from './page-ear.ts';
import { hearPage } from './page-frames.ts';
import type { Recent } from './recent.ts';
import { checkRejoined } from './rejoin-frames.ts';
import { Sockets } from './sockets.ts';
import { Standings } from './standings.ts';
import { Tickets } from './tickets.ts';
import { Turn } from './turn.ts';
import { Unblocks } from './unblocks.ts';
import { checkTurned } from './video-frames.ts';
import { Violation } from './violation.ts';

/** How long what is over is remembered, for those who still speak of it. */
const REMEMBERED_MS = 4 * 60_000;

/** Somebody wants no more of the person across: by a block, or by a report. */
export interface AskedToPart {
  readonly kind: 'block' | 'report';
  readonly match: MatchModel;
}

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
    /** Calls that went on on a new page. */
    rejoined: 0,
    /** Text calls that went on by video. */
    turned: 0,
    reports: 0,
    /** Sockets of people who are kept out: with a session, and at the hello. */
    shownOut: 0,
    turnedAway: 0,
    /** Calls by video that ended since one of the two may only write. */
    keptToText: 0,
    /** How often lines no longer waited for older ones, since they were too many. */
    letGo: 0,
  };
  step = 0;
  nowMs = 0;
  wallMs = 0;
  /** A running mark of all that the node has said. */
  heard = 0;
  /** Matches whose people did, in this step, what must end it in this step. */
  readonly mustEnd = new Set<MatchModel>();
  /** Text calls whose two people have now both said yes to video. */
  readonly mustTurn = new Set<MatchModel>();
  /** Matches that ended in this step. */
  readonly ended = new Set<MatchModel>();
  /** Matches that were told of in this step, with the offers that came along. */
  readonly told = new Map<MatchModel, { readonly to: 'a' | 'b'; readonly text: string } | null>();
  /** Who asked for a call of before a restart, in this step, and whether the other side waits. */
  readonly askedToRestore = new Map<SessionModel, { match: MatchModel; isAwaited: boolean }>();
  /** Who asked, in this step, for the place in a call that is kept for them. */
  readonly askedToRejoin = new Map<SessionModel, MatchModel>();
  /** Blocks and reports that the node took in this step, unless it refuses them. */
  readonly askedToPart = new Map<SessionModel, AskedToPart>();
  /** Sessions whose pages said, in this step, that they go. */
  readonly leaving = new Set<SessionModel>();
  /** Sessions that were told, in this step, more than may be kept for them. */
  readonly drowned = new Set<SessionModel>();
  /** What is kept for those who have no socket. */
  readonly backlogs = new Backlogs();
  readonly rules: WorldRules;
  readonly recent: Recent;
  readonly tickets = new Tickets();
  readonly ledger = new Ledger();
  readonly unblocks = new Unblocks(this.ledger);
  readonly bounds: Bounds;
  readonly sockets = new Sockets();
  readonly drain = new Drain();
  readonly standings = new Standings(this);
  readonly history = new History();
  readonly heldLines: HeldLines;
  readonly #turn = new Turn(this);
  #said = 0;
  #restoresUntilMs: number | null = null;

  constructor(rules: WorldRules, recent: Recent) {
    this.rules = rules;
    this.known.keepsNetworksApart = rules.keepsNetworksApart;
    this.recent = recent;
    this.bounds = new Bounds(this);
    this.heldLines = new HeldLines(rules, this.counts);
  }

  beginStep(nowMs: number, wallMs: number): void {
    this.step += 1;
    this.nowMs = nowMs;
    this.wallMs = wallMs;
    this.known.advance(nowMs, wallMs);
  }

  /**
   * Before a step ends: where nobody can know whether too much was kept for a session without a
   * socket, its end is believed.
   */
  believe({ detached }: Pick<GatewayCounts, 'detached'>): void {
    for (const session of this.backlogs.doubted) {
      if (detached >= countDetached(this.model.sessions.values())) return;
      // Of several it is none whose end somebody on the line would have heard of.
      if (!this.#isAccompanied(session)) this.closeSession(session);
    }
  }

  /** Whether somebody across from them is on the line, in a call that goes on. */
  #isAccompanied(session: SessionModel): boolean {
    const call = callOf(session);
    if (call === null || call.state !== 'live') return false;
    const across = acrossFrom(call, session);
    return across !== null && isOnTheLine(across.session, call);
  }

  endStep(): void {
    if (this.leaving.size > 0) this.#checkLeft();
    if (this.drowned.size > 0) this.#checkDrowned();
    this.standings.check();
    this.drain.check();
    this.heldLines.check();
    if (this.told.size > 0) {
      for (const [match, offer] of this.told) checkFound(this, match, offer);
      this.told.clear();
    }
    if (this.askedToPart.size > 0) {
      for (const [session, asked] of this.askedToPart) this.#part(session, asked);
      this.askedToPart.clear();
    }
    if (this.askedToRestore.size > 0) this.#checkRestored();
    if (this.askedToRejoin.size > 0) {
      for (const match of this.askedToRejoin.values()) checkRejoined(this, match);
      this.askedToRejoin.clear();
    }
    if (this.mustTurn.size > 0) {
      for (const match of this.mustTurn) checkTurned(match);
      this.mustTurn.clear();
    }
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

  /** I10: so much is kept for a page, and no more: then its session ends. */
  #checkDrowned(): void {
    for (const session of this.drowned) {
      if (!session.isOpen) continue;
      const kept = session.sent - session.acknowledged;
      throw new Violation('I10', `${kept} frames are kept for ${session.subject}, who takes none`);
    }
    this.drowned.clear();
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

  /** The node hears that a socket is gone, before it does anything about it. */
  nodeLosesSocket(connection: string, code: number): void {
    this.recent.note(this.nowMs, 'closed', connection, String(code));
    this.sockets.closed(connection);
    const session = this.model.byConnection.get(connection);
    this.model.byConnection.delete(connection);
    if (session === undefined) return;
    // Who loses the socket in a call again and again is lost for good.
    const isTooOften = session.match?.state === 'live' && !session.says.take('absence', this.nowMs);
    if (code === 1000 || code === 1001 || isTooOften) {
      this.closeSession(session);
    } else {
      session.connection = null;
      session.linkSinceMs = this.nowMs;
      this.backlogs.linkChanged(session);
    }
  }

  /** The node closes a socket. */
  nodeCloses(connection: string, reason: CloseReason): void {
    this.recent.note(this.nowMs, 'node closes', connection, reason);
    this.#turn.closes(connection, reason);
    if (reason === 'sanctioned') this.standings.shownOut(connection);
    this.sockets.closed(connection);
    if (reason === 'superseded') this.counts.overtakings += 1;
    const session = this.model.byConnection.get(connection);
    this.model.byConnection.delete(connection);
    if (session !== undefined && reason !== 'superseded') this.closeSession(session);
  }

  // Frames.

  nodeSays(connection: string, message: ServerMessage, text: string): void {
    this.recent.note(this.nowMs, 'node says', connection, text);
    this.heard = (Math.imul(this.heard, 31) + text.length + text.charCodeAt(text.length >> 1)) | 0;
    this.#turn.says(connection, message);
    hearNode(this, connection, message, text);
  }

  /** A frame of a page's reaches the node. */
  nodeTakes(connection: string, { text, message: said }: PageFrame): void {
    this.recent.note(this.nowMs, 'page says', connection, text);
    const socket = this.sockets.of(connection);
    if (!socket.frames.take('frame', this.nowMs)) {
      this.#turn.begin(connection, socket.ear.subject, TOO_FAST);
      return;
    }
    // Nothing is expected of most pages, and a text costs its length to be looked up.
    const { expects } = socket.ear;
    const expected = expects.size === 0 ? null : (expects.get(text) ?? null);
    if (expected?.kind === 'close') {
      this.#turn.begin(connection, socket.ear.subject, expected);
      return;
    }
    const message = said ?? (JSON.parse(text) as ClientMessage);
    const session = this.model.byConnection.get(connection);
    if (session !== undefined) {
      this.backlogs.caused(session, text.length);
      const meant = hearPage(this, session, message, expected?.kind === 'refusal');
      this.#turn.begin(connection, socket.ear.subject, meant ?? expected);
      return;
    }
    if (message.type === 'session.hello') socket.hello = message;
    this.#turn.begin(connection, socket.ear.subject, expected);
  }

  /** The node has done with the frame. */
  nodeHasTaken(): void {
    this.#turn.end();
  }

  /** A frame reaches the page: true when it is new to the page. */
  pageHears(ear: PageEar, message: ServerMessage): boolean {
    return hearAtPage(this.model, ear, message);
  }

  /**
   * A person says a line; whether and when it leaves the page is another matter.
   *
   * @param place Of an epoch that has not begun, it counts if that begins before it arrives, and is
   *   nothing to the node else
   */
  lineSaid(
    ear: PageEar,
    place: { readonly match: string; readonly epoch: number },
    id: string,
    text: string,
  ): void {
    const match = this.model.matches.get(place.match);
    if (match === undefined) return;
    this.#said += 1;
    noteSaid(match, ear, id, { epoch: place.epoch, text, place: this.#said });
  }

  // The node's life.

  nodeDies(): void {
    this.recent.note(this.nowMs, 'dies', 'node', '');
    this.history.note({ op: 'all-gone' });
    for (const session of this.model.sessions.values()) session.isOpen = false;
    this.model.sessions.clear();
    this.backlogs.clear();
    this.model.byConnection.clear();
    this.model.bySubject.clear();
    this.drain.over();
    this.sockets.clear();
    for (const match of this.model.matches.values()) {
      if (match.state !== 'live') continue;
      match.state = 'suspended';
      match.overAtMs = this.nowMs;
    }
  }

  nodeStarts(): void {
    this.recent.note(this.nowMs, 'starts', 'node', '');
    this.#restoresUntilMs = null;
    this.known.restart();
    this.ledger.restart(this.wallMs);
    this.tickets.restart();
    this.bounds.restart();
  }

  nodeDrains(): void {
    // Whoever has no socket hears of it when there is one again.
    for (const session of this.model.sessions.values()) {
      if (session.connection !== null || session.search === null) continue;
      session.search = null;
      this.backlogs.told(session);
    }
    this.drain.begin(this.nowMs, this.model.sessions.values());
  }

  /** A hello was accepted: from the first one on, calls of before the restart may be asked for. */
  nodeAccepted(connection: string): void {
    this.sockets.of(connection).isAwaiting = false;
    this.#restoresUntilMs ??= this.nowMs + RESTORE_WINDOW_MS;
  }

  /** How many calls of before a restart the node may still hold: none once the window is over. */
  restoresMost(): number {
    const endsAtMs = (this.#restoresUntilMs ?? this.nowMs) + TICK_EVERY_MS;
    return this.nowMs < endsAtMs ? Number.POSITIVE_INFINITY : 0;
  }

  /** Whether the node has no reason to keep a call of before the restart from going on. */
  mayRestore({ state, a, b, receiptWallMs }: MatchModel): boolean {
    if (state !== 'suspended' || a === null || b === null) return false;
    if (this.drain.isOn) return false;
    if (this.#restoresUntilMs === null || this.nowMs >= this.#restoresUntilMs) return false;
    if (this.wallMs - receiptWallMs >= RECEIPT_LIFETIME_MS) return false;
    if ([a, b].some(({ subject }) => this.known.isRefusedForAge(subject))) return false;
    return !this.known.isBlocked(a.subject, b.subject);
  }

  /** Before the node's tick: what is due by the clock alone. */
  beforeTick(): void {
    const hasDrained = this.nowMs >= this.drain.endsAtMs;
    const seated: SessionModel[] = [];
    for (const session of this.model.sessions.values()) {
      if (session.seat !== null) seated.push(session);
      if (session.connection !== null) continue;
      const isOver = hasDrained || this.nowMs - session.linkSinceMs >= RESUME_GRACE_MS;
      if (isOver) this.closeSession(session);
    }
    for (const { seat, isOpen } of seated) {
      if (!isOpen || seat === null || this.nowMs < seat.untilMs) continue;
      this.cause(seat.match);
      if (seat.match.state === 'live') this.mustEnd.add(seat.match);
    }
    if (hasDrained) for (const match of this.model.matches.values()) this.cause(match);
  }

  // The disk.

  /** The node hands a record over. */
  nodeAppends(record: JournalRecord): void {
    this.bounds.appended(record);
    if (record.kind === 'age-refused') return;
    if (record.kind === 'block') this.known.mark(record);
    if (record.kind === 'unblock') this.unblocks.appended(record);
    const { matches, forgotten } = this.model;
    this.ledger.append(record, forgotten.has(record.match) ? null : matches.get(record.match));
  }

  diskStores(record: JournalRecord): void {
    this.bounds.settled(record);
    this.ledger.store(record);
    if (record.kind === 'block' || record.kind === 'unblock') this.known.store(record);
  }

  diskLoses(record: JournalRecord, writtenAtMs: number): void {
    this.bounds.settled(record);
    this.ledger.lose(record);
    this.known.lose(record, writtenAtMs);
  }

  // From time to time.

  /** Forgets what is so long ago that nobody speaks of it any more. */
  prune(): void {
    this.model.prune(this.nowMs, REMEMBERED_MS);
    this.known.prune();
    this.history.prune((match) => this.model.matches.has(match));
  }

  // For the parts that hear frames.

  /** Somebody did what may end the match. */
  cause(match: MatchModel): void {
    match.causeStep = this.step;
    this.backlogs.mayBeOver(match);
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
    this.history.note({ op: 'gone', subject: session.subject });
    this.bounds.closed(session);
    this.backlogs.forget(session);
    session.isOpen = false;
    session.search = null;
    if (session.connection !== null) this.model.byConnection.delete(session.connection);
    this.model.sessions.delete(session.id);
    if (this.model.bySubject.get(session.subject) === session) {
      this.model.bySubject.delete(session.subject);
    }
    const { lastMatch, restoring } = session;
    // Who goes while waiting for the other side gives the call up.
    if (restoring !== null && restoring.state === 'suspended') restoring.state = 'over';
    // The page was told first that its call is over, and then that its session is.
    if (lastMatch !== null && this.ended.has(lastMatch)) this.cause(lastMatch);
    const call = callOf(session);
    if (call === null || call.state === 'suspended') return;
    this.cause(call);
    if (call.state === 'live') this.mustEnd.add(call);
  }

  #part(session: SessionModel, { kind, match }: AskedToPart): void {
    const across = sidesOf(match).find(({ subject }) => subject !== session.subject);
    if (across !== undefined) {
      this.known.block(kind, match.id, session.subject, across.subject);
    }
    if (match.state === 'live') this.mustEnd.add(match);
  }

  /** I4: whoever is on the line has been told, in this step, that the call is over. */
  #checkFreed(match: MatchModel): void {
    for (const { session, subject } of sidesOf(match)) {
      if (isOnTheLine(session, match)) {
        throw new Violation('I4', `${subject} is left in the call ${match.id}, which is over`);
      }
    }
  }
}
