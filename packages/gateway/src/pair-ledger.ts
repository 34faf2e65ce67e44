import type { Instant } from '@farandole/kernel/clock';
import type { SubjectId } from '@farandole/kernel/id';
import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import type { PairFacts } from '@farandole/matchmaking/ports';
import { trustedAgeMs } from './expiring-map.ts';
import { BLOCKS_MAX, ENCOUNTERS_MAX } from './limits.ts';
import type { JournalRecord, ReplayedRecord } from './ports.ts';

interface Encounter {
  readonly a: SubjectId;
  readonly b: SubjectId;
  readonly atMs: number;
}

export interface PairLedgerOptions {
  /** At least the longest cool-down ever queried. */
  readonly encountersKeptMs?: number;
  readonly encountersMax?: number;
  readonly blocksMax?: number;
}

/** Replaces the mark for a report or a block that can't be removed. */
const FOR_GOOD = '';
const ONLY_FOR_GOOD: readonly string[] = [FOR_GOOD];

/**
 * Blocks and recent meetings in memory; the journal is durable. Written in the turn in which users
 * part, read at each pairing.
 * Queries take constant time and allocate nothing. A block lasts until it is removed by its mark, a
 * report's block forever. The ledger doesn't store which user asked. Elapsed time is monotonic, as
 * of the last `advance` or `record`: an answer can be late by a tick and then reports "met" longer,
 * never shorter.
 */
export class PairLedger implements PairFacts {
  readonly #keptMs: number;
  readonly #encountersMax: number;
  readonly #blocksMax: number;
  #nowMs = Number.NEGATIVE_INFINITY;
  /** Last meeting of two users, under both ids. */
  readonly #lastMet = new Map<SubjectId, Map<SubjectId, number>>();
  /** Oldest first; some were superseded by a later meeting. Removed entries are undefined. */
  #encounters: (Encounter | undefined)[] = [];
  /** Entries of `#encounters` before this index are processed. */
  #forgotten = 0;
  /** By the lesser id, then by the other: marks of the pair's blocks. */
  readonly #apart = new Map<SubjectId, Map<SubjectId, readonly string[]>>();
  #blocks = 0;

  constructor(options: PairLedgerOptions = {}) {
    this.#keptMs = options.encountersKeptMs ?? REMATCH_COOLDOWN_MS;
    this.#encountersMax = options.encountersMax ?? ENCOUNTERS_MAX;
    this.#blocksMax = options.blocksMax ?? BLOCKS_MAX;
  }

  /** Records an event. Ignores records that concern no pair. */
  record(record: JournalRecord, now: Instant): void {
    this.advance(now);
    this.#apply(record, 0);
  }

  /** Loads the journal, oldest first. Idempotent. */
  replay(records: Iterable<ReplayedRecord>, now: Instant): void {
    this.advance(now);
    for (const record of records) {
      this.#apply(record, trustedAgeMs(record.atWallMs, now.wallMs, this.#keptMs));
    }
    this.#forgetOld();
  }

  advance(now: Instant): void {
    this.#nowMs = Math.max(this.#nowMs, now.monotonicMs);
    this.#forgetOld();
  }

  blockedEitherWay(a: SubjectId, b: SubjectId): boolean {
    return a < b ? this.#isApart(a, b) : this.#isApart(b, a);
  }

  isHeld(a: SubjectId, b: SubjectId, mark: string): boolean {
    const [one, other] = a < b ? [a, b] : [b, a];
    return this.#apart.get(one)?.get(other)?.includes(mark) === true;
  }

  metWithin(a: SubjectId, b: SubjectId, cooldownMs: number): boolean {
    const atMs = this.#lastMet.get(a)?.get(b);
    return atMs !== undefined && this.#nowMs - atMs < cooldownMs;
  }

