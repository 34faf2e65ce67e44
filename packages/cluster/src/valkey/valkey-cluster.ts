import { assert } from '@farandole/kernel/assert';
import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';
import { type NodeMessage, parseNodeMessage } from '@farandole/protocol/node-message';
import { EVERY_NODE, nodeAddress } from '../broker.ts';
import {
  CLUSTER_VERSION,
  KEYS_REMEMBERED_MS,
  NODE_BEAT_MS,
  NODE_BEAT_TIMEOUT_MS,
  NODE_CLOCK_OFF_MS,
  NODE_FENCE_MS,
  NODE_GONE_MS,
} from '../limits.ts';
import type { ClusterMessage } from '../messages.ts';
import type { Member, NodeChannel, NodeChannelListener } from '../node-channel.ts';
import { rankOf } from '../rank.ts';
import { Members, type OwnFault, readBeatAnswer, writeFacts } from './members.ts';
import { BEAT, LEAVE, USE_ONCE } from './scripts.ts';
import { BatchSealer } from './sealed-batch.ts';
import { PREFIX, ValkeyBroker } from './valkey-broker.ts';
import { ValkeyLease } from './valkey-lease.ts';
import type { Wire } from './wire.ts';

export interface ValkeyClusterOptions {
  /** Name of this process, which no other process ever has. */
  readonly node: NodeId;
  /** Secret that all nodes share, for the encryption of messages. */
  readonly secret: Uint8Array;
  /** Fingerprint of the keys that all nodes share. */
  readonly fingerprint: string;
  readonly wire: Wire;
  /** Number of connected users. Each beat announces it to the other nodes. */
  readonly online: () => number;
  /** The database of all nodes, and whether this node reaches it. */
  readonly database: DatabaseSource;
  readonly now: () => Instant;
  /** Asks for a turn of the node soon, because messages or events have arrived. */
  readonly onArrived: () => void;
}

export type { OwnFault };

export interface DatabaseSource {
  /** One word, the same on each node with this database. Null if unknown. */
  readonly id: string | null;
  readonly isReached: () => boolean;
}

/** Why a node takes no part: its own fault, or Valkey doesn't answer or has another date. */
export type ClusterProblem = OwnFault | 'away' | 'valkey-clock';

/**
 * Connects one node with the others through Valkey. Beats once a second and learns the live nodes
 * from each answer. A node without an answer for `NODE_FENCE_MS` is *fenced*: it sends and receives
 * nothing, and the pool's host stops writing. The owner calls `tick` about ten times a second, and
 * drains the broker after each turn.
 */
export class ValkeyCluster implements NodeChannel {
  readonly node: NodeId;
  readonly broker: ValkeyBroker;
  readonly lease: ValkeyLease;
  readonly #options: ValkeyClusterOptions;
  readonly #wire: Wire;
  readonly #members: Members;
  #listener: NodeChannelListener | null = null;
  #isFenced = true;
  #isFlushSoon = false;
  #flushTimer: NodeJS.Timeout | null = null;
  #isDraining = false;
  #beat = 0;
  #askedAt: Instant | null = null;
  /** Time of the first announcement after which no message arrived, not even this one. */
  #unheardSince: Instant | null = null;
  /** Time since which the connections are being opened; null while they are open. */
  #resetAt: Instant | null = null;
  #nextBeatAtMonotonicMs = Number.NEGATIVE_INFINITY;
  #now: Instant = { monotonicMs: 0, wallMs: 0 };

