import type { Prng } from '@farandole/kernel/prng';
import type { SimClock } from '@farandole/kernel/testing/sim-clock';
import type { SimConnection } from './network.ts';
import type { Page } from './page.ts';
import { THIRTY_DAYS_MS } from './rules.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimNode } from './sim-node.ts';
import type { Somebody } from './somebody.ts';

/** Average simulated time in ms between two faults of the same kind. */
const EVERY_MS = {
  delay: 700,
  disconnect: 500,
  'half-open': 1_500,
  duplicate: 1_000,
  reorder: 1_500,
  'slow-reader': 2_000,
  kill: 70_000,
  drain: 150_000,
  'disk-fails': 30_000,
  'disk-slow': 30_000,
  'store-away': 60_000,
  'store-slow': 30_000,
  'clock-jump': 40_000,
  'clock-set': 200_000,
  'writer-change': 20_000,
} as const;
type Fault = keyof typeof EVERY_MS;
const FAULTS = Object.keys(EVERY_MS) as Fault[];

const DRAIN_LASTS_MS = 12_000;
/** Longer than a search waits for what the store knows. */
const STORE_AWAY_MAX_MS = 20_000;

export interface FaultParts {
  readonly scheduler: Scheduler;
  readonly clock: SimClock;
  readonly node: SimNode;
  readonly people: readonly Somebody[];
  readonly prng: Prng;
}

/** Injects faults into network, disk and node between `start` and `stop`. */
export class FaultMaker {
  readonly counts = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
  restartsInJump = 0;
  readonly #parts: FaultParts;
  /**
   * Error of the node's clock in ms. `#setWrongByMs` is the part of the error that `clock-set`
   * caused.
   */
  #wrongByMs = 0;
  #setWrongByMs = 0;
  #isOn = false;
  /** How often `start` was called. A fault that was planned before the latest start is dropped. */
  #spell = 0;

  constructor(parts: FaultParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#isOn = true;
    this.#spell += 1;
    for (const fault of FAULTS) this.#plan(fault, this.#spell);
  }

  /** Stops injecting faults, and repairs the disk and the node. */
  stop(): void {
    this.#isOn = false;
    const { node } = this.#parts;
    node.journal.isFailing = false;
    node.journal.isSlow = false;
    Object.assign(node.weather, { isAway: false, isSlow: false });
    this.#startNode();
  }

  #plan(fault: Fault, spell: number): void {
    const { scheduler, prng } = this.#parts;
    scheduler.after(prng.below(2 * EVERY_MS[fault]), () => {
      if (!this.#isOn || spell !== this.#spell) return;
      if (this.#happens(fault)) this.counts[fault] += 1;
      this.#plan(fault, spell);
    });
  }

  /** Returns false if the fault isn't possible in the current state. */
  #happens(fault: Fault): boolean {
    const { node, prng, scheduler } = this.#parts;
    switch (fault) {
      case 'kill':
        if (!node.isUp) return false;
        this.#restartAfter(prng.below(4_000));
        return true;
      case 'drain':
        if (!node.drain()) return false;
        scheduler.after(DRAIN_LASTS_MS, () => {
          if (node.isUp) this.#restartAfter(prng.below(1_000));
        });
        return true;
      case 'disk-fails':
        node.journal.isFailing = true;
        scheduler.after(2_000, () => (node.journal.isFailing = false));
        return true;
      case 'disk-slow':
        node.journal.isSlow = true;
        scheduler.after(4_000, () => (node.journal.isSlow = false));
        return true;
      case 'store-away':
        node.weather.isAway = true;
        scheduler.after(prng.below(STORE_AWAY_MAX_MS), () => (node.weather.isAway = false));
        return true;
      case 'store-slow':
        node.weather.isSlow = true;
        scheduler.after(4_000, () => (node.weather.isSlow = false));
        return true;
      case 'clock-jump': {
        // The clock jump is undone later, so that the date stays plausible.
        const jumpMs = this.#drawJumpMs();
        this.#jump(jumpMs);
        scheduler.after(prng.below(10_000), () => this.#jump(-jumpMs));
        return true;
      }
      case 'clock-set': {
        // Every second clock jump undoes the jump before, so the date alternates between wrong and
        // right.
        const jumpMs = this.#setWrongByMs === 0 ? this.#drawJumpMs() : -this.#setWrongByMs;
        this.#setWrongByMs += jumpMs;
        this.#jump(jumpMs);
        return true;
      }
      case 'writer-change':
        node.changeWriter();
        return node.isUp;
      default:
        return this.#troublePage(fault);
    }
  }

  #restartAfter(downMs: number): void {
    const { node, prng, scheduler } = this.#parts;
    node.kill(() => prng.below(1_500));
    scheduler.after(downMs, () => this.#startNode());
  }

  #startNode(): void {
    const { node } = this.#parts;
    if (node.isUp) return;
    if (this.#wrongByMs !== 0) this.restartsInJump += 1;
    node.start();
  }

  #drawJumpMs(): number {
    return this.#parts.prng.chance(0.5) ? THIRTY_DAYS_MS : -THIRTY_DAYS_MS;
  }

  #jump(byMs: number): void {
    this.#wrongByMs += byMs;
    this.#parts.clock.jumpWall(byMs);
  }

  #troublePage(fault: Fault): boolean {
    const { page } = this.#parts.prng.pick(this.#parts.people);
    const connection = page?.connection ?? null;
    if (page === null || connection === null || !connection.isHealthy) return false;
    return this.#trouble(fault, page, connection);
  }

  #trouble(fault: Fault, page: Page, connection: SimConnection): boolean {
    const { prng, scheduler } = this.#parts;
    switch (fault) {
      case 'delay': {
        const addedMs = 200 + prng.below(3_000);
        connection.latencyMs += addedMs;
        scheduler.after(5_000, () => (connection.latencyMs -= addedMs));
        return true;
      }
      case 'disconnect':
        connection.cut(prng.below(2_000), prng.chance(0.5) ? prng.below(500) : prng.below(12_000));
        return true;
      case 'half-open':
        connection.halfOpen(prng.pick(['up', 'down', 'both'] as const));
        return true;
      case 'duplicate':
        return connection.repeat();
      case 'reorder':
        if (!page.isAttached) return false;
        // Delays the old socket, so that its last frame arrives after the hello of the next
        // socket.
        connection.latencyMs += 1_000 + prng.below(2_000);
        page.client.ping();
        page.doubt();
        return true;
      case 'slow-reader':
        connection.stopReading();
        scheduler.after(prng.below(8_000), () => connection.readOn());
        return true;
      default:
        throw new Error(`${fault} is no fault of a page`);
    }
  }
}
