import type { Gateway } from '@farandole/gateway/gateway';
import type { OtherNodes } from '@farandole/gateway/moves/other-nodes';
import type { ConnectionFacts, Connections } from '@farandole/gateway/ports';
import { utf8Length } from '@farandole/gateway/utf8-length';
import { assertDefined, assertNever } from '@farandole/kernel/assert';
import type { Instant } from '@farandole/kernel/clock';
import {
  brandId,
  type ConnectionId,
  type MatchId,
  type NodeId,
  type SubjectId,
} from '@farandole/kernel/id';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import {
  type NodeMessage,
  type NodeMessageOf,
  NODE_MESSAGE_VERSION as v,
} from '@farandole/protocol/node-message';
import { type EdgeSocket, EdgeSockets, LOST_CODE } from './edge-sockets.ts';
import { HomeSockets } from './home-sockets.ts';
import { MEMBER_SETTLES_MS, MOVE_ASKED_EVERY_MS } from './limits.ts';
import { type MoveHost, Moves, type SessionMove } from './moves.ts';
import type { NodeChannel, NodeChannelListener } from './node-channel.ts';
import { Questions, type Verdict } from './questions.ts';
import { RestoreMeetings } from './restore-meetings.ts';
import { answerTo } from './session-answers.ts';
import { SessionChecks } from './session-checks.ts';

export interface NodeSessionsParts {
  readonly node: NodeId;
  readonly channel: NodeChannel;
  /** The sockets of this node. */
  readonly sockets: Connections;
  /** Returns a random id. */
  readonly mint: () => string;
}

/**
 * Stands between the sockets of a node, its gateway and the other nodes of a cluster. A frame goes
 * to the gateway of the node that is the session's home. The gateway uses a socket of another node
 * like one of its own.
 */
export class NodeSessions implements Connections, OtherNodes, NodeChannelListener, MoveHost {
  readonly #parts: NodeSessionsParts;
  readonly #moves: Moves;
  readonly #questions: Questions;
  readonly #edges: EdgeSockets;
  readonly #homes: HomeSockets;
  readonly #checks: SessionChecks;
  readonly #restores: RestoreMeetings;
  /** When this node knows the other members and they know it. Null before the first tick. */
  #settlesAtMonotonicMs: number | null = null;
  #isJoining = true;
  #offerAtMonotonicMs = 0;
  #gateway: Gateway | null = null;

