import { Violation } from './violation.ts';

/** What was done to the place in a call that a person has. */
export type Entry =
  /** They are told that they are in a call. */
  | {
      readonly op: 'begins';
      readonly step: number;
      readonly subject: string;
      readonly match: string;
    }
  /** They are told that it is over. */
  | { readonly op: 'ends'; readonly subject: string; readonly match: string }
  /** Their session is over, whatever they were told. */
  | { readonly op: 'gone'; readonly subject: string }
  /** All sessions are. */
  | { readonly op: 'all-gone' };

interface Pair {
  /** The step in which it began. */
  readonly step: number;
  readonly subjects: Set<string>;
}

/**
 * I1, by history: each person is one register, that holds a call or nothing. One node says all in
 * one order, so what it said is linearizable if that order, replayed, is one that registers allow:
 * a call is written only where nothing is, and by two people in one step.
 *
 * It knows nothing of sessions, sockets and searches: neither what the node nor what the rest of
 * the oracle believes.
 */
export class History {
  #log: Entry[] = [];
  readonly #registers = new Map<string, string>();
  readonly #pairs = new Map<string, Pair>();

  note(entry: Entry): void {
    this.#log.push(entry);
  }

  /** Replays what was noted since the last time. */
  check(): void {
    for (const entry of this.#log) this.#apply(entry);
    for (const match of new Set(this.#registers.values())) {
      const { size } = this.#pairs.get(match)?.subjects ?? { size: 0 };
      if (size !== 2) throw new Violation('I1', `${size} people were ever in the call ${match}`);
    }
    this.#log = [];
  }

  /** Forgets calls that nobody can come back to. */
  prune(isKept: (match: string) => boolean): void {
    const held = new Set(this.#registers.values());
    for (const match of this.#pairs.keys()) {
      if (!held.has(match) && !isKept(match)) this.#pairs.delete(match);
    }
  }

  #apply(entry: Entry): void {
    switch (entry.op) {
      case 'begins':
        this.#begin(entry);
        return;
      case 'ends': {
        const held = this.#registers.get(entry.subject);
        if (held !== undefined && held !== entry.match) {
          throw new Violation(
            'I1',
            `the end of ${entry.match} reached ${entry.subject} in ${held}`,
          );
        }
        this.#registers.delete(entry.subject);
        return;
      }
      case 'gone':
        this.#registers.delete(entry.subject);
        return;
      case 'all-gone':
        this.#registers.clear();
    }
  }

  #begin({ step, subject, match }: Extract<Entry, { op: 'begins' }>): void {
    const held = this.#registers.get(subject);
    if (held !== undefined && held !== match) {
      throw new Violation('I1', `${subject} is in ${held}, and ${match} begins`);
    }
    this.#registers.set(subject, match);
    const pair = this.#pairs.get(match);
    if (pair === undefined) {
      this.#pairs.set(match, { step, subjects: new Set([subject]) });
      return;
    }
    if (pair.subjects.has(subject)) return;
    if (pair.subjects.size === 2 || pair.step !== step) {
      throw new Violation('I1', `${subject} comes into ${match}, which others have`);
    }
    pair.subjects.add(subject);
  }
}
