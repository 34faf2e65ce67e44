import { assert } from '@farandole/kernel/assert';
import type { IpAddress } from '../signal-policy/address.ts';
import type { Budget } from './budget.ts';
import { LEVELS, type ShareRule, type Step, stepsOf } from './levels.ts';

export interface BudgetTreeOptions {
  /** Returns the monotonic time in ms. */
  readonly nowMs: () => number;
  /** Units that all addresses together may have taken. */
  readonly capacity: number;
  /** Units that one network (a /24 or /56) may have taken. No maximum by default. */
  readonly networkMax?: number;
  /**
   * Time in ms in which taken units decay by the factor e, so that a full budget regains
   * `capacity / refillMs` units per ms. Null for units that are held until `release`.
   */
  readonly refillMs: number | null;
  /** Whether only the limit of everyone together applies to an address. False by default. */
  readonly isExempt?: (address: IpAddress) => boolean;
  /** Called for units that `take` gave; with a negative cost for units of `release`. */
  readonly onChanged?: (address: string, cost: number) => void;
  /** Called for each refused `take`. */
  readonly onRefused?: () => void;
  /** Maximum number of entries per level. `BUDGET_ENTRIES_MAX` by default. */
  readonly entriesMax?: number;
}

interface Entry {
  taken: number;
  atMs: number;
}

/** Units that one subtree of addresses has taken now, and the rule for its share. */
interface Usage {
  readonly rule: ShareRule;
  readonly taken: number;
}

/** Maximum number of entries per level and budget. */
export const BUDGET_ENTRIES_MAX = 10_000;
/** Wait in ms after a refusal by a budget of held units. Their release can't be predicted. */
export const HELD_WAIT_MS = 5_000;
/** A smaller number of taken units counts as zero. The smallest cost is one unit. */
const EMPTY_BELOW = 0.5;
/** Maximum rounding error of a sum of decayed units. */
const ROUNDING = 1e-9;
const SITE_SHARE = 0.02;
const ADDRESS_SHARE = 0.2;
/** Entries are dropped after this many `refillMs`, when at most 5 % of their units are left. */
const REFILLS_KEPT = 3;
/**
 * Longest wait after a refusal, as a multiple of `refillMs`. It is enough, because even 1e12 units
 * decay to less than one unit within 28 `refillMs`.
 */
const REFILLS_WAITED_MAX = 32;

const nobody = (): boolean => false;

/** Returns 0 for less than half a unit, because a decaying number of units never reaches zero. */
function settled(taken: number): number {
  return taken < EMPTY_BELOW ? 0 : taken;
}

/**
 * A budget that is shared fairly by network (GW-65 to GW-69). Every subtree of addresses has a
 * count of taken units, and a share that depends on the counts of its parent and its siblings.
 */
export class BudgetTree implements Budget {
  readonly #options: BudgetTreeOptions;
  readonly #networkMax: number;
  readonly #isExempt: (address: IpAddress) => boolean;
  readonly #entriesMax: number;
  readonly #everyone: Entry;
  /** Entries by level and name. Each map is ordered by the time of the entry's last `take`. */
  readonly #levels: readonly Map<string, Entry>[] = Array.from({ length: LEVELS }, () => new Map());
  #sweeps: readonly Iterator<[string, Entry]>[];

  constructor(options: BudgetTreeOptions) {
    this.#options = options;
    this.#networkMax = options.networkMax ?? Number.POSITIVE_INFINITY;
    this.#isExempt = options.isExempt ?? nobody;
    this.#entriesMax = options.entriesMax ?? BUDGET_ENTRIES_MAX;
    this.#everyone = { taken: 0, atMs: options.nowMs() };
    this.#sweeps = this.#levels.map((level) => level.entries());
  }

  /** Units that all addresses together have taken, after decay or release. */
  get taken(): number {
    return this.#takenOf(this.#everyone, this.#options.nowMs());
  }

  /** Number of entries by level, from addresses to IPv6 /32. */
  get sizes(): readonly number[] {
    return this.#levels.map(({ size }) => size);
  }

