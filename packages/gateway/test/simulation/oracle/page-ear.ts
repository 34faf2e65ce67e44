import type { Expectation } from './expectation.ts';

/** What one page was sent, up to what it has shown to its person. */
export class PageEar {
  readonly subject: string;
  readonly deviceKey: string;
  /** The last sequenced frame. */
  taken = 0;
  /** Its side of each match, and the latest epoch of it that it heard of. */
  readonly sides = new Map<string, 'a' | 'b'>();
  readonly epochs = new Map<string, number>();
  /** The last line shown of each match, and the latest place at which its lines may begin. */
  readonly lines = new Map<string, { last: number; readonly beginsBy: number }>();
  readonly ended = new Set<string>();
  call: string | null = null;
  /** What must come of frames that no honest page sends, by their text. */
  readonly expects = new Map<string, Expectation>();

  constructor(subject: string, deviceKey: string) {
    this.subject = subject;
    this.deviceKey = deviceKey;
  }
}
