import type { SubjectId } from '@farandole/kernel/id';
import { Apart } from '../apart/apart.ts';
import type { Person } from '../apart/person.ts';
import type { PairFacts, Party } from '../ports.ts';

/** Records blocks and meetings by subject. For tests, simulations and benchmarks. */
export class PairBook implements PairFacts {
  /** Never forgets meetings, because simulations use longer cool-downs than a node does. */
  readonly apart = new Apart({ meetingsKeptMs: Number.POSITIVE_INFINITY });

  constructor(nowMs = 0) {
    this.apart.advance(nowMs);
  }

  advance(nowMs: number): void {
    this.apart.advance(nowMs);
  }

  block(by: SubjectId, of: SubjectId): void {
    const [one, other] = [personOf(by), personOf(of)];
    this.apart.separate({ by: one, of: other, network: null, mark: null, isOwned: true });
  }

  meet(a: SubjectId, b: SubjectId): void {
    this.apart.meet(personOf(a), personOf(b));
  }

  keptApart(a: Party, b: Party): boolean {
    return this.apart.keptApart(a, b);
  }

  metWithin(a: Party, b: Party, cooldownMs: number): boolean {
    return this.apart.metWithin(a, b, cooldownMs);
  }
}

function personOf(subject: SubjectId): Person {
  return { subject, device: null };
}
