/** A client's path in the address tree: ids from the /20 or /32 down to the address or /64. */
export interface Leaf {
  readonly family: 4 | 6;
  /** IPv4: /20, /24, address. IPv6: /32, /48, /56, /64. */
  readonly path: readonly number[];
}

export interface OracleOptions {
  readonly capacity: number;
  readonly networkMax: number;
  readonly refillMs: number | null;
}

interface Taken {
  readonly leaf: Leaf;
  units: number;
  readonly atMs: number;
}

/** Returns a leaf's address. Each id is below 16, but the last id of IPv4 is below 256. */
export function addressOf({ family, path }: Leaf): string {
  const [a = 0, b = 0, c = 0, d = 0] = path;
  return family === 4
    ? `198.51.${a * 16 + b}.${c}`
    : `2001:${a.toString(16)}:${b.toString(16)}:${(c * 256 + d).toString(16)}::1`;
}

/**
 * Checks GW-65 to GW-66b by brute force. Stores every `take`, and adds them all up to get the
 * number of units that a subtree has taken.
 */
export class BudgetOracle {
  readonly #options: OracleOptions;
  readonly #taken: Taken[] = [];
  /** Index of each subtree's first take that still counts. Earlier takes have decayed. */
  readonly #since = new Map<string, number>();

  constructor(options: OracleOptions) {
    this.#options = options;
  }

  /**
   * By how many units a take fits into the tightest level. Negative if it doesn't fit.
   */
  slackOf(leaf: Leaf, cost: number, nowMs: number): number {
    const { capacity } = this.#options;
    let slack = capacity - this.takenIn(leaf, 0, nowMs) - cost;
    for (let depth = 1; depth <= leaf.path.length; depth += 1) {
      const taken = this.takenIn(leaf, depth, nowMs);
      if (taken > 0) slack = Math.min(slack, this.shareOf(leaf, depth, nowMs) - taken - cost);
    }
    return slack;
  }

  take(leaf: Leaf, units: number, nowMs: number): void {
    const { refillMs } = this.#options;
    for (let depth = 0; refillMs !== null && depth <= leaf.path.length; depth += 1) {
      const isNothing = this.takenIn(leaf, depth, nowMs) === 0;
      if (isNothing) this.#since.set(keyOf(leaf, depth), this.#taken.length);
    }
    this.#taken.push({ leaf, units, atMs: nowMs });
  }

  /** Gives back the units of one earlier take. */
  release(index: number): { readonly leaf: Leaf; readonly units: number } | null {
    const [released] = this.#taken.splice(index, 1);
    return released ?? null;
  }

  get holdings(): number {
    return this.#taken.length;
  }

  /** Units taken in the subtree of the first `depth` ids of a path. Depth 0 is everyone. */
  takenIn(leaf: Leaf, depth: number, nowMs: number): number {
    const { refillMs } = this.#options;
    let sum = 0;
    const counted = this.#taken.slice(this.#since.get(keyOf(leaf, depth)) ?? 0);
    for (const { leaf: other, units, atMs } of counted) {
      const isBelow =
        depth === 0 ||
        (other.family === leaf.family &&
          leaf.path.every((id, index) => index >= depth || other.path[index] === id));
      if (isBelow) sum += refillMs === null ? units : units * Math.exp((atMs - nowMs) / refillMs);
    }
    return sum < 0.5 ? 0 : sum;
  }

  /** Returns the maximum number of units that a subtree may have taken. */
  shareOf(leaf: Leaf, depth: number, nowMs: number): number {
    const { capacity, networkMax } = this.#options;
    if (depth === 0) return capacity;
    const parent = this.shareOf(leaf, depth - 1, nowMs);
    const taken = this.takenIn(leaf, depth, nowMs);
    const others = this.takenIn(leaf, depth - 1, nowMs) - taken;
    const newcomer = taken === 0 ? Number.POSITIVE_INFINITY : 0;
    const untilHalfFull = parent / 2 - others;
    const isAddress = depth === leaf.path.length;
    const isNetwork = depth === leaf.path.length - 1;
    const isSite = leaf.family === 6 && depth === 2;
    let share = (parent - others) / 2;
    if (isAddress) share = Math.min(share, Math.max(parent / 5, untilHalfFull));
    if (isSite) share = Math.min(share, Math.max(capacity / 50, untilHalfFull));
    if (isNetwork) share = Math.min(share, networkMax);
    return Math.max(share, newcomer);
  }
}

function keyOf({ family, path }: Leaf, depth: number): string {
  return depth === 0 ? 'everyone' : [family, ...path.slice(0, depth)].join();
}
