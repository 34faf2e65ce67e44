/** Latency and bandwidth of a link. By default there is no delay. */
export interface Pace {
  readonly latencyMs?: number;
  /** Bandwidth in bytes per second. Bytes above it are queued. */
  readonly bytesPerSecond?: number;
  /** Shares the bandwidth with all delay lines of the same meter. By default each has its own. */
  readonly meter?: Meter;
}

/**
 * Time in ms, as `performance.now()` counts, at which the last byte sent through the link has
 * passed.
 */
export interface Meter {
  freeAtMs: number;
}

interface Delayed<Item> {
  readonly item: Item;
  readonly bytes: number;
  readonly dueMs: number;
}

/** Delivers items in order. No item arrives earlier than the latency and bandwidth allow. */
export class DelayLine<Item> {
  readonly #pace: Pace;
  readonly #isFree: boolean;
  readonly #handOn: (item: Item) => void;
  #waiting: Delayed<Item>[] = [];
  #bytes = 0;
  readonly #meter: Meter;
  #timer: NodeJS.Timeout | null = null;

  constructor(pace: Pace, handOn: (item: Item) => void) {
    this.#pace = pace;
    this.#meter = pace.meter ?? { freeAtMs: 0 };
    this.#isFree = pace.latencyMs === undefined && pace.bytesPerSecond === undefined;
    this.#handOn = handOn;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @param bytes number of bytes that count against the bandwidth; 0 for a marker */
  push(item: Item, bytes: number): void {
    if (this.#isFree) {
      this.#handOn(item);
      return;
    }
    const { latencyMs = 0, bytesPerSecond = Number.POSITIVE_INFINITY } = this.#pace;
    const nowMs = performance.now();
    this.#meter.freeAtMs = Math.max(this.#meter.freeAtMs, nowMs) + (bytes * 1_000) / bytesPerSecond;
    const dueMs = this.#meter.freeAtMs + latencyMs;
    this.#waiting.push({ item, bytes, dueMs });
    this.#bytes += bytes;
    this.#arm();
  }

  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting = [];
    this.#bytes = 0;
  }

  #arm(): void {
    const [first] = this.#waiting;
    if (first === undefined || this.#timer !== null) return;
    const delayMs = Math.ceil(first.dueMs - performance.now());
    this.#timer = setTimeout(() => this.#handOnDue(), Math.max(0, delayMs));
  }

  #handOnDue(): void {
    this.#timer = null;
    for (;;) {
      const [first] = this.#waiting;
      // A timer may fire early, but an item must not arrive early.
      if (first === undefined || first.dueMs > performance.now()) break;
      this.#waiting.shift();
      this.#bytes -= first.bytes;
      this.#handOn(first.item);
    }
    this.#arm();
  }
}
