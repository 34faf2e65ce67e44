import type { SubjectId } from '@farandole/kernel/id';
import type { PairFacts } from '../ports.ts';

/** In-memory blocks and meetings for tests, simulations and benchmarks. */
export class PairBook implements PairFacts {
  readonly #blocks = new Map<SubjectId, Set<SubjectId>>();
  readonly #metAtMs = new Map<SubjectId, Map<SubjectId, number>>();
  #nowMs: number;

  constructor(nowMs = 0) {
    this.#nowMs = nowMs;
  }

  /** The time that `metWithin` counts from. */
  advance(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  block(by: SubjectId, of: SubjectId): void {
    const blocked = this.#blocks.get(by);
    if (blocked === undefined) this.#blocks.set(by, new Set([of]));
    else blocked.add(of);
  }

  meet(a: SubjectId, b: SubjectId): void {
    this.#noteMeeting(a, b);
    this.#noteMeeting(b, a);
  }

  blockedEitherWay(a: SubjectId, b: SubjectId): boolean {
    return this.#blocks.get(a)?.has(b) === true || this.#blocks.get(b)?.has(a) === true;
  }

  metWithin(a: SubjectId, b: SubjectId, cooldownMs: number): boolean {
    const metAtMs = this.#metAtMs.get(a)?.get(b);
    return metAtMs !== undefined && this.#nowMs - metAtMs < cooldownMs;
  }

  #noteMeeting(of: SubjectId, other: SubjectId): void {
    const met = this.#metAtMs.get(of);
    if (met === undefined) this.#metAtMs.set(of, new Map([[other, this.#nowMs]]));
    else met.set(other, this.#nowMs);
  }
}
