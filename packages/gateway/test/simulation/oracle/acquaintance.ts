import { AGE_REFUSED_FOR_MS } from '../../../src/limits.ts';
import type { JournalRecord } from '../../../src/ports.ts';
import { COOLDOWN_MS, ENCOUNTERS_KEPT_MS } from '../rules.ts';
import type { Facts } from './facts.ts';

interface Fact {
  readonly about: string;
  readonly atMs: number;
  readonly wallMs: number;
  readonly run: number;
  /** The disk lost it: only its own run of the node knows. */
  isLost: boolean;
  /** When it was, as far as the present run can tell after a clock jump. */
  believedAtMs: number;
}

/** Who met and blocked whom, and who said that they are a minor: what keeps two people apart. */
export class Acquaintance {
  readonly #facts: Facts;
  readonly #met = new Map<string, Fact[]>();
  readonly #blocked = new Map<string, Fact[]>();
  readonly #minors = new Map<string, Fact[]>();
  /** The marks under which each block was asked for, and whether each is on disk. */
  readonly #marks = new Map<string, Map<string, boolean>>();
  #meetings: number[] = [];
  #run = 0;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  met(match: string, a: string, b: string): void {
    this.#meetings.push(this.#facts.nowMs);
    this.#note(this.#met, pairOf(a, b), match);
  }

  meetingsIn(ms: number): number {
    this.#meetings = this.#meetings.filter((atMs) => this.#facts.nowMs - atMs < ms);
    return this.#meetings.length;
  }

  block(kind: 'block' | 'report', match: string, by: string, of: string): void {
    this.#note(this.#blocked, pairOf(by, of), askedOf({ kind, match, by }));
  }

  refuseAge(subject: string): void {
    this.#note(this.#minors, subject, subject);
  }

  appended(record: JournalRecord): void {
    if (record.kind !== 'block' || record.mark === null) return;
    const marks = this.#marks.get(askedOf(record)) ?? new Map<string, boolean>();
    this.#marks.set(askedOf(record), marks.set(record.mark, marks.get(record.mark) ?? false));
  }

  /** A block, or its removal, is on disk. With its last mark a block keeps nobody apart. */
  stored(record: JournalRecord): void {
    if (record.kind !== 'block' && record.kind !== 'unblock') return;
    const asked = askedOf(record);
    const marks = this.#marks.get(asked);
    if (record.mark === null || marks?.has(record.mark) !== true) return;
    if (record.kind === 'block') marks.set(record.mark, true);
    else marks.delete(record.mark);
    if (marks.size > 0) return;
    this.#marks.delete(asked);
    const pair = pairOf(record.by, record.of);
    const others = (this.#blocked.get(pair) ?? []).filter(({ about }) => about !== asked);
    this.#blocked.set(pair, others);
  }

  lost(record: JournalRecord, writtenAtMs: number): void {
    for (const fact of this.#factsOf(record)) {
      // What came while the same was being written was not written again.
      const isMerged = record.kind !== 'encounter' && fact.atMs > writtenAtMs;
      if (fact.atMs === writtenAtMs || isMerged) fact.isLost = true;
    }
  }

  #factsOf(record: JournalRecord): readonly Fact[] {
    if (record.kind === 'age-refused') return this.#minors.get(record.subject) ?? [];
    if (record.kind === 'unblock') return [];
    const [known, [by, of], about] =
      record.kind === 'encounter'
        ? [this.#met, record.subjects, record.match]
        : [this.#blocked, [record.by, record.of] as const, askedOf(record)];
    return (known.get(pairOf(by, of)) ?? []).filter((fact) => fact.about === about);
  }

  /** Another run of the node reads back what the disk has, as old as its date makes it. */
  nodeStarts(): void {
    this.#run += 1;
    for (const [asked, marks] of this.#marks) {
      this.#marks.set(asked, new Map([...marks].filter(([, isStored]) => isStored)));
    }
    const { nowMs, wallMs } = this.#facts;
    for (const [known, termMs] of [
      [this.#met, ENCOUNTERS_KEPT_MS],
      [this.#minors, AGE_REFUSED_FOR_MS],
    ] as const) {
      for (const fact of [...known.values()].flat()) {
        fact.believedAtMs = nowMs - Math.min(Math.max(wallMs - fact.wallMs, 0), termMs);
      }
    }
  }

  /** Until when the node must keep two who met apart, by any other match of theirs. */
  apartUntilMs(a: string, b: string, otherThan: string): number {
    const before = this.#meetingsOf(a, b).filter(({ about }) => about !== otherThan);
    return latest(before, ({ atMs, believedAtMs }) => Math.min(atMs, believedAtMs));
  }

  /** Until when it may keep them apart. */
  apartAtMostUntilMs(a: string, b: string): number {
    const mayHold = ({ atMs, believedAtMs }: Fact) => Math.max(atMs, believedAtMs);
    return latest(this.#meetingsOf(a, b), mayHold);
  }

  #meetingsOf(a: string, b: string): readonly Fact[] {
    return (this.#met.get(pairOf(a, b)) ?? []).filter((fact) => this.#holds(fact));
  }

  isBlocked(a: string, b: string): boolean {
    return (this.#blocked.get(pairOf(a, b)) ?? []).some((fact) => this.#holds(fact));
  }

  isMinor(subject: string): boolean {
    const isRecent = ({ atMs, believedAtMs }: Fact) =>
      this.#facts.nowMs - Math.min(atMs, believedAtMs) < AGE_REFUSED_FOR_MS;
    return (this.#minors.get(subject) ?? []).some((fact) => this.#holds(fact) && isRecent(fact));
  }

  prune(): void {
    const isPast = ({ atMs, believedAtMs }: Fact) =>
      this.#facts.nowMs - Math.max(atMs, believedAtMs) >= 2 * ENCOUNTERS_KEPT_MS;
    for (const [pair, facts] of this.#met) if (facts.every(isPast)) this.#met.delete(pair);
  }

  #holds({ isLost, run }: Fact): boolean {
    return !isLost || run === this.#run;
  }

  #note(known: Map<string, Fact[]>, key: string, about: string): void {
    const { nowMs, wallMs } = this.#facts;
    const fact = { about, atMs: nowMs, wallMs, run: this.#run, isLost: false, believedAtMs: nowMs };
    known.set(key, [...(known.get(key) ?? []), fact]);
  }
}

function latest(facts: readonly Fact[], momentOf: (fact: Fact) => number): number {
  return Math.max(Number.NEGATIVE_INFINITY, ...facts.map((fact) => momentOf(fact) + COOLDOWN_MS));
}

function pairOf(a: string, b: string): string {
  return a < b ? `${a}\n${b}` : `${b}\n${a}`;
}

interface Asked {
  readonly kind: string;
  readonly match: string;
  readonly by: string;
}

function askedOf({ kind, match, by }: Asked): string {
  return `${kind === 'report' ? 'report' : 'block'} ${match} ${by}`;
}
