import type { Clock } from '@farandole/kernel/clock';
import type { Scheduler } from '../signal/ports.ts';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Waits until pending promises have settled. The virtual time doesn't change. */
export async function settle(): Promise<void> {
  await new Promise<void>((resolve) => {
    const immediate: unknown = Reflect.get(globalThis, 'setImmediate');
    if (typeof immediate === 'function') {
      Reflect.apply(immediate, globalThis, [resolve]);
      return;
    }
    // A message port runs its callback without delay. Browsers have no `setImmediate`, and they
    // delay nested timers by 4 ms.
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}

export class FakeTime implements Clock, Scheduler {
  #nowMs = 1_000;
  #made = 0;
  readonly #timers = new Set<Timer>();
  readonly #pumps: (() => boolean)[] = [];

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return 1_800_000_000_000 + this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    this.#made += 1;
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#made, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Adds a source of work. `pump` does one piece of work and returns false if none is left. */
  addPump(pump: () => boolean): void {
    this.#pumps.push(pump);
  }

  async quiet(): Promise<void> {
    do await settle();
    while (this.#pumps.map((pump) => pump()).includes(true));
  }

  /**
   * Advances the virtual time. After each due timer all its consequences are completed before the
   * next timer runs.
   */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await this.quiet();
    for (let next = this.#next(untilMs); next !== null; next = this.#next(untilMs)) {
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.run();
      await this.quiet();
    }
    this.#nowMs = untilMs;
  }

  /** Advances the virtual time without running due timers, as when a machine sleeps. */
  sleep(ms: number): void {
    this.#nowMs += ms;
  }

  #next(untilMs: number): Timer | null {
    let found: Timer | null = null;
    for (const timer of this.#timers) {
      if (timer.dueMs > untilMs) continue;
      if (
        found === null ||
        timer.dueMs < found.dueMs ||
        (timer.dueMs === found.dueMs && timer.order < found.order)
      ) {
        found = timer;
      }
    }
    return found;
  }
}
