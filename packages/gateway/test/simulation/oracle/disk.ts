import type { TaggedLine } from '@farandole/protocol/fields';
import { REPORTS_MERGE_FOR_MS } from '../../../src/limits.ts';
import type { JournalRecord } from '../../../src/ports.ts';
import { placeOf } from './chat.ts';
import { type Facts, type Match, sidesOf } from './facts.ts';
import { Violation } from './violation.ts';

type Asked = Extract<JournalRecord, { kind: 'block' | 'report' }>;

/**
 * I8: what was acknowledged is on disk. What goes there is true: of two who were in a call, written
 * once, with lines that were said in it.
 */
export class Disk {
  readonly #facts: Facts;
  readonly #stored = new Map<string, { readonly atWallMs: number; readonly mark: string | null }>();
  readonly #takenBack = new Set<string>();
  readonly #writing = new Set<string>();
  /** What this run of the node must know, so that it is not written again. */
  #known = new Set<string>();
  /** Reports whose lines were made up. */
  readonly #forged = new Set<string>();
  readonly counts = { block: 0, report: 0, 'age-refused': 0 };
  pending = 0;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  reports(match: Match, by: string, lines: readonly TaggedLine[]): void {
    const key = `report ${match.id} ${by}`;
    const isSaid = lines.every((line) => sameLine(match, line));
    if (isSaid) this.#forged.delete(key);
    else this.#forged.add(key);
  }

  appended(record: JournalRecord): void {
    if (record.kind !== 'encounter') this.pending += 1;
    if (record.kind === 'age-refused') {
      this.counts['age-refused'] += 1;
      return;
    }
    const match = this.#facts.matches.get(record.match);
    this.#checkPair(record, match);
    // Who asks for the block again asks for another one.
    if (record.kind === 'unblock') this.#known.delete(keyOf(record));
    if (record.kind !== 'block' && record.kind !== 'report') return;
    const key = keyOf(record);
    const isKnown = this.#known.has(key) && this.#stored.has(key);
    if (isKnown || this.#writing.has(key)) throw new Violation('I8', `${key} is written twice`);
    this.#writing.add(key);
    this.#known.add(key);
    this.counts[record.kind] += 1;
    if (record.kind === 'report' && match !== undefined) this.#checkLines(record, match, key);
  }

  #checkPair(record: Exclude<JournalRecord, { kind: 'age-refused' }>, match: Match | undefined) {
    const [by, of] = record.kind === 'encounter' ? record.subjects : [record.by, record.of];
    const isUnheard = match === undefined || match.a === null || match.b === null;
    if (isUnheard && (record.kind === 'encounter' || this.#facts.forgotten.has(record.match)))
      return;
    const subjects = match === undefined ? [] : sidesOf(match).map(({ subject }) => subject);
    if (by !== of && subjects.includes(by) && subjects.includes(of)) return;
    throw new Violation('I8', `a ${record.kind} on ${record.match} by ${by}, of ${of}`);
  }

  #checkLines(record: Extract<Asked, { kind: 'report' }>, match: Match, key: string): void {
    for (const { counters, side, text, atMs } of record.lines) {
      const said = match.lines[counters[0] + counters[1] - 1];
      if (said?.side === side && said.text === text && said.atMs === atMs) continue;
      throw new Violation('I8', `a report on ${match.id} holds a line that was never said`);
    }
    if (this.#forged.has(key) !== (record.contradicted === true)) {
      throw new Violation('I8', `${key} does not say whether its lines were made up`);
    }
  }

  stored(record: JournalRecord): void {
    this.#end(record);
    if (record.kind === 'unblock') {
      this.#takenBack.add(record.mark);
      const key = keyOf(record);
      if (this.#stored.get(key)?.mark === record.mark) this.#stored.delete(key);
    }
    if (record.kind !== 'block' && record.kind !== 'report') return;
    const mark = record.kind === 'block' ? record.mark : null;
    if (mark !== null && this.#takenBack.has(mark)) return;
    this.#stored.set(keyOf(record), { atWallMs: record.atWallMs, mark });
  }

  lost(record: JournalRecord): void {
    this.#end(record);
    // Who asked may try again.
    if (record.kind === 'block' || record.kind === 'report') this.#known.delete(keyOf(record));
  }

  #end(record: JournalRecord): void {
    if (record.kind === 'encounter') return;
    this.pending = Math.max(0, this.pending - 1);
    if (record.kind === 'block' || record.kind === 'report') this.#writing.delete(keyOf(record));
  }

  nodeStarts(): void {
    this.#writing.clear();
    this.pending = 0;
    const isKnown = ({ atWallMs }: { atWallMs: number }) =>
      this.#facts.wallMs - atWallMs < REPORTS_MERGE_FOR_MS;
    this.#known = new Set([...this.#stored].filter(([, of]) => isKnown(of)).map(([key]) => key));
  }

  acknowledged(kind: Asked['kind'], match: string | undefined, by: string): void {
    if (match === undefined || this.#stored.has(`${kind} ${match} ${by}`)) return;
    throw new Violation('I8', `a ${kind} on ${match} was acknowledged, and is not on disk`);
  }
}

function keyOf({ kind, match, by }: { kind: string; match: string; by: string }): string {
  return `${kind === 'report' ? 'report' : 'block'} ${match} ${by}`;
}

function sameLine(match: Match, line: TaggedLine): boolean {
  return JSON.stringify(match.lines[placeOf(line) - 1]) === JSON.stringify(line);
}
