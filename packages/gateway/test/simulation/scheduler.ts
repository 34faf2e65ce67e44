/** An event planned for a point in simulated time. */
export interface Planned {
  readonly atMs: number;
  /** Order of planning. Of two events at the same time, the one planned first runs first. */
  readonly order: number;
  run: (() => void) | null;
}

/**
 * Queue of planned events. Simulated time is in whole milliseconds and jumps from event to
 * event.
 */
export class Scheduler {
  readonly #heap: Planned[] = [];
  #order = 0;
  #nowMs: number;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /**
   * Plans an event. `delayMs` is rounded to whole milliseconds, and a negative delay counts as
   * zero.
   */
  after(delayMs: number, run: () => void): Planned {
    const atMs = this.#nowMs + Math.max(0, Math.round(delayMs));
    const planned: Planned = { atMs, order: this.#order++, run };
    this.#heap.push(planned);
    this.#rise(this.#heap.length - 1);
    return planned;
  }

  at(atMs: number, run: () => void): Planned {
    return this.after(atMs - this.#nowMs, run);
  }

  cancel(planned: Planned | null): void {
    if (planned !== null) planned.run = null;
  }

  /**
   * Advances simulated time to the next event and returns the event. Returns null if none is
   * planned.
   */
  takeNext(): (() => void) | null {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined) return null;
      const last = this.#heap.pop();
      if (last !== undefined && this.#heap.length > 0) {
        this.#heap[0] = last;
        this.#sink(0);
      }
      if (first.run === null) continue;
      this.#nowMs = first.atMs;
      return first.run;
    }
  }

  #rise(from: number): void {
    let at = from;
    const planned = this.#heap[at];
    if (planned === undefined) return;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = this.#heap[parentAt];
      if (parent === undefined || !isBefore(planned, parent)) break;
      this.#heap[at] = parent;
      at = parentAt;
    }
    this.#heap[at] = planned;
  }

  #sink(from: number): void {
    let at = from;
    const planned = this.#heap[at];
    if (planned === undefined) return;
    for (;;) {
      const leftAt = 2 * at + 1;
      const left = this.#heap[leftAt];
      if (left === undefined) break;
      const right = this.#heap[leftAt + 1];
      const childAt = right !== undefined && isBefore(right, left) ? leftAt + 1 : leftAt;
      const child = this.#heap[childAt];
      if (child === undefined || !isBefore(child, planned)) break;
      this.#heap[at] = child;
      at = childAt;
    }
    this.#heap[at] = planned;
  }
}

function isBefore(one: Planned, other: Planned): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
