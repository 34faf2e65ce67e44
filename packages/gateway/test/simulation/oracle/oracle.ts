import type { ClientMessage } from '@farandole/protocol/client-message';
import type { CloseReason } from '@farandole/protocol/close-codes';
import { DRAIN_DEADLINE_MS, RESTORE_WINDOW_MS, RESUME_GRACE_MS } from '@farandole/protocol/limits';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import { CREDIT_LIMITS } from '../../../src/limits.ts';
import type { PersonFacts } from '../../../src/people.ts';
import type { GatewayCounts } from '../../../src/ports.ts';
import type { PageFrame } from '../../support/client-stream.ts';
import type { PageLog } from '../page-log.ts';
import type { ClientAddress, WorldRules } from '../rules.ts';
import type { NodeSizes } from '../sim-node.ts';
import { check } from '../violation.ts';
import { checkBounds } from './bounds.ts';
import { Chat, isNewFrame } from './chat.ts';
import {
  callOf,
  Facts,
  type Match,
  mayHaveOverflowed,
  pairsOf,
  type Session,
  type Socket,
  sidesOf,
} from './facts.ts';
import { checkOffer, hear, Turn, understand } from './frames.ts';
import { checkFound, checkWaiting, personalBar, Standings } from './may-meet.ts';
import { Records } from './records.ts';
import { Rounds } from './rounds.ts';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Checks the node's promises from outside. The oracle observes only frames at both ends, socket
 * opens and closes, records on disk, and the node's counts.
 */
export class Oracle {
  readonly facts: Facts;
  readonly records: Records;
  readonly standings: Standings;
  readonly chat: Chat;
  readonly rounds: Rounds;
  #turn: Turn | null = null;
  /** The hellos whose signature the node verifies later, by socket. */
  readonly #waiting = new Map<string, Turn>();
  /**
   * Matches that began in this simulation step, each with the SDP offer sent to one user, or
   * null.
   */
  readonly found = new Map<Match, { readonly to: Session; readonly offer: string } | null>();
  /**
   * Sessions that left in this simulation step. `untold` holds the sessions that must be
   * notified of the drain in this step.
   */
  readonly leaving = new Set<Session>();
  readonly untold = new Set<Session>();
  #drainEndsAtMs = NEVER;

  constructor(rules: WorldRules) {
    this.facts = new Facts(rules);
    this.records = new Records(this.facts);
    this.standings = new Standings(this.facts);
    this.chat = new Chat(this.facts);
    this.rounds = new Rounds(this.facts);
  }

  beginStep(nowMs: number, wallMs: number): void {
    Object.assign(this.facts, { step: this.facts.step + 1, nowMs, wallMs });
    this.rounds.advance();
  }

  endStep(): void {
    checkClosed('I4', this.leaving, 'left, and is still there');
    checkClosed('I11', this.untold, 'hears of no drain');
    this.standings.endStep();
    this.#checkEnds();
    for (const [match, offered] of this.found) {
      checkFound(this, match);
      this.records.met(match);
      if (offered !== null) checkOffer(this, match, offered.to, offered.offer);
    }
    this.found.clear();
  }

