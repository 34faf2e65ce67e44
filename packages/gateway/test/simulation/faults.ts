import type { Prng } from '@farandole/kernel/prng';
import type { SimClock } from '@farandole/kernel/testing/sim-clock';
import type { Person } from './person.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimNode } from './sim-node.ts';

/** Everything that goes wrong by itself. What people do to themselves is in `Deeds`. */
export const FAULTS = [
  'delay',
  'cut',
  'half-open',
  'kill',
  'drain',
  'disk-fails',
  'disk-slow',
  'clock-jump',
  'writer-change',
] as const;
export type Fault = (typeof FAULTS)[number];

/** How often each happens, in ms of simulated time on average. */
const EVERY_MS: Readonly<Record<Fault, number>> = {
  delay: 700,
  cut: 500,
  'half-open': 1_500,
  kill: 70_000,
  drain: 150_000,
  'disk-fails': 30_000,
  'disk-slow': 30_000,
  'clock-jump': 40_000,
  'writer-change': 20_000,
};

const THIRTY_DAYS_MS = 30 * 24 * 60 * 60 * 1_000;
const DRAIN_LASTS_MS = 12_000;

export interface FaultParts {
  readonly scheduler: Scheduler;
  readonly clock: SimClock;
  readonly node: SimNode;
  readonly people: readonly Person[];
  readonly prng: Prng;
}

/** Makes things go wrong, while it is told to. */
export class FaultMaker {
  readonly counts: Record<Fault, number> = {
    delay: 0,
    cut: 0,
    'half-open': 0,
    kill: 0,
    drain: 0,
    'disk-fails': 0,
    'disk-slow': 0,
    'clock-jump': 0,
    'writer-change': 0,
  };
  readonly #parts: FaultParts;
  #isOn = false;
  /** Which spell of faults this is: what was planned in an earlier one does not happen. */
  #spell = 0;

  constructor(parts: FaultParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#isOn = true;
    this.#spell += 1;
    for (const fault of FAULTS) this.#plan(fault, this.#spell);
  }

  /** No more faults; what is broken heals. */
  stop(): void {
    this.#isOn = false;
    const { node } = this.#parts;
    node.journal.isFailing = false;
    node.journal.isSlow = false;
    if (!node.isUp) node.start();
  }

  #plan(fault: Fault, spell: number): void {
    const { scheduler, prng } = this.#parts;
    scheduler.after(prng.below(2 * EVERY_MS[fault]), () => {
      if (!this.#isOn || spell !== this.#spell) return;
      if (this.#happens(fault)) this.counts[fault] += 1;
      this.#plan(fault, spell);
    });
  }

  /** False when it could not happen now. */
  #happens(fault: Fault): boolean {
    const { node, prng, clock, scheduler } = this.#parts;
    switch (fault) {
      case 'delay':
      case 'cut':
      case 'half-open':
        return this.#breakConnection(fault);
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
      case 'clock-jump':
        // There and back again, so that the date stays one that a clock can have.
        clock.jumpWall(THIRTY_DAYS_MS);
        scheduler.after(prng.below(10_000), () => clock.jumpWall(-THIRTY_DAYS_MS));
        return true;
      case 'writer-change':
        node.changeWriter();
        return node.isUp;
    }
  }

  #restartAfter(downMs: number): void {
    const { node, prng, scheduler } = this.#parts;
    node.kill(() => prng.below(1_500));
    scheduler.after(downMs, () => {
      if (!node.isUp) node.start();
    });
  }

  #breakConnection(fault: 'delay' | 'cut' | 'half-open'): boolean {
    const { people, prng, scheduler } = this.#parts;
    const connection = prng.pick(people).page?.connection ?? null;
    if (connection === null || !connection.isHealthy) return false;
    if (fault === 'cut') {
      connection.cut(prng.below(2_000), prng.chance(0.5) ? prng.below(500) : prng.below(12_000));
    } else if (fault === 'half-open') {
      connection.halfOpen(prng.pick(['up', 'down', 'both'] as const));
    } else {
      const { latencyMs } = connection;
      connection.latencyMs += 200 + prng.below(3_000);
      scheduler.after(5_000, () => (connection.latencyMs = latencyMs));
    }
    return true;
  }
}
