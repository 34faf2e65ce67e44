import { FreedTimes } from '../load/freed-times.ts';
import type { SoakPerson } from './soak-person.ts';

/** Far more than go on at once: who has gone without a word may still be reported. */
const CALLS_REMEMBERED = 10_000;

/** What the crowd did and met, counted. */
export class CrowdCounts {
  sessions = 0;
  /** People who opened a session, each once. */
  people = 0;
  resumes = 0;
  /** Calls, counted at both sides. */
  callSides = 0;
  /** Lines that people said; those that the end of a call overtook are among them. */
  said = 0;
  signals = 0;
  reports = 0;
  blocks = 0;
  /** People whom the node let in no more, since several had reported them. */
  keptOut = 0;
  pages = 0;
  nuisances = 0;
  /** Sequenced frames that came out of order, or were missing between two that came. */
  streamFaults = 0;
  /** Calls of a couple that ended although neither of them ended it. */
  couplesParted = 0;
  /** From one's going on, stopping or leaving with a word to the other's being told. */
  readonly freed = new FreedTimes();
  /** Refusals and closes of the node's that nobody gave a reason for, and errors, by their words. */
  readonly faults = new Map<string, number>();
  /** Who is or was in each of the latest calls. */
  readonly #inCalls = new Map<string, Set<SoakPerson>>();

  joins(match: string, person: SoakPerson): void {
    const people = this.#inCalls.get(match) ?? new Set();
    this.#inCalls.set(match, people.add(person));
    const [oldest] = this.#inCalls.keys();
    if (this.#inCalls.size > CALLS_REMEMBERED && oldest !== undefined) this.#inCalls.delete(oldest);
  }

  /** Reports whoever else is or was in the call. */
  reportedBy(match: string, reporter: SoakPerson): void {
    for (const person of this.#inCalls.get(match) ?? []) {
      if (person !== reporter) person.reporters.add(reporter);
    }
  }

  fault(words: string): void {
    this.faults.set(words, (this.faults.get(words) ?? 0) + 1);
  }
}
