import { FreedTimes } from '../load/freed-times.ts';

/** What the crowd did and met, counted. */
export class CrowdCounts {
  sessions = 0;
  resumes = 0;
  /** Calls, counted at both sides. */
  callSides = 0;
  /** Lines that people said; those that the end of a call overtook are among them. */
  said = 0;
  signals = 0;
  reports = 0;
  blocks = 0;
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

  fault(words: string): void {
    this.faults.set(words, (this.faults.get(words) ?? 0) + 1);
  }
}
