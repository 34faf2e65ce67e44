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
  /** How long an encounter is kept: at least the longest cool-down that is ever asked about. */
  readonly encountersKeptMs?: number;
  readonly encountersMax?: number;
  readonly blocksMax?: number;
}

/**
 * Who has blocked whom and who met whom lately, in memory; the journal is what outlives the
 * process. Written in the same turn in which people part, read at each pairing.
 *
 * Both questions are answered in constant time and allocate nothing. A block, and a report, which
 * blocks too, hold for good. Elapsed time is the monotonic clock's, as of the last `advance` or
 * `record`: an answer can be late by one tick and then says "met" a little longer, never shorter.
 */
export class PairLedger implements PairFacts {
  readonly #keptMs: number;
  readonly #encountersMax: number;
  readonly #blocksMax: number;
  #nowMs = Number.NEGATIVE_INFINITY;
  /** When two people last were in a match; under both names. */
  readonly #lastMet = new Map<SubjectId, Map<SubjectId, number>>();
  /** Oldest first, some of them overtaken by a later meeting of the same two. */
  #encounters: Encounter[] = [];
  /** Those of `#encounters` before this place are done with. */
  #forgotten = 0;
  readonly #blocked = new Map<SubjectId, Set<SubjectId>>();
  #blocks = 0;

  constructor(options: PairLedgerOptions = {}) {
    this.#keptMs = options.encountersKeptMs ?? REMATCH_COOLDOWN_MS;
    this.#encountersMax = options.encountersMax ?? ENCOUNTERS_MAX;
    this.#blocksMax = options.blocksMax ?? BLOCKS_MAX;
  }

  /** Takes note of what has just happened. Records that are about no pair change nothing. */
  record(record: JournalRecord, now: Instant): void {
    this.advance(now);
    this.#apply(record, 0);
  }

  /** Reads back what the journal kept, oldest first. Reading it twice changes nothing. */
  replay(records: Iterable<ReplayedRecord>, now: Instant): void {
    this.advance(now);
    for (const record of records) {
      this.#apply(record, trustedAgeMs(record.atWallMs, now.wallMs, this.#keptMs));
    }
    this.#forgetOld();
  }

  /** Lets time pass. */
  advance(now: Instant): void {
    this.#nowMs = Math.max(this.#nowMs, now.monotonicMs);
    this.#forgetOld();
  }

  blockedEitherWay(a: SubjectId, b: SubjectId): boolean {
    return this.#blocked.get(a)?.has(b) === true || this.#blocked.get(b)?.has(a) === true;
  }

  metWithin(a: SubjectId, b: SubjectId, cooldownMs: number): boolean {
    const atMs = this.#lastMet.get(a)?.get(b);
    return atMs !== undefined && this.#nowMs - atMs < cooldownMs;
  }

  /** Pairs held, for the metrics and the tests of the bounds. */
  get sizes(): { readonly encounters: number; readonly blocks: number } {
    return { encounters: this.#encounters.length - this.#forgotten, blocks: this.#blocks };
  }

  #apply(record: ReplayedRecord, ageMs: number): void {
    switch (record.kind) {
      case 'encounter':
        this.#meet(record.subjects[0], record.subjects[1], this.#nowMs - ageMs);
        return;
      case 'block':
      case 'report':
      case 'reported':
        this.#block(record.by, record.of);
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

  #block(by: SubjectId, of: SubjectId): void {
    const ofOne = this.#blocked.get(by) ?? new Set();
    if (ofOne.has(of)) return;
    if (this.#blocks >= this.#blocksMax) this.#forgetOldestBlock();
    ofOne.add(of);
    this.#blocked.set(by, ofOne);
    this.#blocks += 1;
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
    this.#forgotten += 1;
    // A later meeting of the same two has its own place in the list and keeps the entry.
    if (this.#lastMet.get(oldest.a)?.get(oldest.b) === oldest.atMs) {
      removeInner(this.#lastMet, oldest.a, oldest.b);
      removeInner(this.#lastMet, oldest.b, oldest.a);
    }
    // The dead front is cut off when it is most of the list: constant time on the whole.
    if (this.#forgotten > 1_024 && this.#forgotten * 2 > this.#encounters.length) {
      this.#encounters = this.#encounters.slice(this.#forgotten);
      this.#forgotten = 0;
    }
  }

  #forgetOldestBlock(): void {
    for (const [by, ofOne] of this.#blocked) {
      for (const of of ofOne) {
        ofOne.delete(of);
        break;
      }
      if (ofOne.size === 0) this.#blocked.delete(by);
      this.#blocks -= 1;
      return;
    }
  }
}

function inner(
  map: Map<SubjectId, Map<SubjectId, number>>,
  key: SubjectId,
): Map<SubjectId, number> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Map<SubjectId, number>();
  map.set(key, made);
  return made;
}

function removeInner(
  map: Map<SubjectId, Map<SubjectId, number>>,
  key: SubjectId,
  innerKey: SubjectId,
): void {
  const known = map.get(key);
  if (known === undefined) return;
  known.delete(innerKey);
  if (known.size === 0) map.delete(key);
}
