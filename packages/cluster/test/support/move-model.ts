import type { Instant } from '@farandole/kernel/clock';
import { brandId, type NodeId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { type MoveHost, type MoveMessage, Moves } from '../../src/moves.ts';
import type { Member } from '../../src/node-channel.ts';

const BEAT_MS = 1_000;
const FENCED_AFTER_MS = 4_000;
const GONE_AFTER_MS = 5_000;
const GRACE_MS = 30_000;
const MEMBER: Member = { version: '1', online: 0, isDraining: false, readsAcks: true };

/** What the node with a page's socket knows about the session. */
interface EdgeRecord {
  home: string;
  generation: number;
  /** Node that gets the session while the giver is in doubt. */
  movingTo: string | null;
}

interface Attempt {
  readonly session: string;
  readonly generation: number;
}

interface Copy {
  readonly generation: number;
  readonly edge: string | null;
  dropAtMs: number;
}

export interface ModelSession {
  readonly id: string;
  /** Node with the page's socket. Null once the socket was lost. */
  edge: string | null;
  readonly seen: { home: string; generation: number }[];
}

type Sent = MoveMessage | { readonly type: 'spoke'; readonly attempt: Attempt };

/** One node of the model, with the real `Moves` and a table instead of a gateway. */
export class ModelNode implements MoveHost {
  readonly name: string;
  readonly moves: Moves;
  readonly copies = new Map<string, Copy>();
  readonly edges = new Map<string, EdgeRecord>();
  isUp = true;
  isPaused = false;
  isCut = false;
  isFenced = false;
  beatAtMs = 0;
  readonly known = new Set<string>();
  /** Peers whose lane ended while this node was paused. */
  readonly unheard = new Set<string>();
  readonly #model: MoveModel;

  constructor(model: MoveModel, name: string) {
    this.name = name;
    this.#model = model;
    this.moves = new Moves(
      {
        send: (to, message) => model.send(this, to, message as MoveMessage),
        members: () => new Map([...this.known].map((each) => [nodeId(each), MEMBER])),
        isFenced: (now) => now.monotonicMs - this.beatAtMs >= FENCED_AFTER_MS,
      },
      this,
    );
  }

  accept(from: NodeId, { session, generation, match }: MoveMessage & { match?: string | null }) {
    const record = this.edges.get(session);
    const isFetched = match === null;
    if (isFetched && (record === undefined || record.home !== from)) return false;
    if (!isFetched && this.#model.prng.chance(0.3)) return false;
    this.commit(session, generation, isFetched ? this.name : from);
    if (isFetched) this.edges.set(session, { home: this.name, generation, movingTo: null });
    return true;
  }

  taken({ session, generation }: Attempt, home: NodeId): void {
    const record = this.edges.get(session);
    if (record !== undefined) Object.assign(record, { home, generation, movingTo: null });
  }

  tookBack({ session }: Attempt, _taker: NodeId, generation: number): void {
    const record = this.edges.get(session);
    const edge = this.#model.edgeOf(session);
    this.commit(session, generation, record === undefined ? edge : this.name);
    if (record === undefined) return;
    Object.assign(record, { home: this.name, generation, movingTo: null });
  }

  commit(session: string, generation: number, edge: string | null): void {
    const dropAtMs = edge === null ? this.#model.nowMs + GRACE_MS : Number.POSITIVE_INFINITY;
    this.copies.set(session, { generation, edge, dropAtMs });
    this.#model.committed(session, generation, this.name);
  }

  /** Gives a session to another node: its edge if that is another node, else a random node. */
  give(session: string, copy: Copy, to: string): void {
    const record = this.edges.get(session);
    const match = copy.edge === this.name ? 'match-0001' : null;
    const isSent = this.moves.begin(
      nodeId(to),
      {
        type: 'session.move',
        ...{ v: 1, session, generation: copy.generation + 1, match, socket: 'socket' },
        snapshot: { facts: { subject: 'subject-ada' } } as never,
      },
      this.#model.now,
    );
    if (!isSent) return;
    if (record !== undefined) record.movingTo = to;
    this.copies.delete(session);
  }

  /** The other node is out of reach, so sockets and bridges between the two nodes end. */
  laneOver(peer: string): void {
    for (const [session, record] of this.edges) {
      if (record.home === peer || record.movingTo === peer) this.#model.loseSocket(session);
    }
    for (const copy of this.copies.values()) {
      if (copy.edge === peer) copy.dropAtMs = this.#model.nowMs + GRACE_MS;
    }
  }

  hear(from: string, sent: Sent): void {
    if (sent.type !== 'spoke') {
      this.moves.receive(nodeId(from), sent, this.#model.now);
      return;
    }
    this.forward(from, sent.attempt);
  }

  /** Passes a frame of the home to the page, if the home and its generation are current. */
  forward(from: string, { session, generation }: Attempt): void {
    const record = this.edges.get(session);
    if (record === undefined || record.home !== from || record.generation !== generation) return;
    this.#model.pageSees(session, from, generation);
  }

  /** Gives up the sessions whose socket is on another node. */
  fence(): void {
    for (const [session, { edge }] of this.copies) {
      if (edge !== this.name) this.copies.delete(session);
    }
    this.moves.fenced();
  }

  tick(): void {
    const { now, nowMs } = this.#model;
    if (!this.isFenced && nowMs - this.beatAtMs >= FENCED_AFTER_MS) {
      this.isFenced = true;
      this.#model.breakLanes(this);
      this.fence();
    }
    for (const [session, { dropAtMs }] of this.copies) {
      if (nowMs >= dropAtMs) this.copies.delete(session);
    }
    this.moves.tick(now);
  }
}

/** A cluster in which messages, nodes and lanes fail at random. Only moves are real code. */
export class MoveModel {
  readonly prng: Prng;
  readonly nodes: ModelNode[] = [];
  readonly sessions = new Map<string, ModelSession>();
  readonly faults: string[] = [];
  readonly counts = { moves: 0, takenBack: 0, cuts: 0, deaths: 0, pauses: 0, seen: 0 };
  nowMs = 1_000;
  readonly #queues = new Map<string, { readonly sent: Sent; readonly readyAtMs: number }[]>();
  readonly #commits = new Map<string, string>();
  readonly #largest = new Map<string, number>();

  constructor(prng: Prng, nodes: number, sessions: number) {
    this.prng = prng;
    for (let at = 0; at < nodes; at++) this.nodes.push(new ModelNode(this, `node-${at}-----`));
    for (const node of this.nodes) {
      node.beatAtMs = this.nowMs;
      for (const { name } of this.nodes) node.known.add(name);
    }
    for (let at = 0; at < sessions; at++) {
      const id = `session-${at}`;
      const node = prng.pick(this.nodes);
      this.sessions.set(id, { id, edge: node.name, seen: [] });
      node.edges.set(id, { home: node.name, generation: 1, movingTo: null });
      node.commit(id, 1, node.name);
    }
  }

  get now(): Instant {
    return { monotonicMs: this.nowMs, wallMs: this.nowMs };
  }

  node(name: string): ModelNode | undefined {
    return this.nodes.find((each) => each.name === name);
  }

  edgeOf(session: string): string | null {
    return this.sessions.get(session)?.edge ?? null;
  }

  send(from: ModelNode, to: string, sent: Sent): void {
    if (sent.type === 'session.move') this.counts.moves += 1;
    const receiver = this.node(to);
    if (from.isCut || receiver === undefined || !receiver.isUp || receiver.isCut) return;
    const delayMs = this.prng.chance(0.1) ? this.prng.below(3_000) : this.prng.below(50);
    const queue = this.#queue(from.name, to);
    const readyAtMs = Math.max(queue.at(-1)?.readyAtMs ?? 0, this.nowMs + delayMs);
    queue.push({ sent, readyAtMs });
  }

  committed(session: string, generation: number, node: string): void {
    const key = `${session} ${generation}`;
    const before = this.#commits.get(key);
    if (before !== undefined) this.faults.push(`W1 ${key} at ${before} and ${node}`);
    this.#commits.set(key, node);
    if (generation < (this.#largest.get(session) ?? 0)) return;
    this.#largest.set(session, generation);
  }

  pageSees(session: string, home: string, generation: number): void {
    const page = this.sessions.get(session);
    const last = page?.seen.at(-1);
    this.counts.seen += 1;
    if (last !== undefined && generation < last.generation) {
      this.faults.push(`W1 the page of ${session} sees ${generation} after ${last.generation}`);
    }
    if (last?.generation !== generation) page?.seen.push({ home, generation });
  }

  loseSocket(session: string): void {
    const page = this.sessions.get(session);
    if (page?.edge === null || page === undefined) return;
    const edge = this.node(page.edge);
    page.edge = null;
    const record = edge?.edges.get(session);
    edge?.edges.delete(session);
    const copy = edge?.copies.get(session);
    if (copy !== undefined) copy.dropAtMs = this.nowMs + GRACE_MS;
    const home = record === undefined ? undefined : this.node(record.home)?.copies.get(session);
    if (home !== undefined) home.dropAtMs = Math.min(home.dropAtMs, this.nowMs + GRACE_MS);
  }

  /** Ends the lane between two nodes. Unread messages are lost. */
  breakLane(one: ModelNode, other: ModelNode): void {
    this.#queues.delete(`${one.name} ${other.name}`);
    this.#queues.delete(`${other.name} ${one.name}`);
    for (const [node, peer] of [
      [one, other],
      [other, one],
    ] as const) {
      if (node.isUp && !node.isPaused && !node.isCut) node.laneOver(peer.name);
      else node.unheard.add(peer.name);
    }
  }

  breakLanes(node: ModelNode): void {
    for (const other of this.nodes) if (other !== node) this.breakLane(node, other);
  }

  /** One step: time passes, then beats, deadlines and one message per queue that is due. */
  step(): void {
    this.nowMs += 1 + this.prng.below(100);
    for (const node of this.nodes) {
      if (!node.isUp || node.isPaused) continue;
      node.tick();
      if (node.isCut && !node.isFenced) continue;
      for (const peer of node.unheard) node.laneOver(peer);
      node.unheard.clear();
      if (!node.isCut && this.nowMs - node.beatAtMs >= BEAT_MS) this.#beat(node);
    }
    for (const [key, queue] of this.#queues) {
      const [from = '', to = ''] = key.split(' ');
      const receiver = this.node(to);
      while (queue[0] !== undefined && queue[0].readyAtMs <= this.nowMs) {
        if (receiver?.isPaused === true) break;
        const sent = queue.shift()?.sent;
        if (receiver?.isUp === true && sent !== undefined) receiver.hear(from, sent);
      }
    }
    this.#speak();
  }

  #beat(node: ModelNode): void {
    node.beatAtMs = this.nowMs;
    // What was sent to a fenced node belongs to lanes that are over.
    if (node.isFenced) this.breakLanes(node);
    node.isFenced = false;
    for (const { name } of this.nodes) {
      const other = this.node(name);
      if (other === undefined) continue;
      const isLive = this.nowMs - other.beatAtMs < GONE_AFTER_MS;
      if (isLive) node.known.add(name);
      else if (node.known.delete(name)) {
        this.breakLane(node, other);
        node.moves.memberGone(nodeId(name), this.now);
      }
    }
  }

  /** Every home speaks to its pages, so that a second home would be seen. */
  #speak(): void {
    for (const node of this.nodes) {
      if (!node.isUp || node.isPaused) continue;
      for (const [session, { generation, edge }] of node.copies) {
        if (!this.prng.chance(0.2) || edge === null) continue;
        const attempt = { session, generation };
        if (edge === node.name) node.forward(node.name, attempt);
        else this.send(node, edge, { type: 'spoke', attempt });
      }
    }
  }

  #queue(from: string, to: string): { readonly sent: Sent; readonly readyAtMs: number }[] {
    const key = `${from} ${to}`;
    const queue = this.#queues.get(key) ?? [];
    this.#queues.set(key, queue);
    return queue;
  }
}

export function nodeId(name: string): NodeId {
  return brandId<NodeId>(name);
}
