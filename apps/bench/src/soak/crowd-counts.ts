import { FreedTimes } from '../load/freed-times.ts';
import type { SoakPerson } from './soak-person.ts';

/**
 * Number of calls that the node remembers. It is higher than the number of concurrent calls,
 * because a user can still be reported after leaving.
 */
const CALLS_REMEMBERED = 10_000;

export class CrowdCounts {
  sessions = 0;
  people = 0;
  resumes = 0;
  /** Number of calls, counted once for each participant. */
  callSides = 0;
  /**
   * Number of chat lines sent, including those that the server receives after the end of the
   * call.
   */
  said = 0;
  signals = 0;
  reports = 0;
  blocks = 0;
  /** Number of users whom the node suspended after several reports. */
  keptOut = 0;
  pages = 0;
  nuisances = 0;
  /** Number of sequenced frames that arrived out of order or were missing. */
  streamFaults = 0;
  /** Number of calls between long-term partners that ended although neither user ended them. */
  couplesParted = 0;
  /**
   * Times in ms from one user's request to skip, stop or leave until the server notifies the
   * peer.
   */
  readonly freed = new FreedTimes();
  /** Number of unexplained refusals, closed sockets and errors, by error message. */
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
