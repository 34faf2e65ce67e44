interface Bucket {
  tokens: number;
  atMonotonicMs: number;
}

/**
 * Holds one token bucket per key. A bucket starts full, loses one token per `take` and refills at a
 * steady rate. Full buckets are removed from memory.
 */
export class TokenBuckets {
  readonly #capacity: number;
  readonly #perMs: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(capacity: number, refillPerSecond: number) {
    this.#capacity = capacity;
    this.#perMs = refillPerSecond / 1_000;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Takes a token from the key's bucket. Returns false if none is left. */
  take(key: string, nowMonotonicMs: number): boolean {
    const bucket = this.#buckets.get(key) ?? {
      tokens: this.#capacity,
      atMonotonicMs: nowMonotonicMs,
    };
    bucket.tokens = this.#tokensAt(bucket, nowMonotonicMs);
    bucket.atMonotonicMs = nowMonotonicMs;
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  sweep(nowMonotonicMs: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (this.#tokensAt(bucket, nowMonotonicMs) >= this.#capacity) this.#buckets.delete(key);
    }
  }

  #tokensAt(bucket: Bucket, nowMonotonicMs: number): number {
    const elapsedMs = nowMonotonicMs - bucket.atMonotonicMs;
    return Math.min(this.#capacity, bucket.tokens + elapsedMs * this.#perMs);
  }
}