  take(address: string, cost = 1): number {
    const { nowMs, capacity } = this.#options;
    assert(cost >= 0 && cost <= Math.min(capacity, this.#networkMax), 'no share has room for this');
    const now = nowMs();
    const steps = stepsOf(address, this.#isExempt);
    const usages = steps.map(({ level, key, rule }): Usage => {
      const entry = this.#levels[level]?.get(key);
      return { rule, taken: entry === undefined ? 0 : this.#takenOf(entry, now) };
    });
    const everyone = this.#takenOf(this.#everyone, now);
    if (!this.#fits(everyone, usages, cost, 1)) {
      this.#options.onRefused?.();
      return this.#waitMs(everyone, usages, cost);
    }
    this.#add(steps, cost, now);
    this.#options.onChanged?.(address, cost);
    return 0;
  }

  release(address: string, cost = 1): void {
    this.#subtract(address, cost);
    this.#options.onChanged?.(address, -cost);
  }

  /** Counts units that another node gave, or got back if the cost is negative. Refuses none. */
  count(address: string, cost: number): void {
    if (cost < 0) this.#subtract(address, -cost);
    else this.#add(stepsOf(address, this.#isExempt), cost, this.#options.nowMs());
  }

  #add(steps: readonly Step[], cost: number, now: number): void {
    this.#everyone.taken = this.#takenOf(this.#everyone, now) + cost;
    this.#everyone.atMs = now;
    for (const step of steps) {
      const entry = this.#levels[step.level]?.get(step.key);
      const taken = entry === undefined ? 0 : this.#takenOf(entry, now);
      this.#put(step, { taken: taken + cost, atMs: now });
    }
  }

  #subtract(address: string, cost: number): void {
    const now = this.#options.nowMs();
    this.#giveBack(this.#everyone, cost, now);
    for (const { level, key } of stepsOf(address, this.#isExempt)) {
      const entries = this.#levels[level];
      const entry = entries?.get(key);
      // The entry was dropped, and only its parents still count its units (GW-69).
      if (entry === undefined) continue;
      this.#giveBack(entry, cost, now);
      if (settled(entry.taken) === 0) entries?.delete(key);
    }
  }

  /**
   * Drops empty and old entries. Each call visits only a part of the entries.
   *
   * @param visitsMax maximum number of entries to visit per level
   */
  sweep(visitsMax = 1_000): void {
    const { nowMs, refillMs } = this.#options;
    // `release` drops the empty entries of held units.
    if (refillMs === null) return;
    const now = nowMs();
    this.#sweeps = this.#levels.map((entries, index) => {
      const sweep = this.#sweeps[index] ?? entries.entries();
      for (let visits = 0; visits < visitsMax; visits += 1) {
        const next = sweep.next();
        if (next.done === true) return entries.entries();
        const [key, entry] = next.value;
        // One unit takes this long to decay to a half, and the entries that follow are younger.
        if (now - entry.atMs < refillMs * Math.LN2) return entries.entries();
        if (this.#isOver(entry, now, refillMs)) entries.delete(key);
      }
      return sweep;
    });
  }

  /**
   * Whether every level has room for the cost.
   *
   * @param kept part of the taken units that hasn't decayed, from 0 to 1
   */
  #fits(everyone: number, usages: readonly Usage[], cost: number, kept: number): boolean {
    let share = this.#options.capacity;
    let parent = settled(everyone * kept);
    if (parent + cost > share + ROUNDING) return false;
    for (const usage of usages) {
      const taken = settled(usage.taken * kept);
      const others = Math.max(0, parent - taken);
      // A newcomer may take once, or full siblings could shut it out (GW-66b).
      const least = taken === 0 ? cost : 0;
      share = Math.max(least, this.#shareOf(usage.rule, share, others));
      if (taken + cost > share + ROUNDING) return false;
      parent = taken;
    }
    return true;
  }

  #shareOf(rule: ShareRule, parentShare: number, others: number): number {
    const half = (parentShare - others) / 2;
    // The subtree may have this many units while the parent is at most half full. The 2 % and 20 %
    // limits apply only when the parent is fuller.
    const unbound = parentShare / 2 - others;
    switch (rule) {
      case 'half':
        return half;
      case 'site':
        return Math.min(half, Math.max(this.#options.capacity * SITE_SHARE, unbound));
      case 'network':
        return Math.min(half, this.#networkMax);
      case 'address':
        return Math.min(half, Math.max(parentShare * ADDRESS_SHARE, unbound));
      case 'machine':
        return Math.min(parentShare - others, this.#networkMax);
    }
  }

  /** Returns the shortest wait in ms after which the cost fits if no other client takes units. */
  #waitMs(everyone: number, usages: readonly Usage[], cost: number): number {
    const { refillMs } = this.#options;
    if (refillMs === null) return HELD_WAIT_MS;
    let refusedMs = 0;
    let allowedMs = Math.ceil(refillMs * REFILLS_WAITED_MAX);
    while (allowedMs - refusedMs > 1) {
      const middleMs = Math.floor((refusedMs + allowedMs) / 2);
      const kept = Math.exp(-middleMs / refillMs);
      if (this.#fits(everyone, usages, cost, kept)) allowedMs = middleMs;
      else refusedMs = middleMs;
    }
    return allowedMs;
  }

  #takenOf({ taken, atMs }: Entry, nowMs: number): number {
    const { refillMs } = this.#options;
    return settled(refillMs === null ? taken : taken * Math.exp((atMs - nowMs) / refillMs));
  }

  #isOver(entry: Entry, nowMs: number, refillMs: number): boolean {
    const isOld = nowMs - entry.atMs >= REFILLS_KEPT * refillMs;
    return isOld || this.#takenOf(entry, nowMs) === 0;
  }

  #giveBack(entry: Entry, cost: number, nowMs: number): void {
    entry.taken = Math.max(0, this.#takenOf(entry, nowMs) - cost);
    entry.atMs = nowMs;
  }

  /** Stores an entry as the latest of its level. Drops the oldest one at the maximum. */
  #put({ level, key }: Step, entry: Entry): void {
    const entries = this.#levels[level];
    if (entries === undefined) return;
    entries.delete(key);
    if (entries.size >= this.#entriesMax) {
      // The units of the dropped entry stay counted in its parents.
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        break;
      }
    }
    entries.set(key, entry);
  }
}
