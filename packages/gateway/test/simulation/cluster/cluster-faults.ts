import { SOCKETS_CLOSED_WITHIN_MS } from '@farandole/cluster/limits';
import type { Prng } from '@farandole/kernel/prng';
import type { NodeHub } from '../../support/node-hub.ts';
import type { Desk } from '../desk.ts';
import type { Page } from '../page.ts';
import type { Scheduler } from '../scheduler.ts';
import { SLOW_READ_MS } from '../sim-people.ts';
import type { ClusterOracle } from './cluster-oracle.ts';
import type { ClusterPerson } from './cluster-person.ts';
import type { SharedStore } from './shared-store.ts';
import type { SimLease } from './sim-broker.ts';
import type { SimClusterNode } from './sim-cluster-node.ts';

/** Mean time between two faults of a kind, in ms. */
const EVERY_MS = {
  kill: 60_000,
  pause: 60_000,
  drain: 90_000,
  'send-away': 90_000,
  'cut-one': 45_000,
  'cut-all': 120_000,
  lose: 15_000,
  delay: 20_000,
  'lease-empty': 90_000,
  'store-away': 60_000,
  'store-slow': 60_000,
  disconnect: 2_000,
  'half-open': 8_000,
  /**
   * Suspends several users at once, but seldom. A node that reads a decision also ends what it
   * should have ended earlier, so frequent decisions would hide bugs.
   */
  suspend: 10_000,
} as const;

export type ClusterFault = keyof typeof EVERY_MS;
const FAULTS = Object.keys(EVERY_MS) as ClusterFault[];

const PAUSE_MS = 10_000;
const DRAIN_LASTS_MS = 12_000;
const SENT_AWAY_MS = 8_000;
const SENT_AWAY_EVERY_MS = 500;
const CUT_MAX_MS = 15_000;
const STORE_AWAY_MAX_MS = 15_000;
const STORE_SLOW_MS = 4_000;
const SKEW_MAX_MS = 30_000;
const TOLD_EVERY_MS = 2_000;
const SUSPENDED_AT_ONCE = 4;
/** Within this time after a node died, some of the users who lost their calls are suspended. */
const SUSPENDED_AFTER_KILL_MS = 3_000;
const DELAY_MAX_MS = 1_500;
const DELAY_LASTS_MS = 5_000;

export interface ClusterFaultParts {
  readonly scheduler: Scheduler;
  readonly nodes: readonly SimClusterNode[];
  readonly hub: NodeHub;
  readonly lease: SimLease;
  readonly store: SharedStore;
  readonly people: readonly ClusterPerson[];
  readonly oracle: ClusterOracle;
  readonly desk: Desk;
  readonly prng: Prng;
}

/** Injects faults into nodes, broker, lease store, store and sockets between `start` and `stop`. */
export class ClusterFaults {
  readonly counts = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<
    ClusterFault,
    number
  >;
  /** Delay added to the messages between nodes, in ms. */
  addedDelayMs = 0;
  readonly #parts: ClusterFaultParts;
  #isOn = false;
  /** How often `start` was called. A fault that was planned before the latest start is dropped. */
  #spell = 0;

  constructor(parts: ClusterFaultParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#isOn = true;
    this.#spell += 1;
    for (const fault of FAULTS) this.#plan(fault, this.#spell);
  }

  /** Stops injecting faults, and repairs everything. */
  stop(): void {
    const { nodes, store, hub } = this.#parts;
    this.#isOn = false;
    this.addedDelayMs = 0;
    Object.assign(store, { isAway: false, isSlow: false });
    for (const node of hub.nodes.values()) {
      node.isCut = false;
      if (node.paused !== null) hub.resume(node);
    }
    for (const node of nodes) if (!node.isUp) this.startNode(node);
  }

  startNode(node: SimClusterNode): void {
    const { prng } = this.#parts;
    node.start(prng.chance(0.5) ? 0 : prng.below(2 * SKEW_MAX_MS) - SKEW_MAX_MS);
  }

