import type { NodeId } from '@farandole/kernel/id';

interface LaneState {
  /** Number of the lane in both directions. */
  lane: number;
  sent: number;
  taken: number;
  heardAtMonotonicMs: number;
}

/** What a node has sent to another one: the lane's number and the number of batches. */
export type SentOnLane = readonly [lane: number, sent: number];

/** Called when batches in both directions between this node and another may be lost. */
export type OnLaneOver = (node: NodeId) => void;

/**
 * Numbers the batches between this node and each other node. A lane covers both directions. A node
 * that misses a batch begins the next lane, which the other node joins with the next batch or
 * announcement that it gets. Batches of an earlier lane are dropped, however late they arrive.
 */
export class NodeLanes {
  readonly #lanes = new Map<NodeId, LaneState>();
  readonly #onOver: OnLaneOver;

  constructor(onOver: OnLaneOver) {
    this.#onOver = onOver;
  }

  /** Returns the lane to a node and the number of the next batch. */
  next(to: NodeId, nowMonotonicMs: number): { readonly lane: number; readonly seq: number } {
    const state = this.#stateOf(to, nowMonotonicMs);
    state.sent += 1;
    return { lane: state.lane, seq: state.sent };
  }

  /** Returns whether the batch is the next one of the lane. A missing batch ends the lane. */
  take(from: NodeId, lane: number, seq: number, nowMonotonicMs: number): boolean {
    const state = this.#join(from, lane, nowMonotonicMs);
    if (lane < state.lane || seq <= state.taken) return false;
    state.heardAtMonotonicMs = nowMonotonicMs;
    if (seq !== state.taken + 1) {
      this.end(from, nowMonotonicMs);
      return false;
    }
    state.taken = seq;
    return true;
  }

  /** Compares what a node says it has sent with what arrived, which reveals a lost last batch. */
  announced(from: NodeId, [lane, sent]: SentOnLane, nowMonotonicMs: number): void {
    const state = this.#join(from, lane, nowMonotonicMs);
    if (lane === state.lane && sent > state.taken) this.end(from, nowMonotonicMs);
  }

  /** Notes that a node was heard on a channel without lanes. */
  heard(from: NodeId, nowMonotonicMs: number): void {
    const state = this.#lanes.get(from);
    if (state !== undefined) state.heardAtMonotonicMs = nowMonotonicMs;
  }

  /** Returns how many batches were sent to each node in its lane. */
  sentToAll(): Record<NodeId, SentOnLane> {
    const sent: Record<NodeId, SentOnLane> = {};
    for (const [node, state] of this.#lanes) sent[node] = [state.lane, state.sent];
    return sent;
  }

  /** Begins the next lane. */
  end(node: NodeId, nowMonotonicMs: number): void {
    const state = this.#stateOf(node, nowMonotonicMs);
    this.#begin(state, state.lane + 1, nowMonotonicMs);
    this.#onOver(node);
  }

  endAll(nowMonotonicMs: number): void {
    for (const node of [...this.#lanes.keys()]) this.end(node, nowMonotonicMs);
  }

  /** Returns the nodes that weren't heard after the given time. */
  silent(sinceMonotonicMs: number): readonly NodeId[] {
    return [...this.#lanes]
      .filter(([, { heardAtMonotonicMs }]) => heardAtMonotonicMs <= sinceMonotonicMs)
      .map(([node]) => node);
  }

  forget(node: NodeId): void {
    this.#lanes.delete(node);
  }

  #stateOf(node: NodeId, nowMonotonicMs: number): LaneState {
    const known = this.#lanes.get(node);
    if (known !== undefined) return known;
    const state = { lane: 1, sent: 0, taken: 0, heardAtMonotonicMs: nowMonotonicMs };
    this.#lanes.set(node, state);
    return state;
  }

  /** Joins a later lane that the other node has begun. */
  #join(node: NodeId, lane: number, nowMonotonicMs: number): LaneState {
    const state = this.#stateOf(node, nowMonotonicMs);
    if (lane <= state.lane) return state;
    const wasUsed = state.sent > 0 || state.taken > 0;
    this.#begin(state, lane, nowMonotonicMs);
    if (wasUsed) this.#onOver(node);
    return state;
  }

  #begin(state: LaneState, lane: number, nowMonotonicMs: number): void {
    state.lane = lane;
    state.sent = 0;
    state.taken = 0;
    state.heardAtMonotonicMs = nowMonotonicMs;
  }
}
