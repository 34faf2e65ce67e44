import type { Member, NodeChannel, NodeChannelListener } from '@farandole/cluster/node-channel';
import { assert, assertDefined } from '@farandole/kernel/assert';
import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';
import { splitAck } from '@farandole/protocol/frame-ack';
import { type NodeMessage, parseNodeMessage } from '@farandole/protocol/node-message';

const BEAT_MS = 1_000;
const FENCED_AFTER_MS = 4_000;
const GONE_AFTER_MS = 5_000;
const MEMBER = { version: '1', online: 0, isDraining: false } as const;

export interface HubParts {
  now(): Instant;
  /** Runs a delivery later. */
  later(delayMs: number, run: () => void): void;
  /** Returns the delay of the next message in ms, or null if the message is lost. */
  delayMs(message: NodeMessage): number | null;
}

/** Runs work in a turn of a node. */
export type RunTurn = (work: (now: Instant) => void) => void;

/** The connection of one node with the others, as its `NodeChannel`. */
export class HubNode implements NodeChannel {
  readonly name: NodeId;
  /** False for a node of an earlier version, which would refuse such a frame as malformed. */
  readonly readsAcks: boolean;
  isUp = true;
  /** Whether the broker can't be reached from this node. */
  isCut = false;
  /** How often the node was fenced. */
  fences = 0;
  beatAtMs: number;
  /** Until then the other nodes stay members, because this node missed their beats too. */
  keepsUntilMs = 0;
  isFencedNow = false;
  readonly known = new Set<NodeId>();
  /** Peers whose lane is over, of which the node will hear at its next beat. */
  readonly lanesOver = new Set<NodeId>();
  /** Work that waits until the node's process runs again. Null while it runs. */
  paused: (() => void)[] | null = null;
  run: RunTurn = () => {};
  readonly #hub: NodeHub;
  #listener: NodeChannelListener | null = null;

  constructor(hub: NodeHub, name: NodeId, readsAcks: boolean) {
    this.#hub = hub;
    this.name = name;
    this.readsAcks = readsAcks;
    this.beatAtMs = hub.now.monotonicMs;
  }

  get listener(): NodeChannelListener {
    return assertDefined(this.#listener, 'the channel has no listener');
  }

  attach(listener: NodeChannelListener): void {
    this.#listener = listener;
  }

  send(to: NodeId, message: NodeMessage): void {
    this.#hub.send(this, to, message, true);
  }

  broadcast(message: NodeMessage): void {
    for (const to of this.known) {
      if (to !== this.name) this.#hub.send(this, to, message, false);
    }
  }

  members(): ReadonlyMap<NodeId, Member> {
    return new Map(
      [...this.known].map((name) => {
        const readsAcks = this.#hub.nodes.get(name)?.readsAcks ?? false;
        return [name, { ...MEMBER, readsAcks }];
      }),
    );
  }

  isFenced(now: Instant): boolean {
    return now.monotonicMs - this.beatAtMs >= FENCED_AFTER_MS;
  }
}

/**
 * Connects the nodes of a test as a broker does. Messages between two nodes keep their order, until
 * a lost message ends the lane between the two nodes.
 */
export class NodeHub {
  readonly nodes = new Map<NodeId, HubNode>();
  readonly #parts: HubParts;
  /** Number of the lane between two nodes. Messages of an earlier lane are dropped. */
  readonly #lanes = new Map<string, number>();
  readonly #readyAtMs = new Map<string, number>();

  constructor(parts: HubParts) {
    this.#parts = parts;
  }

  get now(): Instant {
    return this.#parts.now();
  }

  join(name: NodeId, readsAcks = true): HubNode {
    const node = new HubNode(this, name, readsAcks);
    node.known.add(name);
    this.nodes.set(name, node);
    return node;
  }

  /** Ends a node's process. Its peers hear nothing until they miss its beats. */
  kill(node: HubNode): void {
    node.isUp = false;
    this.nodes.delete(node.name);
  }