  #plan(fault: ClusterFault, spell: number): void {
    const { scheduler, prng } = this.#parts;
    scheduler.after(prng.below(2 * EVERY_MS[fault]), () => {
      if (!this.#isOn || spell !== this.#spell) return;
      if (this.#happens(fault)) this.counts[fault] += 1;
      this.#plan(fault, spell);
    });
  }

  /** Returns false if the fault isn't possible in the current state. */
  #happens(fault: ClusterFault): boolean {
    const { scheduler, prng, nodes, hub, lease, store, oracle } = this.#parts;
    const node = prng.pick(nodes);
    const { run } = node;
    switch (fault) {
      case 'kill':
        if (run === null) return false;
        this.#restartAfter(node, 500 + prng.below(4_000));
        scheduler.after(prng.below(SUSPENDED_AFTER_KILL_MS), () => this.#suspend(hasLostCall));
        return true;
      case 'drain':
        if (run?.hub.paused !== null || !node.drain()) return false;
        scheduler.after(DRAIN_LASTS_MS, () => {
          if (node.run === run) this.#restartAfter(node, prng.below(1_000));
        });
        return true;
      case 'send-away':
        if (run?.hub.paused !== null) return false;
        this.#failFor(SENT_AWAY_MS);
        for (let afterMs = 0; afterMs < SENT_AWAY_MS; afterMs += SENT_AWAY_EVERY_MS) {
          scheduler.after(afterMs, () => {
            if (node.run === run && run.hub.paused === null) node.sendAway();
          });
        }
        return true;
      case 'pause':
        if (run === null || run.hub.paused !== null) return false;
        this.#failFor(PAUSE_MS);
        hub.pause(run.hub);
        scheduler.after(PAUSE_MS, () => {
          if (run.hub.isUp && run.hub.paused !== null) hub.resume(run.hub);
        });
        return true;
      case 'cut-one':
        if (run === null || run.hub.isCut) return false;
        this.#cut([node]);
        return true;
      case 'cut-all':
        this.#cut(nodes);
        return true;
      case 'lose': {
        const [one, other] = prng.shuffle([...hub.nodes.values()]);
        if (one === undefined || other === undefined) return false;
        hub.breakLane(one, other);
        oracle.messagesFail(SOCKETS_CLOSED_WITHIN_MS);
        return true;
      }
      case 'delay':
        this.addedDelayMs = prng.below(DELAY_MAX_MS);
        oracle.messagesFail(DELAY_LASTS_MS + DELAY_MAX_MS);
        scheduler.after(DELAY_LASTS_MS, () => (this.addedDelayMs = 0));
        return true;
      case 'lease-empty':
        lease.empty();
        return true;
      case 'store-away': {
        const awayMs = prng.below(STORE_AWAY_MAX_MS);
        store.isAway = true;
        oracle.storeFails(awayMs);
        scheduler.after(awayMs, () => (store.isAway = false));
        return true;
      }
      case 'store-slow':
        store.isSlow = true;
        // Until a user's facts are read, the user gets no answer to a restore.
        oracle.storeFails(STORE_SLOW_MS + SLOW_READ_MS);
        scheduler.after(STORE_SLOW_MS, () => (store.isSlow = false));
        return true;
      case 'suspend':
        this.#suspend(() => true);
        return true;
      case 'disconnect':
      case 'half-open':
        return this.#troublePage(fault);
    }
  }

  #cut(nodes: readonly SimClusterNode[]): void {
    const { scheduler, prng } = this.#parts;
    const durationMs = 500 + prng.below(CUT_MAX_MS);
    this.#failFor(durationMs);
    const hubs = nodes.flatMap(({ run }) => (run === null ? [] : [run.hub]));
    for (const hub of hubs) hub.isCut = true;
    scheduler.after(durationMs, () => {
      for (const hub of hubs) hub.isCut = false;
    });
  }

  /** Tells the oracle that a node fails during this time. */
  #failFor(durationMs: number): void {
    const { scheduler, oracle } = this.#parts;
    for (let afterMs = 0; afterMs < durationMs; afterMs += TOLD_EVERY_MS) {
      scheduler.after(afterMs, () => oracle.nodeFails());
    }
    scheduler.after(durationMs, () => oracle.nodeFails());
  }

  #restartAfter(node: SimClusterNode, downMs: number): void {
    const { prng, scheduler } = this.#parts;
    node.kill(() => prng.below(1_500));
    scheduler.after(downMs, () => {
      if (!node.isUp) this.startNode(node);
    });
  }

  #suspend(choose: (page: Page) => boolean): void {
    const { people, prng, desk } = this.#parts;
    const pages = people.flatMap(({ page }) => (page !== null && choose(page) ? [page] : []));
    desk.decideOn(prng.shuffle(pages).slice(0, SUSPENDED_AT_ONCE));
  }

  #troublePage(fault: 'disconnect' | 'half-open'): boolean {
    const { people, prng, oracle } = this.#parts;
    const connection = prng.pick(people).page?.connection ?? null;
    if (connection?.isHealthy !== true) return false;
    const { subject } = connection.page.log;
    if (fault === 'half-open') {
      oracle.socketSilent(subject);
      connection.halfOpen(prng.pick(['up', 'down', 'both'] as const));
    } else {
      oracle.socketLost(subject);
      connection.cut(prng.below(2_000), prng.below(prng.chance(0.5) ? 500 : 12_000));
    }
    return true;
  }
}

/** Whether the user is about to restore a call. */
function hasLostCall({ client, isAttached }: Page): boolean {
  return client.call !== null && !isAttached;
}
