import { AGE_REFUSED_FOR_MS } from '../../../src/limits.ts';
import type { BlockRecord, JournalRecord, UnblockRecord } from '../../../src/ports.ts';
import { COOLDOWN_MS, ENCOUNTERS_KEPT_MS } from '../rules.ts';
import { Decisions } from './decisions.ts';

interface Fact {
  /** By the simulation's own time, and by the node's wall clock, which may jump. */
  readonly atMs: number;
  readonly wallMs: number;
  /** The run of the node in which it happened. */
  readonly run: number;
  /** Whether the disk has lost it, so that only its own run knows. */
  isLost: boolean;
  /** When it was by what the present run could read back: another moment, if the clock jumped. */
  believedAtMs: number;
}

/** The two people of a pair in one order. */
function pairKey(a: string, b: string): string {
  return a < b ? `${a}\n${b}` : `${b}\n${a}`;
}

/**
 * Who has met, blocked and reported whom, who said that they are under age, and what people have
 * decided about whom, as it happened.
 *
 * What the node had not yet acknowledged when it died it may forget with the run, and what its
 * wall clock makes look older than its term it may forget at a restart: no node could know better.
 */
export class Acquaintance {
  readonly decisions = new Decisions();
  /** Whether nobody meets people of their own network. */
  keepsNetworksApart = false;
  readonly #met = new Map<string, (Fact & { readonly match: string })[]>();
  readonly #blocked = new Map<string, (Fact & { readonly asked: string })[]>();
  /** The marks of the blocks that were asked for so, and whether each is on disk. */
  readonly #marks = new Map<string, Map<string, boolean>>();
  readonly #minors = new Map<string, Fact[]>();
  readonly #meetings: number[] = [];
  #run = 0;
  #nowMs = 0;
  #wallMs = 0;

  get run(): number {
    return this.#run;
  }

  advance(nowMs: number, wallMs: number): void {
    this.#nowMs = nowMs;
    this.#wallMs = wallMs;
  }

  /** How often somebody met or parted in the last so many ms. */
  meetingsIn(ms: number): number {
    // They are in the order of time.
    const past = this.#meetings.findIndex((atMs) => this.#nowMs - atMs < ms);
    this.#meetings.splice(0, past < 0 ? this.#meetings.length : past);
    return this.#meetings.length;
  }

  meet(match: string, a: string, b: string): void {
    this.#meetings.push(this.#nowMs);
    append(this.#met, pairKey(a, b), { match, ...this.#fact() });
  }

  /** One of them asks for it: by a block, or by a report, on a match. */
  block(kind: 'block' | 'report', match: string, by: string, of: string): void {
    append(this.#blocked, pairKey(by, of), {
      asked: askedOf({ kind, match, by }),
      ...this.#fact(),
    });
  }

  /** The node hands a block over. */
  mark(record: BlockRecord): void {
    const asked = askedOf(record);
    const marks = this.#marks.get(asked) ?? new Map<string, boolean>();
    const { mark } = record;
    if (mark !== null) this.#marks.set(asked, marks.set(mark, marks.get(mark) ?? false));
  }