  constructor(parts: NodeSessionsParts) {
    const { channel, sockets, node, mint } = parts;
    this.#parts = parts;
    this.#moves = new Moves(channel, this);
    this.#questions = new Questions(channel, node, mint);
    const isInDoubt = (session: string): boolean => this.#moves.isInDoubt(session);
    this.#checks = new SessionChecks(node, this.#questions, () => this.#gate.moves);
    this.#edges = new EdgeSockets({ channel, sockets, isInDoubt });
    this.#homes = new HomeSockets(channel);
    this.#restores = new RestoreMeetings({
      channel,
      moves: () => this.#gate.moves,
      give: (id, to, match, now) => {
        if (!this.#homes.has(id)) this.give(id, to, match, now);
      },
    });
    channel.attach(this);
  }

  /** Sets the gateway whose sockets and other nodes this object is. */
  attach(gateway: Gateway): void {
    this.#gateway = gateway;
  }

  /**
   * Whether this node has started so lately that it can't open sessions yet. A proxy that sends it
   * users makes their pages wait and try again.
   */
  get isJoining(): boolean {
    return this.#isJoining;
  }

  get sizes(): Readonly<Record<string, number>> {
    return {
      ...this.#moves.sizes,
      edges: this.#edges.size,
      moving: this.#edges.moving,
      homes: this.#homes.size,
      questions: this.#questions.size,
    };
  }

  // Events of this node's sockets.

  connectionOpened(id: ConnectionId, facts: ConnectionFacts, now: Instant): void {
    this.#gate.connectionOpened(id, facts, now);
  }

  receive(
    id: ConnectionId,
    text: string,
    byteLength: number,
    now: Instant,
    receivedAtMs = now.monotonicMs,
  ): void {
    const edge = this.#edges.get(id);
    if (edge !== undefined) this.#edges.up(edge, { text, byteLength }, receivedAtMs);
    else if (!this.#edges.isClosing(id)) {
      this.#gate.receive(id, text, byteLength, now, receivedAtMs);
    }
  }

  flooded(id: ConnectionId, now: Instant): void {
    const edge = this.#edges.get(id);
    if (edge === undefined) this.#gate.flooded(id, now);
    else this.#edges.close(edge, 'too-fast');
  }

  connectionClosed(id: ConnectionId, code: number, now: Instant): void {
    if (!this.#edges.closed(id, code)) this.#gate.connectionClosed(id, code, now);
  }

  tick(now: Instant): void {
    this.#settlesAtMonotonicMs ??= now.monotonicMs + MEMBER_SETTLES_MS;
    if (now.monotonicMs >= this.#settlesAtMonotonicMs) this.#isJoining = false;
    this.#gate.tick(now);
    this.#moves.tick(now);
    this.#questions.tick(now);
    this.#edges.tick(now);
    if (this.#isSettled(now)) this.#checks.tick(now);
    if (now.monotonicMs < this.#offerAtMonotonicMs) return;
    this.#offerAtMonotonicMs = now.monotonicMs + MOVE_ASKED_EVERY_MS;
    this.#restores.tell();
    this.#homes.offer((id) => this.#gate.moves.movable(id, now));
  }

  // The gateway's sockets.

  send(id: ConnectionId, frame: string): void {
    if (!this.#homes.send(id, frame)) this.#parts.sockets.send(id, frame);
  }

  close(id: ConnectionId, reason: CloseReason): void {
    if (!this.#homes.close(id, reason)) this.#parts.sockets.close(id, reason);
  }

  // The gateway's other nodes.

  areThere(now: Instant): boolean {
    return this.#parts.channel.members().size > 1 || !this.#isSettled(now);
  }

  onlineElsewhere(): number {
    const { channel, node } = this.#parts;
    const others = [...channel.members()].filter(([name]) => name !== node);
    return others.reduce((sum, [, { online }]) => sum + online, 0);
  }

  mayBeElsewhere(subject: SubjectId): boolean {
    return this.#checks.doubts(subject);
  }

  ask(id: ConnectionId, subject: SubjectId, now: Instant): void {
    const isUnsure = this.#moves.isSubjectInDoubt(subject) || this.#checks.doubts(subject);
    if (this.#parts.channel.isFenced(now) || isUnsure) {
      this.#gate.moves.retry(id, now);
      return;
    }
    const rank = `${String(now.wallMs).padStart(16, '0')}/${this.#parts.node}/${id}`;
    const done = (verdict: Verdict, at: Instant): void => this.#greet(id, subject, verdict, at);
    this.#questions.ask({ subject, rank, done }, now);
  }

  give(id: ConnectionId, to: NodeId, match: MatchId, now: Instant): boolean {
    const given = this.#mayGive(id, to, now) ? this.#gate.moves.give(id, true, now) : null;
    if (given === null) return false;
    const { snapshot, connection } = given;
    const generation = given.generation + 1;
    const { session } = snapshot;
    this.#edges.addMoving(connection, to, session, generation);
    const attempt = { v, session, generation, match, socket: id, snapshot } as const;
    this.#moves.begin(to, { type: 'session.move', ...attempt }, now);
    return true;
  }

  // Events of the other nodes.

  received(from: NodeId, message: NodeMessage, now: Instant): void {
    switch (message.type) {
      case 'session.move':
      case 'session.have':
      case 'session.taken':
        this.#homes.holding(() => this.#moves.receive(from, message, now));
        return;
      case 'session.refused':
        this.#moves.receive(from, message, now);
        this.#edges.notFetched(from, message);
        return;
      case 'session.fetch':
        this.#giveFetched(from, message, now);
        return;
      case 'bridge.open': {
        const id = this.#homes.add(from, message.socket, 0);
        const isUnsure = this.#checks.doubts(brandId<SubjectId>(message.facts.subject));
        // The death of a node that isn't a member would not be noticed.
        if (isUnsure || !this.#parts.channel.members().has(from)) this.close(id, 'other-node');
        else this.#gate.moves.opened(id, message, now);
        return;
      }
      case 'bridge.up': {
        const { id, bytes } = this.#homes.readUp(from, message);
        if (id !== null) this.#moves.confirmed(id);
        // The edge has counted the frame credits. Infinity is a time at which all are there.
        if (id !== null) this.#gate.receive(id, message.text, bytes, now, Number.POSITIVE_INFINITY);
        return;
      }
      case 'bridge.closed':
        this.#remoteClosed(from, message, now);
        return;
      case 'bridge.down':
      case 'bridge.close':
      case 'bridge.free':
        this.#edges.receive(from, message, now);
        return;
      case 'who.subject':
        this.#answer(from, message, now);
        return;
      case 'who.answer':
        this.#questions.answered(from, message, now);
        return;
      case 'restore.waiting':
      case 'restore.over':
        this.#restores.receive(from, message, now);
        return;
      default:
        assertNever(message);
    }
  }

  laneOver(node: NodeId, now: Instant): void {
    this.#edges.laneOver(node, now);
    for (const id of this.#homes.takeOf(node)) this.#gate.connectionClosed(id, LOST_CODE, now);
  }

  memberGone(node: NodeId, now: Instant): void {
    this.#moves.memberGone(node, now);
    this.#questions.memberGone(node, now);
  }

  memberCame(): void {}

  fenced(now: Instant): void {
    this.#gate.moves.fenced(now);
    this.#checks.doubt(this.#moves.unconfirmed(now));
    // Their sessions wait for a resume, and their grace period is paused from now on.
    for (const id of this.#homes.takeAll()) this.#gate.connectionClosed(id, LOST_CODE, now);
    for (const session of this.#moves.fenced()) this.#edges.takeLost(session);
    this.#questions.fenced(now);
  }

  /** Users whom this node has may have opened sessions on nodes that counted it as dead. */
  unfenced(now: Instant): void {
    this.#settlesAtMonotonicMs = now.monotonicMs + MEMBER_SETTLES_MS;
    this.#gate.moves.unfenced(now);
    this.#checks.add(this.#gate.moves.subjects());
  }

  // What the moves decide.

  accept(from: NodeId, { match, socket, ...move }: SessionMove, now: Instant): boolean {
    // The message may be older than this node's fence.
    if (!this.#isSettled(now)) this.#checks.add([brandId(move.snapshot.facts.subject)]);
    if (match !== null) {
      if (socket === null) return false;
      const id = this.#homes.add(from, socket, move.generation);
      const isTaken = this.#gate.moves.take(id, brandId<MatchId>(match), move, now);
      if (!isTaken) this.#homes.delete(id);
      return isTaken;
    }
    const edge = this.#edges.ofSession(move.session);
    if (edge?.home !== from || edge.fetch === null) return false;
    return this.#settle(edge, move, now);
  }

  taken(move: SessionMove, home: NodeId): void {
    if (move.match !== null) this.#edges.taken(move, home);
    else if (move.socket !== null) this.#homes.delete(HomeSockets.idOf(home, move.socket));
  }

  tookBack(move: SessionMove, taker: NodeId, generation: number, now: Instant): void {
    const { session, match, socket, snapshot } = move;
    // While this node was fenced, the user may have opened a session on another node.
    this.#checks.add([brandId<SubjectId>(snapshot.facts.subject)]);
    const edge = match === null ? undefined : this.#edges.ofSession(session);
    this.#edges.takeLost(session);
    if (edge !== undefined) {
      this.#settle(edge, { snapshot, generation }, now);
      return;
    }
    // The page's frames since then are lost if its socket is still open, so the page must resume.
    if (match === null && socket !== null)
      this.close(HomeSockets.idOf(taker, socket), 'other-node');
    this.#gate.moves.adopt({ snapshot, generation, connection: null }, now);
  }

  #isSettled(now: Instant): boolean {
    const atMs = this.#settlesAtMonotonicMs;
    if (atMs === null || now.monotonicMs < atMs) return false;
    return !this.#parts.channel.isFenced(now);
  }

  get #gate(): Gateway {
    return assertDefined(this.#gateway, 'no gateway was attached');
  }

  /** Continues a session on this node, which has its socket, with the frames that waited. */
  #settle(
    edge: EdgeSocket,
    { snapshot, generation }: Pick<SessionMove, 'snapshot' | 'generation'>,
    now: Instant,
  ): boolean {
    const { connection, buffer, id } = edge;
    this.#edges.delete(edge);
    if (!this.#gate.moves.adopt({ snapshot, generation, connection }, now)) {
      this.#parts.sockets.close(id, 'other-node');
      return false;
    }
    for (const { text, byteLength } of buffer?.takeAll() ?? []) {
      this.#gate.receive(id, text, byteLength, now);
    }
    return true;
  }

  #giveFetched(from: NodeId, message: NodeMessageOf<'session.fetch'>, now: Instant): void {
    const { session, generation, socket } = message;
    if (this.#moves.isInDoubt(session)) return;
    const id = HomeSockets.idOf(from, socket);
    const isHere = this.#homes.has(id) && this.#gate.moves.movable(id, now)?.id === session;
    const mayGive = isHere && this.#mayGive(id, from, now);
    const given = mayGive ? this.#gate.moves.give(id, false, now) : null;
    if (given === null) {
      this.#parts.channel.send(from, { type: 'session.refused', v, session, generation });
      return;
    }
    const attempt = { v, session, generation: given.generation + 1, match: null, socket } as const;
    this.#moves.begin(from, { type: 'session.move', ...attempt, snapshot: given.snapshot }, now);
  }

  #remoteClosed(from: NodeId, message: NodeMessageOf<'bridge.closed'>, now: Instant): void {
    const id = HomeSockets.idOf(from, message.socket);
    if (!this.#homes.delete(id)) return;
    const { code } = message;
    const isFault = code === CLOSES['too-fast'].code || code === CLOSES['too-large'].code;
    if (isFault) this.#gate.flooded(id, now);
    else this.#gate.connectionClosed(id, code, now);
  }

  #greet(id: ConnectionId, subject: SubjectId, verdict: Verdict, now: Instant): void {
    const isUnknown = verdict.has === 'nothing';
    // The session may have come here since the question, and gone to a node that had answered.
    const hasGiven =
      this.#moves.isSubjectInDoubt(subject) || this.#moves.givenLately(subject, now) !== null;
    if (isUnknown && !hasGiven && this.#isSettled(now)) {
      this.#gate.moves.asked(id, now);
      return;
    }
    if (isUnknown || verdict.has === 'retry') {
      this.#gate.moves.retry(id, now);
      return;
    }
    const forwarded = this.#gate.moves.forward(id, now);
    if (forwarded === null) return;
    const { connection, early, ...rest } = forwarded;
    const edge = this.#edges.addForwarded(connection, verdict.node);
    this.#parts.channel.send(verdict.node, { type: 'bridge.open', v, socket: id, ...rest });
    for (const text of early) {
      this.#edges.up(edge, { text, byteLength: utf8Length(text) }, now.monotonicMs);
    }
  }

  #answer(from: NodeId, message: NodeMessageOf<'who.subject'>, now: Instant): void {
    if (this.#parts.channel.isFenced(now)) return;
    const [moves, questions, checks] = [this.#moves, this.#questions, this.#checks];
    const parts = { moves, questions, checks, sessions: this.#gate.moves };
    this.#parts.channel.send(from, answerTo(message, parts, now));
  }

  #mayGive(id: ConnectionId, to: NodeId, now: Instant): boolean {
    if (!this.#moves.canGive(to, now)) return false;
    const session = this.#gate.moves.movable(id, now);
    return session !== null && !this.#checks.has(session.subject);
  }
}
