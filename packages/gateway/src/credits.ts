import { CREDIT_LIMITS, type CreditKind, type CreditLimit } from './limits.ts';

const KINDS = Object.keys(CREDIT_LIMITS) as CreditKind[];
const PLACE_OF = new Map(KINDS.map((kind, place) => [kind, place]));

/**
 * A rate limit stored as one number: the time when the credits are full again (the generic cell
 * rate algorithm, ITU-T I.371, annex A). Needs no refill.
 * @returns the new time if one more is allowed, or null
 */
export function spend(fullAtMs: number, limit: CreditLimit, nowMs: number): number | null {
  const from = Math.max(fullAtMs, nowMs);
  return from - nowMs > (limit.burst - 1) * limit.everyMs ? null : from + limit.everyMs;
}

/** Rate limits of one session; a new socket doesn't reset them. */
export class Credits {
  /** By index of the kind, up to the last used: most users never use most kinds. */
  #fullAtMs: number[] = [];

  take(kind: CreditKind, nowMs: number): boolean {
    const place = PLACE_OF.get(kind) ?? 0;
    const next = spend(this.#fullAtMs[place] ?? 0, CREDIT_LIMITS[kind], nowMs);
    if (next === null) return false;
    this.#set(place, next);
    return true;
  }

  /** Time until `take` succeeds; 0 if it would now. */
  waitMs(kind: CreditKind, nowMs: number): number {
    const { burst, everyMs } = CREDIT_LIMITS[kind];
    const fullAtMs = this.#fullAtMs[PLACE_OF.get(kind) ?? 0] ?? 0;
    return Math.max(0, fullAtMs - nowMs - (burst - 1) * everyMs);
  }

  #set(place: number, fullAtMs: number): void {
    if (place >= this.#fullAtMs.length) {
      // Allocates the exact length; `push` would reserve seventeen entries.
      const before = this.#fullAtMs;
      this.#fullAtMs = Array.from({ length: place + 1 }, (_, kind) => before[kind] ?? 0);
    }
    this.#fullAtMs[place] = fullAtMs;
  }
}
