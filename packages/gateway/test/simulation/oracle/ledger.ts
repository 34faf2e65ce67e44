import type { TaggedLine } from '@farandole/protocol/fields';
import { REPORTS_MERGE_FOR_MS } from '../../../src/limits.ts';
import type { JournalRecord, UnblockRecord } from '../../../src/ports.ts';
import { wasSaid } from './chat-log.ts';
import type { MatchModel } from './model.ts';
import { Violation } from './violation.ts';

type Asked = Extract<JournalRecord, { kind: 'block' | 'report' }>;

function keyOf({ kind, match, by }: Asked | UnblockRecord): string {
  return `${kind === 'unblock' ? 'block' : kind} ${match} ${by}`;
}

/**
 * I8: what is acknowledged is on disk. And what goes there is true: of two who were in a call, once,
 * with lines that were said in it, and without any where they were made up.
 */
export class Ledger {
  /** When it was written, by the node's date, and by what it is taken back. */
  readonly #stored = new Map<string, { readonly atWallMs: number; readonly mark: string | null }>();
  /** Marks of blocks of which it is on disk that they are taken back. */
  readonly #takenBack = new Set<string>();
  readonly #writing = new Set<string>();
  /** What this run of the node must know, so that it is not written again. */
  #known = new Set<string>();
  /** Reports whose lines were made up, as they came last. */
  readonly #forged = new Set<string>();
  readonly #counts = { block: 0, report: 0 };
  #pending = 0;

  /** Blocks and reports that are being written: somebody waits for them. */
  get pending(): number {
    return this.#pending;
  }

  /** How many of one kind any run can know of. */
  countAll(kind: Asked['kind']): number {
    return this.#counts[kind];
  }

  /** Somebody reports, with lines that follow one another. */
  asked(match: MatchModel, by: string, lines: readonly TaggedLine[]): void {
    const key = `report ${match.id} ${by}`;
    if (lines.every((line) => wasSaid(match, line))) this.#forged.delete(key);
    else this.#forged.add(key);
  }

  /**
   * The node hands a record over.
   *
   * @param match null when it is so long ago that nobody remembers it; undefined when nobody has
   *   heard of it, yet
   */
  append(record: JournalRecord, match: MatchModel | null | undefined): void {
    if (record.kind === 'age-refused') return;
    const [by, of] = record.kind === 'encounter' ? record.subjects : [record.by, record.of];
    if (match !== null && match !== undefined) {
      const isOfBoth =
        (match.a?.subject === by && match.b?.subject === of) ||
        (match.b?.subject === by && match.a?.subject === of);
      if (!isOfBoth)
        throw new Violation('I8', `a ${record.kind} on ${match.id} by ${by}, of ${of}`);
    } else if (match === undefined && record.kind !== 'encounter') {
      throw new Violation('I8', `a ${record.kind} on ${record.match}, which never was`);
    }
    if (record.kind === 'unblock') {
      this.#pending += 1;
      // Whoever asks for it again asks for another.
      this.#known.delete(keyOf(record));
    }
    if (!isAsked(record)) return;
    const key = keyOf(record);
    const isWritten = this.#known.has(key) && this.#stored.has(key);
    if (isWritten || this.#writing.has(key)) throw new Violation('I8', `${key} is written twice`);
    this.#writing.add(key);
    this.#known.add(key);
    this.#counts[record.kind] += 1;
    this.#pending += 1;
    if (record.kind !== 'report' || !match) return;
    checkLines(record, match);
    if (this.#forged.has(key) === (record.contradicted === true)) return;
    throw new Violation('I8', `${key} does not say whether its lines were made up`);
  }

  store(record: JournalRecord): void {
    if (record.kind === 'unblock') this.#takeBack(record);
    if (!isAsked(record)) return;
    const mark = record.kind === 'block' ? record.mark : null;
    if (mark === null || !this.#takenBack.has(mark)) {
      this.#stored.set(keyOf(record), { atWallMs: record.atWallMs, mark });
    }
    this.#end(record);
  }

  #takeBack(record: UnblockRecord): void {
    this.#takenBack.add(record.mark);
    const key = keyOf(record);
    if (this.#stored.get(key)?.mark === record.mark) this.#stored.delete(key);
    this.#endWrite();
  }

  lose(record: JournalRecord): void {
    if (record.kind === 'unblock') this.#endWrite();
    if (!isAsked(record)) return;
    // Whoever asked may try again, whatever an earlier run had stored and a date made it forget.
    this.#known.delete(keyOf(record));
    this.#end(record);
  }

  /** A new run of the node reads back what is stored. */
  restart(wallMs: number): void {
    this.#known = new Set();
    for (const [key, { atWallMs }] of this.#stored) {
      if (wallMs - atWallMs < REPORTS_MERGE_FOR_MS) this.#known.add(key);
    }
    this.#writing.clear();
    this.#pending = 0;
  }

  check(kind: Asked['kind'], match: string, by: string): void {
    if (!this.#stored.has(`${kind} ${match} ${by}`)) {
      throw new Violation('I8', `a ${kind} on ${match} was acknowledged, and is not on disk`);
    }
  }

  /** What was said to be taken back is. */
  checkTakenBack(mark: string): void {
    if (!this.#takenBack.has(mark)) {
      throw new Violation('I8', `a block was told to be taken back, and that is not on disk`);
    }
  }

  #end(record: Asked): void {
    this.#writing.delete(keyOf(record));
    this.#endWrite();
  }

  #endWrite(): void {
    this.#pending = Math.max(0, this.#pending - 1);
  }
}

function isAsked(record: JournalRecord): record is Asked {
  return record.kind === 'block' || record.kind === 'report';
}

function checkLines(
  { lines }: Extract<JournalRecord, { kind: 'report' }>,
  match: MatchModel,
): void {
  for (const { counters, side, text, atMs } of lines) {
    const said = match.lines[counters[0] + counters[1] - 1];
    const isSaid = said?.side === side && said.text === text && said.atMs === atMs;
    if (!isSaid)
      throw new Violation('I8', `a report on ${match.id} holds a line that was never said`);
  }
}
