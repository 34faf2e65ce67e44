import { FreedTimes } from '../load/freed-times.ts';
import type { SoakPerson } from './soak-person.ts';

/**
 * Number of remembered calls. Higher than the number of concurrent calls, because a user can still
 * be reported after vanishing.
 */
const CALLS_REMEMBERED = 10_000;

export class CrowdCounts {
  sessions = 0;
  people = 0;
  resumes = 0;
  /** Number of calls, counted once for each participant. */
  callSides = 0;
  /** Number of sent lines, including those that arrive after the end of their call. */
  said = 0;
  signals = 0;
  reports = 0;
  blocks = 0;
  /** Number of users suspended after several reports. */
  keptOut = 0;
  pages = 0;
  nuisances = 0;
  /** Number of sequenced frames that were out of order or missing. */
  streamFaults = 0;
  /** Number of couples' calls that neither user ended. */
  couplesParted = 0;
  /** Times from the request to skip, stop or leave until the peer is notified. */
  readonly freed = new FreedTimes();
  /** Number of unexplained refusals, closes and errors, by message. */
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