  get sizes(): { readonly encounters: number; readonly blocks: number } {
    return { encounters: this.#encounters.length - this.#forgotten, blocks: this.#blocks };
  }

  #apply(record: ReplayedRecord, ageMs: number): void {
    switch (record.kind) {
      case 'encounter':
        for (const [at, one] of record.subjects.entries()) {
          for (const other of record.subjects.slice(at + 1)) {
            this.#meet(one, other, this.#nowMs - ageMs);
          }
        }
        return;
      case 'block':
        this.#hold(record.by, record.of, record.mark ?? FOR_GOOD);
        return;
      case 'unblock':
        this.#forgetBlock(record.by, record.of, record.mark);
        return;
      case 'report':
      case 'reported':
        this.#hold(record.by, record.of, FOR_GOOD);
        return;
      case 'age-refused':
        return;
    }
  }

  #meet(a: SubjectId, b: SubjectId, atMs: number): void {
    const known = this.#lastMet.get(a)?.get(b);
    if (known !== undefined && known >= atMs) return;
    if (this.#encounters.length - this.#forgotten >= this.#encountersMax) this.#forgetOldest();
    inner(this.#lastMet, a).set(b, atMs);
    inner(this.#lastMet, b).set(a, atMs);
    this.#encounters.push({ a, b, atMs });
  }

  #isApart(one: SubjectId, other: SubjectId): boolean {
    return this.#apart.get(one)?.has(other) === true;
  }

  #hold(a: SubjectId, b: SubjectId, mark: string): void {
    if (this.isHeld(a, b, mark)) return;
    if (this.#blocks >= this.#blocksMax) this.#forgetOldestBlock();
    const [one, other] = a < b ? [a, b] : [b, a];
    const ofOne = inner(this.#apart, one);
    const marks = ofOne.get(other);
    if (marks !== undefined) ofOne.set(other, [...marks, mark]);
    else ofOne.set(other, mark === FOR_GOOD ? ONLY_FOR_GOOD : [mark]);
    this.#blocks += 1;
  }

  #forgetBlock(a: SubjectId, b: SubjectId, mark: string): void {
    const [one, other] = a < b ? [a, b] : [b, a];
    const marks = this.#apart.get(one)?.get(other);
    if (marks?.includes(mark) !== true) return;
    this.#blocks -= 1;
    if (marks.length === 1) removeInner(this.#apart, one, other);
    else
      inner(this.#apart, one).set(
        other,
        marks.filter((held) => held !== mark),
      );
  }

  #forgetOld(): void {
    for (;;) {
      const oldest = this.#encounters[this.#forgotten];
      if (oldest === undefined || this.#nowMs - oldest.atMs < this.#keptMs) return;
      this.#forgetOldest();
    }
  }

  #forgetOldest(): void {
    const oldest = this.#encounters[this.#forgotten];
    if (oldest === undefined) return;
    // The slot remains for a while, but not its ids.
    this.#encounters[this.#forgotten] = undefined;
    this.#forgotten += 1;
    // A later meeting of the same pair has its own entry.
    if (this.#lastMet.get(oldest.a)?.get(oldest.b) === oldest.atMs) {
      removeInner(this.#lastMet, oldest.a, oldest.b);
      removeInner(this.#lastMet, oldest.b, oldest.a);
    }
    // Compacts when most of the list is processed: amortized constant time.
    if (this.#forgotten > 1_024 && this.#forgotten * 2 > this.#encounters.length) {
      this.#encounters = this.#encounters.slice(this.#forgotten);
      this.#forgotten = 0;
    }
  }

  #forgetOldestBlock(): void {
    for (const [one, ofOne] of this.#apart) {
      for (const [other, marks] of ofOne) {
        removeInner(this.#apart, one, other);
        this.#blocks -= marks.length;
        return;
      }
    }
  }
}

function inner<Value>(
  map: Map<SubjectId, Map<SubjectId, Value>>,
  key: SubjectId,
): Map<SubjectId, Value> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Map<SubjectId, Value>();
  map.set(key, made);
  return made;
}

function removeInner(
  map: Map<SubjectId, Map<SubjectId, unknown>>,
  key: SubjectId,
  innerKey: SubjectId,
): void {
  const known = map.get(key);
  if (known === undefined) return;
  known.delete(innerKey);
  if (known.size === 0) map.delete(key);
}