  /** A block is on disk, or that it is taken back: when nothing of it is left, nobody is apart for it. */
  store(record: BlockRecord | UnblockRecord): void {
    const asked = askedOf(record);
    const marks = this.#marks.get(asked);
    const { mark, by, of } = record;
    if (marks === undefined || mark === null || !marks.has(mark)) return;
    if (record.kind === 'block') marks.set(mark, true);
    else marks.delete(mark);
    if (marks.size > 0) return;
    this.#marks.delete(asked);
    const facts = this.#blocked.get(pairKey(by, of)) ?? [];
    this.#blocked.set(
      pairKey(by, of),
      facts.filter((fact) => fact.asked !== asked),
    );
  }

  refuseAge(subject: string): void {
    append(this.#minors, subject, this.#fact());
  }

  /** The disk has lost what was written at a moment. */
  lose(record: JournalRecord, writtenAtMs: number): void {
    for (const fact of this.#factsOf(record)) {
      // What came while the same was being written was not written again.
      const isMerged = record.kind !== 'encounter' && fact.atMs > writtenAtMs;
      if (fact.atMs === writtenAtMs || isMerged) fact.isLost = true;
    }
  }

  /** Another run of the node begins, and reads back what the disk has. */
  restart(): void {
    this.#run += 1;
    for (const [asked, marks] of this.#marks) {
      const stored = [...marks].filter(([, isStored]) => isStored);
      this.#marks.set(asked, new Map(stored));
    }
    const readBack = (facts: Iterable<readonly Fact[]>, termMs: number): void => {
      for (const each of facts) {
        for (const fact of each) {
          const ageMs = Math.min(Math.max(this.#wallMs - fact.wallMs, 0), termMs);
          fact.believedAtMs = this.#nowMs - ageMs;
        }
      }
    };
    readBack(this.#met.values(), ENCOUNTERS_KEPT_MS);
    readBack(this.#minors.values(), AGE_REFUSED_FOR_MS);
  }

  /**
   * How long two people must be kept apart, at least, by any other match of theirs; null when they
   * may meet as far as this goes.
   */
  apartUntilMs(a: string, b: string, but: string): number | null {
    return this.#lastMet(a, b, ({ atMs, believedAtMs }) => Math.min(atMs, believedAtMs), but);
  }

  /** How long a node may keep two people apart for having met, at most. */
  apartAtMostUntilMs(a: string, b: string): number | null {
    return this.#lastMet(a, b, ({ atMs, believedAtMs }) => Math.max(atMs, believedAtMs));
  }

  #lastMet(
    a: string,
    b: string,
    momentOf: (fact: Fact) => number,
    but: string | null = null,
  ): number | null {
    let untilMs: number | null = null;
    for (const fact of this.#met.get(pairKey(a, b)) ?? []) {
      if (!this.#holds(fact) || fact.match === but) continue;
      untilMs = Math.max(untilMs ?? 0, momentOf(fact) + COOLDOWN_MS);
    }
    return untilMs;
  }

  isBlocked(a: string, b: string): boolean {
    return (this.#blocked.get(pairKey(a, b)) ?? []).some((fact) => this.#holds(fact));
  }

  isRefusedForAge(subject: string): boolean {
    return (this.#minors.get(subject) ?? []).some(
      (fact) =>
        this.#holds(fact) &&
        this.#nowMs - Math.min(fact.atMs, fact.believedAtMs) < AGE_REFUSED_FOR_MS,
    );
  }

  /** Forgets meetings that keep nobody apart any more. */
  prune(): void {
    for (const [key, facts] of this.#met) {
      if (facts.every((fact) => this.#isPast(fact))) {
        this.#met.delete(key);
      }
    }
  }

  /** Whether neither this run of the node nor another can still keep the two apart for it. */
  #isPast({ atMs, believedAtMs }: Fact): boolean {
    return this.#nowMs - Math.max(atMs, believedAtMs) >= 2 * ENCOUNTERS_KEPT_MS;
  }

  #holds(fact: Fact): boolean {
    return !fact.isLost || fact.run === this.#run;
  }

  #fact(): Fact {
    return {
      atMs: this.#nowMs,
      wallMs: this.#wallMs,
      run: this.#run,
      isLost: false,
      believedAtMs: this.#nowMs,
    };
  }

  #factsOf(record: JournalRecord): readonly Fact[] {
    switch (record.kind) {
      case 'encounter':
        return (this.#met.get(pairKey(record.subjects[0], record.subjects[1])) ?? []).filter(
          ({ match }) => match === record.match,
        );
      case 'block':
      case 'report':
        return (this.#blocked.get(pairKey(record.by, record.of)) ?? []).filter(
          ({ asked }) => asked === askedOf(record),
        );
      case 'unblock':
        return [];
      case 'age-refused':
        return this.#minors.get(record.subject) ?? [];
    }
  }
}

/** The name of what one of two asks for, on a match. */
function askedOf({ kind, match, by }: Asked): string {
  return `${kind === 'report' ? 'report' : 'block'} ${match} ${by}`;
}

interface Asked {
  readonly kind: 'block' | 'unblock' | 'report';
  readonly match: string;
  readonly by: string;
}

function append<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
