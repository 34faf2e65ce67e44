import type { ClientMessage } from '@farandole/protocol/client-message';
import type { CloseReason } from '@farandole/protocol/close-codes';
import { DRAIN_DEADLINE_MS, RESTORE_WINDOW_MS, RESUME_GRACE_MS } from '@farandole/protocol/limits';
import type { ServerMessage } from '@farandole/protocol/server-message';
import { CREDIT_LIMITS } from '../../../src/limits.ts';
import type { JournalRecord } from '../../../src/ports.ts';
import type { PageFrame } from '../../support/client-stream.ts';
import type { Expectation } from '../expectation.ts';
import type { Recent } from '../recent.ts';
import type { Place, WorldRules } from '../rules.ts';
import { Acquaintance } from './acquaintance.ts';
import { Bounds } from './bounds.ts';
import { Chat } from './chat.ts';
import { checkEpoch, checkOffer, checkWithin } from './crossing.ts';
import { Disk } from './disk.ts';
import { Entry, Turn } from './entry.ts';
import {
  Facts,
  isDrowned,
  isOnTheLine,
  type Match,
  mayBeDrowned,
  type Session,
  sidesOf,
} from './facts.ts';
import { hear } from './frames.ts';
import { MayMeet } from './may-meet.ts';
import type { PageEar } from './page-ear.ts';
import { type Meaning, read, understand } from './page-frames.ts';
import { checkSignal } from './signals.ts';
import { Standings } from './standings.ts';
import { Violation } from './violation.ts';

const NEVER = Number.POSITIVE_INFINITY;

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
  readonly disk: Disk;
  readonly chat: Chat;
  readonly bounds: Bounds;
  readonly mayMeet: MayMeet;
  #turn: Turn | null = null;
  meaning: Meaning | null = null;
  /** Of this step: matches that were found, sessions that left, that overflowed, to tell of a drain. */
  readonly found = new Map<Match, { to: 'a' | 'b'; text: string } | null>();
  readonly leaving = new Set<Session>();
  readonly #drowned = new Set<Session>();
  readonly untold = new Set<Session>();
  readonly reports = new WeakMap<Session, Map<string, string>>();
  #drainEndsAtMs = NEVER;

  constructor(rules: WorldRules, recent: Recent) {
    const facts = new Facts(rules);
    this.facts = facts;
    this.recent = recent;
    this.known = new Acquaintance(facts);
    this.standings = new Standings(facts);
    this.entry = new Entry(facts);
    this.disk = new Disk(facts);
    this.chat = new Chat(facts);
    this.bounds = new Bounds({ facts, known: this.known, disk: this.disk, chat: this.chat });
    this.mayMeet = new MayMeet(facts, this.known, this.standings);
    facts.onSessionClosed = (session) => this.bounds.closed(session);
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
    for (const session of this.leaving) {
      if (session.isOpen) throw new Violation('I4', `${session.subject} left, and is still there`);
    }
    for (const session of this.#drowned) {
      if (session.isOpen) throw new Violation('I10', `too much is kept for ${session.subject}`);
    }
    for (const session of this.untold) {
      if (session.isOpen) throw new Violation('I11', `${session.subject} hears of no drain`);
    }
    this.leaving.clear();
    this.#drowned.clear();
    this.untold.clear();
    this.standings.endStep();
    for (const [match, offer] of this.found) this.#checkFound(match, offer);
    this.found.clear();
    this.#checkEnds();
    this.counts.lines = this.chat.lines;
    this.counts.letGo = this.chat.letGo;
    this.counts.keptToText = this.standings.keptToText;
  }

  #checkFound(match: Match, offer: { to: 'a' | 'b'; text: string } | null): void {
    this.mayMeet.checkFound(match);
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
    const from = Math.max(session.absencesFullAtMs, nowMs);
    if (from - nowMs > (burst - 1) * everyMs) return true;
    session.absencesFullAtMs = from + everyMs;
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
      if (this.isDraining) throw new Violation('I11', `${socket.ear.subject} comes into a drain`);
      this.facts.opened(socket, message);
      this.counts.sessions += 1;
      this.bounds.ticketsUsed += 1;
    } else if (message.type === 'session.resumed') {
      this.facts.acknowledge(
        this.entry.checkResumed(socket, message),
        socket.hello?.resume?.received ?? 0,
      );
      this.facts.resumed(socket, this.entry.checkResumed(socket, message));
      this.counts.resumes += 1;
      if (this.isDraining && socket.session !== null) this.untold.add(socket.session);
    }
    const { session } = socket;
    if (session === null) throw new Violation('protocol', `${message.type} before the hello`);
    if (message.type === 'session.opened' || message.type === 'session.resumed') {
      this.standings.entered(session, message.type === 'session.opened');
      this.bounds.restoresUntilMs ??= this.facts.nowMs + RESTORE_WINDOW_MS;
      return;
    }
    if ('seq' in message) {
      if (!this.chat.isNewFrame(session, message.seq, text)) return;
      if (isDrowned(session)) this.#drowned.add(session);
    }
    checkWithin(session, message);
    hear(this, session, message);
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
    this.meaning = null;
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
    begin(read(this, socket.session, message, expected?.kind === 'refusal') ?? expected);
  }

  /** The node is done with the frame. */
  nodeHasTaken(): void {
    const turn = this.#turn;
    this.#turn = null;
    if (turn === null) return;
    turn.check();
    const { session, closedFor } = turn;
    if (this.meaning === null || session === null || closedFor === 'too-fast') return;
    understand(this, session, this.meaning, turn);
  }

  /** A frame reaches a page: true when it is new to the page. */
  pageHears(ear: PageEar, message: ServerMessage): boolean {
    if (!this.chat.hears(ear, message)) return false;
    checkEpoch(ear, message);
    return true;
  }

  lineSaid(ear: PageEar, place: { match: string; epoch: number }, id: string, text: string): void {
    this.chat.said(ear.subject, place, id, text);
  }

  // The node's life, and its disk.

  get isDraining(): boolean {
    return this.#drainEndsAtMs < NEVER;
  }

  nodeDies(): void {
    this.recent.note(this.facts.nowMs, 'dies', 'node', '');
    this.facts.nodeDies();
    this.#drainEndsAtMs = NEVER;
    this.untold.clear();
  }

  nodeStarts(): void {
    this.recent.note(this.facts.nowMs, 'starts', 'node', '');
    for (const part of [this.known, this.entry, this.disk, this.bounds]) part.nodeStarts();
  }

  /** I11: all with a socket are told in this turn; those without one hear of it with the next. */
  nodeDrains(): void {
    this.#drainEndsAtMs = this.facts.nowMs + DRAIN_DEADLINE_MS;
    for (const session of this.facts.sessions.values()) {
      if (session.socket === null) session.search = null;
      else this.untold.add(session);
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
    this.disk.appended(record);
  }

  diskStores(record: JournalRecord): void {
    this.known.stored(record);
    this.disk.stored(record);
  }

  diskLoses(record: JournalRecord, writtenAtMs: number): void {
    this.known.lost(record, writtenAtMs);
    this.disk.lost(record);
  }
}

/** I4: who is on the line was told, in this step, that the call is over. */
function checkFreed(match: Match): void {
  for (const { session, subject } of sidesOf(match)) {
    if (!isOnTheLine(session, match)) continue;
    throw new Violation('I4', `${subject} is left in the call ${match.id}, which is over`);
  }
}
