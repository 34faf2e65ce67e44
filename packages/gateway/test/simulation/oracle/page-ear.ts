import type { Expectation } from '../expectation.ts';

/** What one page was sent, and what it may not send. */
export class PageEar {
  readonly subject: string;
  readonly deviceKey: string;
  /** The last sequenced frame that it got. */
  taken = 0;
  /** The latest epoch of each match that it heard of. */
  readonly epochs = new Map<string, number>();
  /** What must come of frames that no honest page sends, by their text. */
  readonly expects = new Map<string, Expectation>();

  constructor(subject: string, deviceKey: string) {
    this.subject = subject;
    this.deviceKey = deviceKey;
  }
}
