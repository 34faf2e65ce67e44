import type { Expectation } from './expectation.ts';

/** What one page received, and what it may not send. */
export class PageLog {
  readonly subject: string;
  readonly deviceKey: string;
  /** The last sequenced frame that it received. */
  taken = 0;
  /** The latest epoch of each match. */
  readonly epochs = new Map<string, number>();
  /** The expected outcome of frames that no honest page sends, by their text. */
  readonly expects = new Map<string, Expectation>();

  constructor(subject: string, deviceKey: string) {
    this.subject = subject;
    this.deviceKey = deviceKey;
  }
}
