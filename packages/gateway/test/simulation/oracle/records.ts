import { AGE_REFUSED_FOR_MS, REPORTS_MERGE_FOR_MS } from '../../../src/limits.ts';
import type { JournalRecord, ReportRecord } from '../../../src/ports.ts';
import { COOLDOWN_MS, ENCOUNTERS_KEPT_MS } from '../rules.ts';
import { check } from '../violation.ts';
import { type Facts, type Match, sidesOf } from './facts.ts';

interface Fact {
  readonly about: string;
  readonly atMs: number;
  readonly wallMs: number;
  /** Whether the disk failed to store the record, so that a restarted node doesn't know it. */
  isLost: boolean;
  /** Time of the event by the current node's date, which clock jumps change. */
  believedAtMs: number;
}

/**
 * Meetings, blocks, declared minors, and their records on disk. I8: every acknowledged record is on
 * disk, and every record on disk is correct. A correct record is about two users who were in a
 * call, is written once, and contains only lines of that call.
 */
export class Records {
  readonly #facts: Facts;
  readonly #known = new Map<string, Fact[]>();
  /** Every pair that was blocked at any time. */
  readonly #everBlocked = new Set<string>();
  /** Blocks and reports on disk. The mark tells which request for the block was stored. */
  readonly #stored = new Map<string, { readonly atWallMs: number; readonly mark: string | null }>();
  /**
   * Blocks and reports that the node has known since its last start, so it doesn't write them
   * again.
   */
  readonly #merged = new Set<string>();
  /** Number of records that are being written and for which a client waits. */
  pending = 0;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  met({ id, sides }: Match): void {
    const subjects = [...sides.values()].map(({ session }) => session.subject);
    this.#note(`met ${pairOf(...subjects)}`, id);
  }

  block(kind: 'block' | 'report', match: string, by: string, of: string): void {
    const pair = pairOf(by, of);
    this.#everBlocked.add(pair);
    this.#note(`blocked ${pair}`, `${kind} ${match} ${by}`);
  }

  refuseAge(subject: string): void {
    this.#note(`minor ${subject}`, subject);
  }

