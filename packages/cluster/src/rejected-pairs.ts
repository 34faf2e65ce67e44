import type { SubjectId } from '@farandole/kernel/id';
import type { PairFacts, Party } from '@farandole/matchmaking/ports';
import { REJECTED_PAIRS_MAX, REJECTED_REMEMBERED_MS } from './limits.ts';

/**
 * Facts of a pool with the pairs that an owner rejected as not allowed to meet. The pool's node may
 * not know why, because each node reads the facts of its own users only. Without this memory, the
 * pool would propose the same pair in each wave.
 */
export class RejectedPairs implements PairFacts {
  readonly #facts: PairFacts;
  /** Time of each rejection, oldest first. */
  readonly #atMs = new Map<string, number>();

  constructor(facts: PairFacts) {
    this.#facts = facts;
  }

  get size(): number {
    return this.#atMs.size;
  }

  add(one: SubjectId, other: SubjectId, nowMonotonicMs: number): void {
    const key = keyOf(one, other);
    this.#atMs.delete(key);
    this.#atMs.set(key, nowMonotonicMs);
    if (this.#atMs.size <= REJECTED_PAIRS_MAX) return;
    for (const oldest of this.#atMs.keys()) {
      this.#atMs.delete(oldest);
      return;
    }
  }

  forgetOld(nowMonotonicMs: number): void {
    for (const [key, atMs] of this.#atMs) {
      if (nowMonotonicMs - atMs < REJECTED_REMEMBERED_MS) return;
      this.#atMs.delete(key);
    }
  }

  keptApart(a: Party, b: Party): boolean {
    if (this.#atMs.size > 0 && this.#atMs.has(keyOf(a.subject, b.subject))) return true;
    return this.#facts.keptApart(a, b);
  }

  metWithin(a: Party, b: Party, cooldownMs: number): boolean {
    return this.#facts.metWithin(a, b, cooldownMs);
  }
}

function keyOf(one: SubjectId, other: SubjectId): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}
