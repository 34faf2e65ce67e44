import { assert } from '@farandole/kernel/assert';
import type { Instant } from '@farandole/kernel/clock';
import { brandId, type NodeId } from '@farandole/kernel/id';
import { type Address, type Broker, EVERY_NODE, nodeAddress, type Receive } from '../broker.ts';
import {
  BATCH_CHARS_MAX,
  BROKER_MESSAGES_MAX,
  FRAMES_SENT_EVERY_MS,
  NODE_LANE_SILENT_MS,
} from '../limits.ts';
import type { ClusterMessage } from '../messages.ts';
import { type Announcement, isFrame, readMessage, writeMessage } from './message-text.ts';
import { NodeLanes } from './node-lanes.ts';
import type { BatchSealer } from './sealed-batch.ts';
import type { Wire } from './wire.ts';

/** Prefix of all keys and channels in Valkey. The braces keep the keys in one hash slot. */
export const PREFIX = '{farandole}:';

/** Maximum number of senders whose latest batch is remembered. Each restart adds a sender. */
const SENDERS_MAX = 4_096;

type Inbound =
  | { readonly kind: 'batch'; readonly channel: string; readonly bytes: Buffer }
  | { readonly kind: 'local'; readonly to: Address; readonly message: ClusterMessage }
  | { readonly kind: 'event'; readonly run: (now: Instant) => void };

/** Messages for one address that wait for the next flush. */
interface Outbound {
  readonly texts: string[];
  /** Whether all are frames, which may wait for more. */
  isPatient: boolean;
}

export interface ValkeyBrokerPorts {
  /** Receives the end of a lane, from a turn of the node. */
  readonly laneOver: (node: NodeId, now: Instant) => void;
  /**
   * Calls `flush` after the other events of this event-loop turn, so that their messages share a
   * batch. A test may call it at once.
   */
  readonly flushSoon: () => void;
}

/**
 * Carries messages between nodes through Valkey. Sends the messages for one address in one
 * encrypted batch per event-loop turn. A message to this node, or to a pool whose writer is on this
 * node, doesn't leave the process. Counts the batches to each node in a lane (see `NodeLanes`);
 * batches to pools and to all nodes may be lost without notice.
 */
export class ValkeyBroker implements Broker {
  readonly #self: NodeId;
  readonly #sealer: BatchSealer;
  readonly #wire: Wire;
  readonly #lanes: NodeLanes;
  readonly #ports: ValkeyBrokerPorts;
  readonly #subscribers = new Map<Address, readonly Receive[]>();
  /** Numbers of the batches to pools and to all nodes. */
  readonly #sent = new Map<Address, number>();
  /** Counter of each sender's latest batch, so that a batch that is sent again is dropped. */
  readonly #counters = new Map<NodeId, number>();
  readonly #resets = new Set<NodeId>();
  /** Times of the latest batches to each node. */
  readonly #sentAtMonotonicMs = new Map<Address, number>();
  #outbound = new Map<Address, Outbound>();
  #outboundCount = 0;
  /** Whether something was published that the flush asked for last doesn't send. */
  #isFlushDue = false;
  #inbound: Inbound[] = [];
  #isOpen = false;
  #isDelivering = false;
  #isAnnouncing = false;
  #now: Instant = { monotonicMs: 0, wallMs: 0 };
  #dropped = 0;
  #gaps = 0;
  #unopened = 0;

  constructor(self: NodeId, sealer: BatchSealer, wire: Wire, ports: ValkeyBrokerPorts) {
    this.#self = self;
    this.#sealer = sealer;
    this.#wire = wire;
    this.#ports = ports;
    this.#lanes = new NodeLanes((node) => this.#laneOver(node));
    wire.subscribe(PREFIX + EVERY_NODE);
    wire.subscribe(PREFIX + nodeAddress(self));
  }

  /** Number of messages above the limit of waiting messages. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Number of ended lanes. */
  get gaps(): number {
    return this.#gaps;
  }

  /** Number of batches that couldn't be decrypted. */
  get unopened(): number {
    return this.#unopened;
  }