  #note(key: string, about: string): void {
    const { nowMs, wallMs } = this.#facts;
    const fact = { about, atMs: nowMs, wallMs, isLost: false, believedAtMs: nowMs };
    this.#known.set(key, [...this.#of(key), fact]);
  }

  #of(key: string): readonly Fact[] {
    return this.#known.get(key) ?? [];
  }

  /**
   * Time until which the node must keep two users apart because of an earlier match than `match`.
   */
  apartUntilMs(a: string, b: string, match: string): number {
    const before = this.#of(`met ${pairOf(a, b)}`).filter(({ about }) => about !== match);
    return latest(before, ({ atMs, believedAtMs }) => Math.min(atMs, believedAtMs));
  }

  /** Time until which the node may keep two users apart. */
  apartAtMostUntilMs(a: string, b: string): number {
    const pair = pairOf(a, b);
    if (this.#everBlocked.has(pair)) return Number.POSITIVE_INFINITY;
    const endOf = ({ atMs, believedAtMs }: Fact) => Math.max(atMs, believedAtMs);
    return latest(this.#of(`met ${pair}`), endOf);
  }

  isBlocked(a: string, b: string): boolean {
    return this.#of(`blocked ${pairOf(a, b)}`).length > 0;
  }

  isMinor(subject: string): boolean {
    return this.#of(`minor ${subject}`).some(({ atMs, believedAtMs }) => {
      return this.#facts.nowMs - Math.min(atMs, believedAtMs) < AGE_REFUSED_FOR_MS;
    });
  }

  appended(record: JournalRecord): void {
    if (record.kind !== 'encounter') this.pending += 1;
    if (record.kind === 'age-refused') return;
    const match = this.#facts.matches.get(record.match);
    checkPair(record, match);
    const key = keyOf(record);
    if (record.kind === 'unblock') {
      // The block was removed, so the node writes the next request for this block again.
      this.#merged.delete(key);
      const blocked = factKeyOf(record);
      const left = this.#of(blocked).filter(({ about }) => about !== key);
      this.#known.set(blocked, left);
    }
    if (record.kind !== 'block' && record.kind !== 'report') return;
    check(!this.#merged.has(key), 'I8', `${key} is written twice`);
    this.#merged.add(key);
    if (record.kind === 'report' && match !== undefined) checkLines(record, match);
  }

  stored(record: JournalRecord): void {
    this.#settled(record);
    if (record.kind === 'unblock' && this.#stored.get(keyOf(record))?.mark === record.mark) {
      this.#stored.delete(keyOf(record));
    }
    if (record.kind !== 'block' && record.kind !== 'report') return;
    const mark = record.kind === 'block' ? record.mark : null;
    this.#stored.set(keyOf(record), { atWallMs: record.atWallMs, mark });
  }

  lost(record: JournalRecord, writtenAtMs: number): void {
    this.#settled(record);
    if (record.kind === 'unblock') return;
    // The write failed, so the user may send the request again and the node writes it.
    if (record.kind === 'block' || record.kind === 'report') this.#merged.delete(keyOf(record));
    for (const fact of this.#of(factKeyOf(record))) {
      if (fact.about !== keyOf(record)) continue;
      // Requests that arrived during the first one's write are merged with it.
      const isMerged = record.kind !== 'encounter' && fact.atMs > writtenAtMs;
      if (fact.atMs === writtenAtMs || isMerged) fact.isLost = true;
    }
  }

  #settled(record: JournalRecord): void {
    if (record.kind !== 'encounter') this.pending = Math.max(0, this.pending - 1);
  }

  acknowledged(kind: 'block' | 'report', match: string | undefined, by: string): void {
    const isStored = match === undefined || this.#stored.has(`${kind} ${match} ${by}`);
    check(isStored, 'I8', `a ${kind} on ${match} was acknowledged, and is not on disk`);
  }

  /** A restarted node reads the disk and computes each record's age from its own date. */
  nodeStarts(): void {
    this.pending = 0;
    const { nowMs, wallMs } = this.#facts;
    this.#merged.clear();
    for (const [key, { atWallMs }] of this.#stored) {
      if (wallMs - atWallMs < REPORTS_MERGE_FOR_MS) this.#merged.add(key);
    }
    for (const [key, facts] of this.#known) {
      const left = facts.filter(({ isLost }) => !isLost);
      const keptMs = key.startsWith('minor ') ? AGE_REFUSED_FOR_MS : ENCOUNTERS_KEPT_MS;
      for (const fact of left) {
        fact.believedAtMs = nowMs - Math.min(Math.max(wallMs - fact.wallMs, 0), keptMs);
      }
      this.#known.set(key, left);
    }
  }
}

function latest(facts: readonly Fact[], momentOf: (fact: Fact) => number): number {
  return Math.max(Number.NEGATIVE_INFINITY, ...facts.map((fact) => momentOf(fact) + COOLDOWN_MS));
}

function pairOf(...subjects: readonly string[]): string {
  return subjects.toSorted().join(' ');
}

/** Returns the key of a record: a match, a user, or a request for a block or report. */
function keyOf(record: JournalRecord): string {
  if (record.kind === 'age-refused') return record.subject;
  if (record.kind === 'encounter') return record.match;
  return `${record.kind === 'report' ? 'report' : 'block'} ${record.match} ${record.by}`;
}

function factKeyOf(record: JournalRecord): string {
  if (record.kind === 'age-refused') return `minor ${record.subject}`;
  if (record.kind === 'encounter') return `met ${pairOf(...record.subjects)}`;
  return `blocked ${pairOf(record.by, record.of)}`;
}

function checkPair(
  record: Exclude<JournalRecord, { kind: 'age-refused' }>,
  match: Match | undefined,
): void {
  const [by, of] = record.kind === 'encounter' ? record.subjects : [record.by, record.of];
  const subjects = match === undefined ? [] : sidesOf(match).map(({ session }) => session.subject);
  // The encounter is written before the two users are notified of their match.
  if (record.kind === 'encounter' && subjects.length < 2) return;
  const isTrue = by !== of && subjects.includes(by) && subjects.includes(of);
  check(isTrue, 'I8', `a ${record.kind} on ${record.match} by ${by}, of ${of}`);
}

function checkLines({ lines }: ReportRecord, match: Match): void {
  for (const { counters, side, text, atMs } of lines) {
    const said = match.lines[counters.reduce((sum, count) => sum + count, 0) - 1];
    const isSaid = said?.side === side && said.text === text && said.atMs === atMs;
    check(isSaid, 'I8', `a report on ${match.id} holds a line that was never said`);
  }
}
