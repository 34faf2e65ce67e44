import { FreedTimes } from '../load/freed-times.ts';
import type { SoakPerson } from './soak-person.ts';

/** Higher than the number of concurrent calls, because a vanished user may still be reported. */
const CALLS_REMEMBERED = 10_000;

export class CrowdCounts {
  sessions = 0;
  people = 0;
  resumes = 0;
  /** Counted at both sides. */
  callSides = 0;
  /** Includes lines overtaken by the end of a call. */
  said = 0;
  signals = 0;
  reports = 0;
  blocks = 0;
  /** Users suspended after several reports. */
  keptOut = 0;
  pages = 0;
  nuisances = 0;
  /** Sequenced frames out of order or missing. */
  streamFaults = 0;
  /** Calls of a couple that neither of them ended. */
  couplesParted = 0;
  /** Times from skipping, stopping or leaving until the peer is notified. */
  readonly freed = new FreedTimes();
  /** Unexplained refusals, closes and errors, by message. */
  readonly faults = new Map<string, number>();
  readonly #inCalls = new Map<string, Set<SoakPerson>>();

  joins(match: string, person: SoakPerson): void {
    const people = this.#inCalls.get(match) ?? new Set();
    this.#inCalls.set(match, people.add(person));
    const [oldest] = this.#inCalls.keys();
    if (this.#inCalls.size > CALLS_REMEMBERED && oldest !== undefined) this.#inCalls.delete(oldest);
  }

  reportedBy(match: string, reporter: SoakPerson): void {
    for (const person of this.#inCalls.get(match) ?? []) {
      if (person !== reporter) person.reporters.add(reporter);
    }
  }

  fault(words: string): void {
    this.faults.set(words, (this.faults.get(words) ?? 0) + 1);
  }
}