  /**
   * Checks two invariants. I4: an event that ends a call frees both users in the same step. I12:
   * no call ends without a cause.
   */
  #checkEnds(): void {
    const { mustEnd, ended, step } = this.facts;
    for (const match of mustEnd) this.facts.endMatch(match);
    for (const match of ended) {
      this.records.met(match);
      for (const { session } of sidesOf(match)) {
        const isFree = !session.isOpen || session.socket === null || callOf(session) !== match;
        check(isFree, 'I4', `${session.subject} is left in ${match.id}, which is over`);
      }
      const isUnseen = sidesOf(match).some(
        ({ session }) => session.mayBeOver || mayHaveOverflowed(session),
      );
      const hasCause = match.causeStep === step || isUnseen;
      check(hasCause, 'I12', `the call ${match.id} ended without a cause`);
    }
    mustEnd.clear();
    ended.clear();
  }

  socketOpens(id: string, log: PageLog, place: ClientAddress): void {
    const openedAtMs = this.facts.nowMs;
    this.facts.sockets.set(id, { id, log, place, openedAtMs, hello: null, session: null });
  }

  /** Called when the node learns that a socket was lost. */
  nodeLosesSocket(id: string, code: number): void {
    this.#waiting.delete(id);
    const session = this.facts.sockets.get(id)?.session ?? null;
    this.facts.sockets.delete(id);
    if (session === null) return;
    if (code === 1000 || code === 1001) {
      this.facts.closeSession(session);
      return;
    }
    const linkSinceMs = this.facts.nowMs;
    Object.assign(session, { socket: null, linkSinceMs, owedFrames: 0, owedChars: 0 });
    // All lost sockets count, because a detached session may hear of its call only at the resume.
    // A session that loses its socket too often during calls ends, and so does its call.
    session.losses += 1;
    if (session.call === null) return;
    if (session.losses <= CREDIT_LIMITS.absence.burst) return;
    session.call.causeStep = this.facts.step;
    session.mayBeOver = true;
  }

  nodeCloses(id: string, reason: CloseReason): void {
    const socket = this.facts.socket(id);
    const { session } = socket;
    this.#turn?.closes(socket, reason);
    this.#waiting.delete(id);
    const { counts } = this.facts;
    if (reason === 'sanctioned') counts[session === null ? 'turnedAway' : 'shownOut'] += 1;
    if (reason === 'superseded') counts.overtakings += 1;
    this.facts.sockets.delete(id);
    if (session !== null && reason !== 'superseded') this.facts.closeSession(session);
  }

  nodeSays(id: string, message: ServerMessage, text: string): void {
    const socket = this.facts.socket(id);
    this.#turn?.sends(socket, message);
    if (message.type === 'session.challenge' || message.type === 'standing.changed') return;
    if (message.type === 'session.opened') {
      check(!this.isDraining, 'I11', `${socket.log.subject} comes into a drain`);
      this.facts.opened(socket, message);
      this.facts.counts.sessions += 1;
    } else if (message.type === 'session.resumed') {
      const session = this.#checkResumed(socket, message);
      this.facts.acknowledge(session, socket.hello?.resume?.received ?? 0);
      this.facts.resumed(socket, session);
      this.facts.counts.resumes += 1;
      if (this.isDraining) this.untold.add(session);
    }
    const { session } = socket;
    check(session !== null, 'protocol', `${message.type} before the hello`);
    if (message.type === 'session.opened' || message.type === 'session.resumed') {
      this.standings.entered(session, message.type === 'session.opened');
      this.facts.restoresUntilMs ??= this.facts.nowMs + RESTORE_WINDOW_MS;
      return;
    }
    if ('seq' in message && message.ack !== undefined) {
      this.facts.counts.acksDown += 1;
      const mayCarry = session.readsAcks && message.ack <= session.taken;
      check(mayCarry, 'I6', `${socket.log.subject} is told ${message.ack} of ${session.taken}`);
    }
    if ('seq' in message && !isNewFrame(session, message.seq, text)) return;
    hear(this, session, message);
  }

  #checkResumed(socket: Socket, message: ServerMessageOf<'session.resumed'>): Session {
    const { subject } = socket.log;
    const session = this.facts.sessions.get(message.session);
    check(session !== undefined, 'I4', `${subject} resumes ${message.session}, which is over`);
    check(session.subject === subject, 'GW-10', `${subject} resumes another's session`);
    const { sent, acknowledged, taken } = session;
    const received = socket.hello?.resume?.received ?? 0;
    const isTrue = received <= sent && received >= acknowledged && message.received === taken;
    check(isTrue, 'I6', `${subject} resumes after ${received} of ${sent}, ${taken} taken`);
    return session;
  }

  /** Called when a page's frame reaches the node, before the node reads the frame. */
  nodeTakes(id: string, { text, message: said }: PageFrame): void {
    const socket = this.facts.socket(id);
    const { session } = socket;
    const turn = new Turn(this.facts, socket, socket.log.expects.get(text) ?? null);
    this.#turn = turn;
    if (turn.expected?.kind === 'close') return;
    const message = said ?? (JSON.parse(text) as ClientMessage);
    if (session === null) {
      if (message.type === 'session.hello') socket.hello = message;
      return;
    }
    this.facts.owe(session, text.length);
    turn.reads(session, message);
  }

  nodeHasTaken(): void {
    const turn = this.#turn;
    this.#turn = null;
    turn?.check();
    if (turn?.meaning && turn.closedFor !== 'too-fast') understand(this, turn.meaning, turn);
  }

  /** Called while the node reads a hello whose signature it will verify later. */
  nodeWaits(id: string): void {
    if (this.#turn !== null) this.#waiting.set(id, this.#turn);
    this.#turn = null;
  }

  /** Called when the signature of a hello is verified, before the node goes on with the hello. */
  nodeGoesOn(id: string): void {
    this.#turn = this.#waiting.get(id) ?? null;
    this.#waiting.delete(id);
  }

  get isDraining(): boolean {
    return this.#drainEndsAtMs < NEVER;
  }

  nodeDies(): void {
    this.facts.nodeDies();
    this.#waiting.clear();
    this.#drainEndsAtMs = NEVER;
    this.untold.clear();
  }

  /**
   * Called when the node takes what the store knows about a user. While the date was wrong, the node
   * may have taken a minor's declaration on the device for an old one. The age rule then ends the
   * calls of the device's other cookies only now.
   */
  personRead(facts: PersonFacts): void {
    const deviceKey = this.facts.personRead(facts);
    this.records.personRead(facts.subject, deviceKey);
    for (const match of this.facts.live) {
      const isAgeRead = sidesOf(match).some(({ session }) => {
        const isOfPerson = session.subject === facts.subject || session.deviceKey === deviceKey;
        return isOfPerson && this.records.mayBeMinor(session);
      });
      if (isAgeRead) match.causeStep = this.facts.step;
    }
  }

  nodeStarts(): void {
    this.records.nodeStarts();
  }

  /**
   * I11: the node notifies attached sessions of a drain in this step, and detached ones at their
   * resume.
   */
  nodeDrains(): void {
    this.#drainEndsAtMs = this.facts.nowMs + DRAIN_DEADLINE_MS;
    for (const session of this.facts.sessions.values()) {
      if (session.socket === null) session.search = null;
      else this.untold.add(session);
    }
  }

  /** Called before the node's tick. Ends everything in the model whose time is over. */
  beforeTick(): void {
    const { nowMs, sessions, live } = this.facts;
    const hasDrained = nowMs >= this.#drainEndsAtMs;
    for (const session of [...sessions.values()]) {
      const { seat, socket, linkSinceMs } = session;
      if (seat !== null && nowMs >= seat.untilMs) this.facts.mustEndNow(seat.match);
      if (socket !== null) continue;
      if (hasDrained || nowMs - linkSinceMs >= RESUME_GRACE_MS) this.facts.closeSession(session);
    }
    if (hasDrained) for (const match of live) match.causeStep = this.facts.step;
  }

  /**
   * Checks the whole state from time to time, to find violations that the checks of single steps
   * miss.
   */
  checkAll(counts: GatewayCounts, held: NodeSizes): void {
    checkBounds(this, counts, held);
    checkWaiting(this);
    for (const session of this.facts.sessions.values()) this.#checkSession(session);
    for (const match of this.facts.live) this.#checkMatch(match);
  }

  #checkSession(session: Session): void {
    const { subject, socket, call, search, restoring, seat, epoch } = session;
    check(this.facts.bySubject.get(subject) === session, 'I1', `${subject} has two sessions`);
    this.standings.checkSession(session);
    if (socket === null) return;
    const does = [call, search, restoring, seat].filter((each) => each !== null).length;
    check(does <= 1, 'I1', `${subject} does ${does} things at once`);
    const of = callOf(session);
    if (of === null) return;
    check(this.facts.live.has(of), 'I4', `${subject} is held in ${of.id}`);
    check(seat !== null || epoch === of.epoch, 'I7', `${subject} is in an old epoch of ${of.id}`);
  }

  #checkMatch(match: Match): void {
    const { id } = match;
    for (const { session } of sidesOf(match)) {
      const isIn = session.isOpen && callOf(session) === match;
      check(isIn, 'I4', `${id} goes on, and ${session.subject} is not in it`);
    }
    const pairs = pairsOf(match);
    check(pairs.length > 0, 'I1', `one person alone is in ${id}`);
    for (const [a, b] of pairs) {
      const bar = personalBar(this, a.session, b.session);
      check(bar === null, 'I2', `${id} goes on, but ${bar}`);
    }
    this.standings.checkCall(match);
  }

  /**
   * Checks the state after faults and attacks have stopped. Returns the number of calls whose
   * users are both attached.
   */
  checkAtRest(): number {
    const whole = [...this.facts.live].filter((match) =>
      sidesOf(match).every(({ session }) => session.socket !== null && session.call === match),
    );
    for (const match of whole) this.chat.checkAtRest(match);
    return whole.length;
  }
}

function checkClosed(invariant: 'I4' | 'I11', sessions: Set<Session>, what: string): void {
  for (const { subject, isOpen } of sessions) check(!isOpen, invariant, `${subject} ${what}`);
  sessions.clear();
}
