import type { CaseId, FoldId } from '../ids.ts';
import { QUEUE_ORDERED_MAX } from '../limits.ts';
import type { QueueName } from '../reports/queue-name.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import type { Case } from './case-machine.ts';
import type { SourceMark } from './queue-cursor.ts';
import {
  caseAt,
  FIRST_LISTED,
  FOLDED,
  placeOf,
  type QueuePlace,
  UNPROVEN_LISTED,
} from './queue-place.ts';

/** The folded cases of one network, which the queue shows as one row. */
export interface FoldedCrowd {
  readonly fold: FoldId;
  /** Number of reports in the fold's waiting cases. */
  readonly reports: number;
}

/** A row of the queue whose priority isn't computed yet. */
export interface Found {
  /** The row's case. If the row is a fold, the first case of the fold. */
  readonly of: Case;
  readonly crowd: FoldedCrowd | null;
}

/** A window: the cases of one source in a range of places, which the queue orders together. */
export interface Window {
  readonly name: string;
  readonly found: readonly Found[];
  readonly mark: SourceMark;
  /** Last place of the window if cases may follow it. Null for the last window. */
  readonly endsAt: QueuePlace | null;
}

interface Bounds {
  readonly from: QueuePlace;
  readonly to: QueuePlace;
}

/** Reads the current window of each source of these queues. */
export async function readWindows(
  records: Records,
  lanes: readonly QueueName[],
  marks: Readonly<Record<string, SourceMark>>,
): Promise<readonly Window[]> {
  const windows: Window[] = [];
  for (const lane of lanes) {
    for (const [kind, bounds] of [
      ['first', FIRST_LISTED],
      ['unproven', UNPROVEN_LISTED],
    ] as const) {
      const name = `${lane} ${kind}`;
      const read = async (place: Bounds, limit: number) =>
        await records.cases.find({ lane, place }, { limit, orderBy: 'place' });
      windows.push(await readWindow(name, marks[name] ?? {}, bounds, read));
    }
  }
  if (lanes.includes('normal')) windows.push(await readFolds(records, marks['folds'] ?? {}));
  return windows;
}

async function readWindow(
  name: string,
  mark: SourceMark,
  all: Bounds,
  read: (bounds: Bounds, limit: number) => Promise<readonly Case[]>,
): Promise<Window> {
  const bounds = { from: mark.from ?? all.from, to: mark.to ?? all.to };
  const cases = await read(bounds, windowLimit(mark));
  const found = cases.filter((of) => placeOf(of) !== mark.from).map((of) => ({ of, crowd: null }));
  const last = cases.at(-1);
  const isFull = last !== undefined && cases.length >= windowLimit(mark);
  return { name, found, mark, endsAt: mark.to ?? (isFull ? placeOf(last) : null) };
}

async function readFolds(records: Records, mark: SourceMark): Promise<Window> {
  const limit = windowLimit(mark);
  const bounds = { from: mark.from ?? FOLDED.from, to: mark.to ?? FOLDED.to };
  const folds = await records.folds.waiting({ ...bounds, limit });
  const ids = folds.map(({ first }) => caseAt(first));
  const cases: ReadonlyMap<CaseId, Case> = await readAll(records.cases, ids);
  const found = folds.flatMap(({ id, first, reports }): Found[] => {
    const of = cases.get(caseAt(first));
    return of === undefined || first === mark.from ? [] : [{ of, crowd: { fold: id, reports } }];
  });
  const last = folds.at(-1);
  const isFull = last !== undefined && folds.length >= limit;
  return { name: 'folds', found, mark, endsAt: mark.to ?? (isFull ? last.first : null) };
}

/** Returns a larger limit for a window read before, which may have got more cases since. */
function windowLimit({ to }: SourceMark): number {
  return to === undefined ? QUEUE_ORDERED_MAX : 4 * QUEUE_ORDERED_MAX;
}