  send(from: HubNode, to: NodeId, message: NodeMessage, isCounted: boolean): void {
    const copy = assertDefined(
      parseNodeMessage(JSON.parse(JSON.stringify(message))),
      `a node sends a malformed ${message.type}`,
    );
    const lane = laneOf(from.name, to);
    const number = this.#lanes.get(lane) ?? 0;
    const delayMs = from.isCut ? null : this.#parts.delayMs(copy);
    const receiver = this.nodes.get(to);
    const isForOlder = copy.type === 'bridge.up' && receiver?.readsAcks === false;
    assert(!isForOlder || splitAck(copy.text).length === 1, 'an older node gets an ack in a frame');
    // The lane is over, and this node will hear of it before it sends on the next one.
    if (isCounted && from.lanesOver.has(to)) return;
    if (delayMs === null || receiver === undefined || receiver.isCut) {
      // The number of the next message shows that this one is missing.
      if (isCounted && receiver !== undefined) this.breakLane(from, receiver);
      return;
    }
    const direction = `${from.name} ${to}`;
    const nowMs = this.now.monotonicMs;
    const readyAtMs = Math.max(this.#readyAtMs.get(direction) ?? 0, nowMs + delayMs);
    this.#readyAtMs.set(direction, readyAtMs);
    this.#parts.later(readyAtMs - nowMs, () =>
      this.#inTurn(receiver, (now) => {
        if (isCounted && (this.#lanes.get(lane) ?? 0) !== number) return;
        if (receiver.isCut || receiver.isFencedNow) {
          if (isCounted) this.breakLane(from, receiver);
          return;
        }
        if (isCounted) this.#tellLaneOver(receiver, from.name);
        receiver.listener.received(from.name, copy, now);
      }),
    );
  }

  /** Ends the lane between two nodes. What was sent before never arrives. */
  breakLane(one: HubNode, other: HubNode): void {
    const lane = laneOf(one.name, other.name);
    this.#lanes.set(lane, (this.#lanes.get(lane) ?? 0) + 1);
    this.#hearLaneOver(one, other.name);
    this.#hearLaneOver(other, one.name);
  }

  pause(node: HubNode): void {
    node.paused ??= [];
  }

  resume(node: HubNode): void {
    const waiting = node.paused ?? [];
    node.paused = null;
    // The node notices that it missed its beats before it does anything else.
    this.tickNode(node);
    for (const run of waiting) run();
  }

  /** Runs the beats of all nodes. Called at least every 100 ms. */
  tick(): void {
    for (const node of [...this.nodes.values()]) this.tickNode(node);
  }

  tickNode(node: HubNode): void {
    if (!node.isUp || node.paused !== null) return;
    const nowMs = this.now.monotonicMs;
    if (!node.isFencedNow && node.isFenced(this.now)) {
      node.isFencedNow = true;
      node.fences += 1;
      for (const peer of node.known) {
        if (peer !== node.name) node.lanesOver.add(peer);
      }
      node.run((now) => node.listener.fenced(now));
    }
    const isFirst = node.known.size === 1;
    if (node.isCut || (nowMs - node.beatAtMs < BEAT_MS && !isFirst)) return;
    this.#beat(node);
  }

  #beat(node: HubNode): void {
    const nowMs = this.now.monotonicMs;
    if (node.isFencedNow) {
      for (const other of this.nodes.values()) if (other !== node) this.breakLane(node, other);
    }
    if (nowMs - node.beatAtMs > 2 * BEAT_MS) node.keepsUntilMs = nowMs + GONE_AFTER_MS;
    node.beatAtMs = nowMs;
    const wasFenced = node.isFencedNow;
    node.isFencedNow = false;
    this.#tellLanesOver(node);
    const live = new Set<NodeId>();
    for (const other of this.nodes.values()) {
      if (nowMs - other.beatAtMs < GONE_AFTER_MS) live.add(other.name);
    }
    for (const name of [...node.known]) {
      if (live.has(name) || nowMs < node.keepsUntilMs) continue;
      node.known.delete(name);
      const other = this.nodes.get(name);
      if (other !== undefined) this.breakLane(node, other);
      node.run((now) => {
        node.listener.laneOver(name, now);
        node.listener.memberGone(name, now);
      });
    }
    for (const name of live) {
      if (node.known.has(name)) continue;
      node.known.add(name);
      node.run((now) => node.listener.memberCame(name, now));
    }
    if (wasFenced) node.run((now) => node.listener.unfenced(now));
  }

  /** A node hears of a lane's end before it sends or receives on the next lane. */
  #hearLaneOver(node: HubNode, peer: NodeId): void {
    node.lanesOver.add(peer);
    if (node.isCut) return;
    this.#parts.later(0, () => this.#inTurn(node, () => this.#tellLaneOver(node, peer)));
  }

  #tellLanesOver(node: HubNode): void {
    for (const peer of [...node.lanesOver]) this.#tellLaneOver(node, peer);
  }

  #tellLaneOver(node: HubNode, peer: NodeId): void {
    if (!node.lanesOver.delete(peer)) return;
    node.run((now) => node.listener.laneOver(peer, now));
  }

  #inTurn(node: HubNode, work: (now: Instant) => void): void {
    const run = (): void => {
      if (node.isUp) node.run(work);
    };
    if (node.paused === null) run();
    else node.paused.push(run);
  }
}

function laneOf(one: NodeId, other: NodeId): string {
  return [one, other].toSorted().join(' ');
}
