import { CREDIT_LIMITS, type CreditKind, type CreditLimit } from './limits.ts';

const KINDS = Object.keys(CREDIT_LIMITS) as CreditKind[];
const PLACE_OF = new Map(KINDS.map((kind, place) => [kind, place]));

/**
 * One allowance, kept as one number: the moment at which it will be full again (the generic cell
 * rate algorithm, ITU-T I.371, annex A). Nothing has to refill it.
 *
 * @returns the new moment if one more is allowed, or null
 */
export function spend(fullAtMs: number, limit: CreditLimit, nowMs: number): number | null {
  const from = Math.max(fullAtMs, nowMs);
  return from - nowMs > (limit.burst - 1) * limit.everyMs ? null : from + limit.everyMs;
}

/** The allowances of one session, which a new socket does not fill up again. */
export class Credits {
  /** By the place of the kind, as far as any was used: most people never use most kinds. */
  #fullAtMs: number[] = [];

  /** Takes one credit of a kind; false when there is none. */
  take(kind: CreditKind, nowMs: number): boolean {
    const place = PLACE_OF.get(kind) ?? 0;
    const next = spend(this.#fullAtMs[place] ?? 0, CREDIT_LIMITS[kind], nowMs);
    if (next === null) return false;
    this.#set(place, next);
    return true;
  }

  /** How long until `take` of this kind succeeds; 0 when it would now. */
  waitMs(kind: CreditKind, nowMs: number): number {
    const { burst, everyMs } = CREDIT_LIMITS[kind];
    const fullAtMs = this.#fullAtMs[PLACE_OF.get(kind) ?? 0] ?? 0;
    return Math.max(0, fullAtMs - nowMs - (burst - 1) * everyMs);
  }

  #set(place: number, fullAtMs: number): void {
    if (place >= this.#fullAtMs.length) {
      // Of exactly this length, where a list that is pushed to would take room for seventeen.
      const before = this.#fullAtMs;
      this.#fullAtMs = Array.from({ length: place + 1 }, (_, kind) => before[kind] ?? 0);
    }
    this.#fullAtMs[place] = fullAtMs;
  }
}
