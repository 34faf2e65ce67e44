import { assertDefined } from '@farandole/kernel/assert';
import { CREDIT_LIMITS, type CreditKind, type CreditLimit } from './limits.ts';

const KINDS = Object.keys(CREDIT_LIMITS) as CreditKind[];
const RATES = new Map(KINDS.map((kind, place) => [kind, { place, limit: CREDIT_LIMITS[kind] }]));

function rateOf(kind: CreditKind): { readonly place: number; readonly limit: CreditLimit } {
  return assertDefined(RATES.get(kind), 'each kind of message has a rate limit');
}

/**
 * Takes one credit from a rate limit, which is stored as one number: the time at which its
 * credits are full again (generic cell rate algorithm, ITU-T I.371, annex A). No timer has to
 * refill credits.
 * @returns the new time, or null if no credit is left
 */
export function spend(fullAtMs: number, limit: CreditLimit, nowMs: number): number | null {
  const from = Math.max(fullAtMs, nowMs);
  return from - nowMs > (limit.burst - 1) * limit.everyMs ? null : from + limit.everyMs;
}

/** The rate limits of one session. They continue when the session moves to a new socket. */
export class Credits {
  /**
   * The array is indexed by message kind and ends at the last kind used, because most users
   * never use most kinds.
   */
  #fullAtMs: number[] = [];

  take(kind: CreditKind, nowMs: number): boolean {
    const { place, limit } = rateOf(kind);
    const next = spend(this.#fullAtMs[place] ?? 0, limit, nowMs);
    if (next === null) return false;
    this.#set(place, next);
    return true;
  }

  /** Returns the time in ms until one more message is allowed, or 0 if it is allowed now. */
  waitMs(kind: CreditKind, nowMs: number): number {
    const { place, limit } = rateOf(kind);
    const fullAtMs = this.#fullAtMs[place] ?? 0;
    return Math.max(0, fullAtMs - nowMs - (limit.burst - 1) * limit.everyMs);
  }

  /** Returns for each kind of message the ms until its credits are full again, without zeros. */
  snapshot(nowMs: number): { readonly kind: string; readonly fullInMs: number }[] {
    return KINDS.map((kind, place) => {
      const fullInMs = Math.ceil(Math.max(0, (this.#fullAtMs[place] ?? 0) - nowMs));
      return { kind, fullInMs };
    }).filter(({ fullInMs }) => fullInMs > 0);
  }

  /** Continues the rate limits of a session that came from another node. */
  restore(
    credits: readonly { readonly kind: string; readonly fullInMs: number }[],
    nowMs: number,
  ): void {
    for (const { kind, fullInMs } of credits) {
      const rate = RATES.get(kind as CreditKind);
      if (rate !== undefined) this.#set(rate.place, nowMs + fullInMs);
    }
  }

  #set(place: number, fullAtMs: number): void {
    if (place >= this.#fullAtMs.length) {
      // Allocates exactly the needed length, because `push` would reserve seventeen entries.
      const before = this.#fullAtMs;
      this.#fullAtMs = Array.from({ length: place + 1 }, (_, kind) => before[kind] ?? 0);
    }
    this.#fullAtMs[place] = fullAtMs;
  }
}
