/** How what goes one way travels; without either it goes on at once. */
export interface Pace {
  /** Between coming and going on. */
  readonly latencyMs?: number;
  /** The width of the way: what comes faster waits. */
  readonly bytesPerSecond?: number;
}

interface Waiting<Item> {
  readonly item: Item;
  readonly bytes: number;
  readonly dueMs: number;
}

/** Hands on what it is given, in order, each thing no sooner than its pace allows. */
export class DelayLine<Item> {
  readonly #pace: Pace;
  readonly #isFree: boolean;
  readonly #handOn: (item: Item) => void;
  #waiting: Waiting<Item>[] = [];
  #bytes = 0;
  /** When the way is free for the next byte. */
  #freeAtMs = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(pace: Pace, handOn: (item: Item) => void) {
    this.#pace = pace;
    this.#isFree = pace.latencyMs === undefined && pace.bytesPerSecond === undefined;
    this.#handOn = handOn;
  }

  /** Bytes that have come and not gone on. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param bytes how much of the way it takes; 0 for a sign that only keeps its place */
  push(item: Item, bytes: number): void {
    if (this.#isFree) {
      this.#handOn(item);
      return;
    }
    const { latencyMs = 0, bytesPerSecond = Number.POSITIVE_INFINITY } = this.#pace;
    const nowMs = performance.now();
    this.#freeAtMs = Math.max(this.#freeAtMs, nowMs) + (bytes * 1_000) / bytesPerSecond;
    const dueMs = this.#freeAtMs + latencyMs;
    this.#waiting.push({ item, bytes, dueMs });
    this.#bytes += bytes;
    this.#arm();
  }

  /** Forgets what has not gone on. */
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
      // A timer may come a moment early, and nothing is to be early here.
      if (first === undefined || first.dueMs > performance.now()) break;
      this.#waiting.shift();
      this.#bytes -= first.bytes;
      this.#handOn(first.item);
    }
    this.#arm();
  }
}