  constructor(options: ValkeyClusterOptions) {
    const { node, secret, wire } = options;
    this.#options = options;
    this.node = node;
    this.#wire = wire;
    this.broker = new ValkeyBroker(node, new BatchSealer(secret, node), wire, {
      laneOver: (other, now) => this.#listener?.laneOver(other, now),
      flushSoon: () => this.#flushSoon(),
    });
    this.lease = new ValkeyLease(wire, this.broker, options.onArrived);
    this.#members = new Members({
      came: (other) => this.#listener?.memberCame(other, this.#now),
      gone: (other) => {
        this.broker.forget(other, this.#now);
        this.#listener?.memberGone(other, this.#now);
      },
    });
    const receive = (message: ClusterMessage, now: Instant): void => this.#receive(message, now);
    this.broker.subscribe(nodeAddress(node), receive);
    this.broker.subscribe(EVERY_NODE, receive);
    wire.attach({
      message: (channel, bytes) => {
        this.#unheardSince = null;
        this.broker.arrived(channel, bytes);
        options.onArrived();
        // Runs right after the turn that was asked for, and sends its answers.
        this.#flushSoon();
      },
      up: () => this.#post((now) => this.#wireIsUp(now)),
      down: () => this.#post(() => this.broker.close()),
      subscribed: () => this.#flushSoon(),
    });
  }

  attach(listener: NodeChannelListener): void {
    assert(this.#listener === null, 'a node channel has one listener');
    this.#listener = listener;
  }

  send(to: NodeId, message: NodeMessage): void {
    this.broker.publish(nodeAddress(to), { type: 'gateway', from: this.node, body: message });
  }

  broadcast(message: NodeMessage): void {
    this.broker.publish(EVERY_NODE, { type: 'gateway', from: this.node, body: message });
  }

  members(): ReadonlyMap<NodeId, Member> {
    const own = {
      version: CLUSTER_VERSION,
      online: this.#options.online(),
      isDraining: this.#isDraining,
      readsAcks: true,
    };
    return new Map<NodeId, Member>([[this.node, own], ...this.#members.others]);
  }

  isFenced(now: Instant): boolean {
    return now.monotonicMs - this.#members.completedAtMonotonicMs >= NODE_FENCE_MS;
  }

  /** Reason why this node takes no part, or null. */
  get problem(): ClusterProblem | null {
    return this.#members.fault ?? (this.#isFenced || !this.#wire.isUp ? 'away' : null);
  }

  /** Whether another node that takes users reaches the database. */
  get doOthersReachDatabase(): boolean {
    return !this.#isFenced && this.#members.doOthersReachDatabase;
  }

  /** Code of Valkey's latest error, such as `ECONNREFUSED`, or null. See `Wire.errorCode`. */
  get errorCode(): string | null {
    return this.#wire.errorCode;
  }

  /** Returns this node's place among the nodes that may write a pool; null if it may not. */
  rank(pool: string): number | null {
    if (this.#isFenced || this.#isDraining) return null;
    const others = [...this.#members.others].filter(([, { isDraining }]) => !isDraining);
    return rankOf(
      pool,
      this.node,
      others.map(([node]) => node),
    );
  }

  /** Announces that this node takes no new users. It requests no lease from now on. */
  startDraining(): void {
    this.#isDraining = true;
    this.#nextBeatAtMonotonicMs = Number.NEGATIVE_INFINITY;
  }

  /**
   * Uses a name once in the whole cluster. `answer` receives whether it was unused, in a drain of
   * the broker; null if Valkey doesn't answer.
   */
  useOnce(
    name: string,
    keptMs: number,
    answer: (isFirst: boolean | null, now: Instant) => void,
  ): void {
    if (!this.#wire.isUp || this.#isFenced) {
      this.#post((now) => answer(null, now));
      return;
    }
    // Another node's date may be behind the date of the node that gave the name its lifetime.
    const lifeMs = keptMs + 2 * NODE_CLOCK_OFF_MS;
    this.#wire.run(USE_ONCE, [`${PREFIX}used:${name}`], [lifeMs]).then(
      (result) => this.#post((now) => answer(result === 1, now)),
      () => this.#post((now) => answer(null, now)),
    );
  }

  /**
   * Completes the first beat, over a wire that is open.
   *
   * @returns this node's own fault, with which it must not start, or null
   * @throws the error of the server or the connection
   */
  async join(): Promise<OwnFault | 'database' | null> {
    const askedAt = this.#options.now();
    const result = await this.#runBeat();
    this.#answered(result, askedAt, this.#options.now());
    const { fault, isDateOff } = this.#members;
    if (fault !== null && fault !== 'valkey-clock') return fault;
    if (isDateOff) return 'clock';
    const { id } = this.#options.database;
    return id !== null && this.#members.haveOtherDatabase(id) ? 'database' : null;
  }

  /** Beats when due, and fences this node when no beat was answered in time. */
  tick(now: Instant): void {
    this.#check(now);
    // A connection may be open to a machine that is gone, so one without an answer is replaced. Only
    // silence shows it of the connection with the subscriptions. All nodes would wait for the
    // answers of a node that beats and hears nothing.
    const { monotonicMs } = this.#askedAt ?? this.#resetAt ?? now;
    const sinceMs = Math.min(monotonicMs, this.#unheardSince?.monotonicMs ?? monotonicMs);
    if (now.monotonicMs - sinceMs >= NODE_BEAT_TIMEOUT_MS) {
      this.#askedAt = null;
      this.#unheardSince = null;
      this.#resetAt = now;
      this.#wire.reset();
    } else if (!this.#wire.isUp) {
      this.#resetAt ??= now;
    } else if (this.#askedAt === null && now.monotonicMs >= this.#nextBeatAtMonotonicMs) {
      this.#ask(now);
    }
    if (!this.#isFenced) this.broker.endSilentLanes(now, (node) => this.#members.has(node));
  }

  /** Delivers and sends messages. A node that was suspended is fenced before anything else. */
  drain(now: Instant): number {
    this.#check(now);
    return this.broker.drain(now);
  }

  /** Says goodbye to the other nodes and closes the connections. */
  async close(): Promise<void> {
    // Closing the connections ends the wait for a Valkey that doesn't answer.
    const timer = setTimeout(() => this.#wire.close(), NODE_BEAT_TIMEOUT_MS);
    if (!this.#isFenced) await this.#sayGoodbye(this.#options.now());
    clearTimeout(timer);
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer);
    this.#wire.close();
  }

  async #sayGoodbye(now: Instant): Promise<void> {
    // Also if the node was refused before it had subscribed: while it is a member, the others wait
    // for its answers.
    await this.#wire.run(LEAVE, [`${PREFIX}members`], [this.node]).catch(() => {});
    if (!this.#wire.isUp) return;
    this.broker.publish(EVERY_NODE, { type: 'node.left', from: this.node });
    this.drain(now);
    this.broker.flush(now, false);
    await this.#wire.settled().catch(() => {});
  }

  #flushSoon(): void {
    if (this.#isFlushSoon) return;
    this.#isFlushSoon = true;
    // Runs after the events that the operating system has reported so far.
    setImmediate(() => {
      this.#isFlushSoon = false;
      this.#flush();
    });
  }

  #flush(): void {
    const now = this.#options.now();
    if (this.isFenced(now)) {
      // A node that was suspended in between sends nothing. The next turn fences it.
      this.#options.onArrived();
      return;
    }
    const nextInMs = this.broker.flush(now);
    if (nextInMs === null || this.#flushTimer !== null) return;
    this.#flushTimer = setTimeout(() => {
      this.#flushTimer = null;
      this.#flush();
    }, nextInMs);
  }

  #ask(now: Instant): void {
    this.#askedAt = now;
    this.#nextBeatAtMonotonicMs = now.monotonicMs + NODE_BEAT_MS;
    this.#runBeat().then(
      (result) => this.#post((at) => this.#answered(result, now, at)),
      () => this.#post(() => this.#unanswered(now)),
    );
    this.broker.announce();
    // A fenced node announces nothing.
    if (!this.#isFenced) this.#unheardSince ??= now;
  }

  async #runBeat(): Promise<unknown> {
    const { fingerprint, online, database } = this.#options;
    this.#beat += 1;
    const facts = writeFacts({
      ...{ online: online(), isDraining: this.#isDraining, beat: this.#beat },
      ...{ isDateRight: !this.#members.isDateOff, database: database.id },
      reachesDatabase: database.isReached(),
    });
    const keys = [`${PREFIX}members`, `${PREFIX}keys`];
    const fixed = [NODE_GONE_MS, fingerprint, CLUSTER_VERSION, KEYS_REMEMBERED_MS];
    const args = [this.node, facts, ...fixed];
    return await this.#wire.run(BEAT, keys, args);
  }

  #answered(result: unknown, askedAt: Instant, now: Instant): void {
    if (this.#askedAt === askedAt) this.#askedAt = null;
    this.#now = now;
    this.#members.answered(readBeatAnswer(result), askedAt, now);
    if (!this.#isFenced || this.isFenced(now)) return;
    this.#isFenced = false;
    if (this.#wire.isUp) this.broker.open(now);
    this.#listener?.unfenced(now);
  }

  /** The server refuses to write or runs out of memory, or the connection has failed. */
  #unanswered(askedAt: Instant): void {
    if (this.#askedAt !== askedAt) return;
    this.#askedAt = null;
    if (this.#wire.isUp) this.#wire.reset();
  }

  #wireIsUp(now: Instant): void {
    if (!this.#wire.isUp) return;
    this.#resetAt = null;
    this.#unheardSince = null;
    this.#nextBeatAtMonotonicMs = Number.NEGATIVE_INFINITY;
    this.#askedAt = null;
    if (!this.#isFenced) this.broker.open(now);
  }

  #check(now: Instant): void {
    this.#now = now;
    if (this.#isFenced || !this.isFenced(now)) return;
    this.#isFenced = true;
    this.#unheardSince = null;
    this.broker.close();
    this.#listener?.fenced(now);
  }

  #receive(message: ClusterMessage, now: Instant): void {
    if (message.type === 'node.left') {
      if (message.from !== this.node) this.#members.left(message.from, now);
    } else if (message.type === 'gateway' && message.from !== this.node) {
      const body = parseNodeMessage(message.body);
      if (body !== null) this.#listener?.received(message.from, body, now);
    }
  }

  #post(run: (now: Instant) => void): void {
    this.broker.post(run);
    this.#options.onArrived();
  }
}