  publish(to: Address, message: ClusterMessage): void {
    if (this.#inbound.length + this.#outboundCount >= BROKER_MESSAGES_MAX) {
      this.#dropped += 1;
      return;
    }
    const isOwn =
      to === nodeAddress(this.#self) || (to.startsWith('pool:') && this.#subscribers.has(to));
    if (isOwn || to === EVERY_NODE) this.#inbound.push({ kind: 'local', to, message });
    if (isOwn) return;
    const text = writeMessage(message);
    const isPatient = isFrame(message);
    const waiting = this.#outbound.get(to);
    this.#outboundCount += 1;
    if (waiting === undefined) this.#outbound.set(to, { texts: [text], isPatient });
    else {
      waiting.texts.push(text);
      waiting.isPatient &&= isPatient;
    }
    this.#isFlushDue ||= waiting === undefined || !isPatient;
  }

  subscribe(address: Address, receive: Receive): () => void {
    const subscription: Receive = (message, now) => receive(message, now);
    const before = this.#subscribers.get(address) ?? [];
    this.#subscribers.set(address, [...before, subscription]);
    if (before.length === 0 && address.startsWith('pool:')) this.#wire.subscribe(PREFIX + address);
    return () => {
      const left = (this.#subscribers.get(address) ?? []).filter((each) => each !== subscription);
      if (left.length > 0) {
        this.#subscribers.set(address, left);
        return;
      }
      this.#subscribers.delete(address);
      if (address.startsWith('pool:')) this.#wire.unsubscribe(PREFIX + address);
    };
  }

  /** Queues a batch that the wire has received. */
  arrived(channel: string, bytes: Buffer): void {
    if (this.#inbound.length < BROKER_MESSAGES_MAX) {
      this.#inbound.push({ kind: 'batch', channel, bytes });
    } else this.#dropped += 1;
  }

  /** Queues an event for the next drain, after the batches that have arrived before. */
  post(run: (now: Instant) => void): void {
    this.#inbound.push({ kind: 'event', run });
  }

  /** Begins a new lane with every node, because batches may have been lost. */
  open(now: Instant): void {
    this.#now = now;
    this.#isOpen = true;
    this.#lanes.endAll(now.monotonicMs);
  }

  /** Drops all messages, in both directions, until `open`. */
  close(): void {
    this.#isOpen = false;
  }

  /** Tells all nodes how many batches they should have got. */
  announce(): void {
    this.#isAnnouncing = true;
    this.#isFlushDue = true;
  }

  /** Ends the lanes of members that were silent for too long, and forgets other silent nodes. */
  endSilentLanes(now: Instant, isMember: (node: NodeId) => boolean): void {
    this.#now = now;
    for (const node of this.#lanes.silent(now.monotonicMs - NODE_LANE_SILENT_MS)) {
      if (isMember(node)) this.#lanes.end(node, now.monotonicMs);
      else this.#lanes.forget(node);
    }
  }

  /** Ends and forgets the lane of a node that is gone. */
  forget(node: NodeId, now: Instant): void {
    this.#now = now;
    this.#lanes.end(node, now.monotonicMs);
    this.#lanes.forget(node);
    this.#resets.delete(node);
    this.#sentAtMonotonicMs.delete(nodeAddress(node));
  }

  drain(now: Instant): number {
    assert(!this.#isDelivering, 'a broker was drained from inside a subscriber');
    this.#isDelivering = true;
    this.#now = now;
    let delivered = 0;
    try {
      while (this.#inbound.length > 0) {
        const inbound = this.#inbound;
        this.#inbound = [];
        for (const each of inbound) delivered += this.#deliver(each, now);
      }
    } finally {
      this.#isDelivering = false;
    }
    if (!this.#isOpen) this.#takeOutbound();
    else if (this.#isFlushDue) {
      this.#isFlushDue = false;
      this.#ports.flushSoon();
    }
    return delivered;
  }

  /**
   * Sends the published messages, in one batch per address. Frames wait until
   * `FRAMES_SENT_EVERY_MS` after the latest batch to their node.
   *
   * @param mayWait false if this is the last flush
   * @returns the time in ms after which frames that wait are due, or null if none wait
   */
  flush(now: Instant, mayWait = true): number | null {
    if (!this.#isOpen) return null;
    // Answers to what is sent now must find the subscriptions in place.
    if (this.#wire.isSubscribing) {
      this.#isFlushDue = true;
      return null;
    }
    const outbound = this.#takeOutbound();
    for (const node of this.#resets) {
      const to = nodeAddress(node);
      outbound.set(to, { texts: outbound.get(to)?.texts ?? [], isPatient: false });
    }
    this.#resets.clear();
    const toAll = outbound.get(EVERY_NODE)?.texts ?? [];
    outbound.delete(EVERY_NODE);
    let nextInMs = Number.POSITIVE_INFINITY;
    for (const [to, each] of outbound) {
      const sentAtMs = this.#sentAtMonotonicMs.get(to) ?? Number.NEGATIVE_INFINITY;
      const dueInMs = sentAtMs + FRAMES_SENT_EVERY_MS - now.monotonicMs;
      if (mayWait && each.isPatient && dueInMs > 0) {
        nextInMs = Math.min(nextInMs, dueInMs);
        this.#outbound.set(to, each);
        this.#outboundCount += each.texts.length;
      } else this.#send(to, each.texts, now);
    }
    if (this.#isAnnouncing) {
      this.#isAnnouncing = false;
      const announcement: Announcement = { type: 'lanes', sent: this.#lanes.sentToAll() };
      toAll.push(writeMessage(announcement));
    }
    if (toAll.length > 0) this.#send(EVERY_NODE, toAll, now);
    return Number.isFinite(nextInMs) ? nextInMs : null;
  }

  #deliver(inbound: Inbound, now: Instant): number {
    switch (inbound.kind) {
      case 'event':
        inbound.run(now);
        return 0;
      case 'local':
        return this.#notify(inbound.to, inbound.message, now);
      case 'batch':
        return this.#isOpen ? this.#open(inbound.channel, inbound.bytes, now) : 0;
    }
  }

  #open(channel: string, bytes: Buffer, now: Instant): number {
    const batch = this.#sealer.open(channel, bytes);
    if (batch === null) {
      this.#unopened += 1;
      return 0;
    }
    const { from, counter, lane, seq, texts } = batch;
    if (from === this.#self || counter <= (this.#counters.get(from) ?? 0)) return 0;
    this.#count(from, counter);
    const to = channel.slice(PREFIX.length) as Address;
    if (to !== nodeAddress(this.#self)) this.#lanes.heard(from, now.monotonicMs);
    else if (!this.#lanes.take(from, lane, seq, now.monotonicMs)) return 0;
    let delivered = 0;
    for (const text of texts) {
      const message = readMessage(text, from);
      if (message === null) continue;
      if (message.type === 'lanes') this.#compare(from, message, now);
      else delivered += this.#notify(to, message, now);
    }
    return delivered;
  }

  #count(from: NodeId, counter: number): void {
    this.#counters.delete(from);
    this.#counters.set(from, counter);
    if (this.#counters.size <= SENDERS_MAX) return;
    for (const oldest of this.#counters.keys()) {
      this.#counters.delete(oldest);
      return;
    }
  }

  #compare(from: NodeId, { sent }: Announcement, now: Instant): void {
    const own = sent[this.#self];
    if (own !== undefined) this.#lanes.announced(from, own, now.monotonicMs);
  }

  #notify(to: Address, message: ClusterMessage, now: Instant): number {
    const subscribers = this.#subscribers.get(to) ?? [];
    for (const receive of subscribers) receive(message, now);
    // A session's frames are many, and none of them lets the pool pair anyone.
    return message.type === 'gateway' ? 0 : subscribers.length;
  }

  #laneOver(node: NodeId): void {
    this.#gaps += 1;
    // Messages that were queued before are of the earlier lane.
    this.#outbound.delete(nodeAddress(node));
    this.#resets.add(node);
    this.#isFlushDue = true;
    this.#ports.laneOver(node, this.#now);
  }

  #takeOutbound(): Map<Address, Outbound> {
    const outbound = this.#outbound;
    this.#outbound = new Map();
    this.#outboundCount = 0;
    return outbound;
  }

  #send(to: Address, texts: readonly string[], now: Instant): void {
    const channel = PREFIX + to;
    if (to.startsWith('node:')) this.#sentAtMonotonicMs.set(to, now.monotonicMs);
    for (const batch of batchesOf(texts)) {
      const { lane, seq } = this.#nextNumber(to, now);
      this.#wire.publish(channel, this.#sealer.seal(channel, lane, seq, batch));
    }
  }

  #nextNumber(to: Address, now: Instant): { readonly lane: number; readonly seq: number } {
    if (to.startsWith('node:')) {
      return this.#lanes.next(brandId<NodeId>(to.slice('node:'.length)), now.monotonicMs);
    }
    const seq = (this.#sent.get(to) ?? 0) + 1;
    this.#sent.set(to, seq);
    return { lane: 0, seq };
  }
}

/** Divides the messages, because Valkey disconnects a subscriber that is many bytes behind. */
function* batchesOf(texts: readonly string[]): Generator<readonly string[]> {
  let batch: string[] = [];
  let chars = 0;
  for (const text of texts) {
    if (batch.length > 0 && chars + text.length > BATCH_CHARS_MAX) {
      yield batch;
      batch = [];
      chars = 0;
    }
    batch.push(text);
    chars += text.length;
  }
  yield batch;
}
