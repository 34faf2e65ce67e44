import { brandId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import type { SeatName } from '../apart/separation.ts';
import { PAIR_KEPT_MS, PAIRS_READ_MAX } from '../limits.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import type { ReportedPair, StoredPair, StoredReport } from '../store/stored.ts';

const HOUR_MS = 3_600_000;
/** Reports of a call of three users, each of whom can report both others. */
const REPORTS_PER_CALL_MAX = 6;

/**
 * Returns the id of the meeting of two users of a call. The meeting of the first two has the id of
 * the call.
 */
export function pairIdOf(match: MatchId, seats: readonly [SeatName, SeatName]): MatchId {
  const names = seats.join('');
  return names === 'ab' ? match : brandId<MatchId>(`${match}:${names}`);
}

/**
 * Records meetings, which nodes report in batches. Of a meeting that is already stored, only the
 * end changes.
 */
export async function notePairs(
  records: Records,
  input: {
    readonly pairs: readonly StoredPair[];
    readonly ended?: readonly { readonly id: MatchId; readonly endedAtMs: number }[];
  },
): Promise<number> {
  const { pairs, ended = [] } = input;
  await records.pairs.putAll(pairs, 'stay');
  const known = await readAll(
    records.pairs,
    ended.map(({ id }) => id),
  );
  const changed = ended.flatMap(({ id, endedAtMs }) => {
    const pair = known.get(id);
    return pair === undefined ? [] : [{ ...pair, endedAtMs }];
  });
  await records.pairs.putAll(changed, 'give way');
  return pairs.length + changed.length;
}

/** Returns how the users of a report met, from the report or the meeting. Null if unknown. */
export async function pairOf(
  records: Records,
  report: Pick<StoredReport, 'match' | 'by' | 'of' | 'pair'>,
): Promise<ReportedPair | null> {
  if (report.pair !== undefined) return report.pair;
  for (const seats of PAIRS_OF_CALL) {
    const pair = await records.pairs.get(pairIdOf(report.match, seats));
    if (pair === null) return null;
    if (isOf(pair, report)) return pairAsReported(pair, report);
  }
  return null;
}

/** Every two seats of a call. A call of two has only the first pair. */
const PAIRS_OF_CALL = [
  ['a', 'b'],
  ['a', 'c'],
  ['b', 'c'],
] as const;

function isOf({ sides }: StoredPair, { by, of }: Pick<StoredReport, 'by' | 'of'>): boolean {
  return [by, of].every((who) => sides.some(({ subject }) => subject === who));
}

function pairAsReported(
  { sides, atMs, mode, age, policy }: StoredPair,
  { by, of }: Pick<StoredReport, 'by' | 'of'>,
): ReportedPair {
  const placeOf = (who: SubjectId) => sides.find(({ subject }) => subject === who)?.place ?? null;
  return { atMs, mode, age, policy, reporter: placeOf(by), reported: placeOf(of) };
}

export async function metLastHour(
  records: Records,
  subjects: readonly SubjectId[],
  nowMs: number,
): Promise<(subject: SubjectId) => number> {
  const met = new Map<SubjectId, Set<SubjectId>>(subjects.map((subject) => [subject, new Set()]));
  const among = { oneOf: [...met.keys()] };
  const atMs = { from: nowMs - HOUR_MS };
  const options = { limit: PAIRS_READ_MAX, newestFirst: true };
  if (met.size > 0) {
    for (const by of [
      { a: among, atMs },
      { b: among, atMs },
    ]) {
      for (const { sides } of await records.pairs.find(by, options)) {
        const [{ subject: a }, { subject: b }] = sides;
        met.get(a)?.add(b);
        met.get(b)?.add(a);
      }
    }
  }
  return (subject) => met.get(subject)?.size ?? 0;
}

/**
 * Copies each old meeting to its reports before removing it, because the node may have recorded
 * the meeting after the report.
 */
export async function removeOldPairs(
  records: Records,
  nowMs: number,
  limit: number,
): Promise<number> {
  const old = await records.pairs.find({ atMs: { to: nowMs - PAIR_KEPT_MS } }, { limit });
  if (old.length === 0) return 0;
  const about = { match: { oneOf: [...new Set(old.map(({ id }) => matchOf(id)))] } };
  const pairs = new Map(
    old.map((pair) => [
      pairKey(
        matchOf(pair.id),
        pair.sides.map(({ subject }) => subject),
      ),
      pair,
    ]),
  );
  const reads = { limit: REPORTS_PER_CALL_MAX * limit };
  for (const report of await records.reports.find(about, reads)) {
    const pair = pairs.get(pairKey(report.match, [report.by, report.of]));
    if (report.pair !== undefined || pair === undefined) continue;
    await records.reports.put({ ...report, pair: pairAsReported(pair, report) });
  }
  await records.pairs.removeAll(old.map(({ id }) => id));
  return old.length;
}

function pairKey(match: MatchId, people: readonly SubjectId[]): string {
  return [match, ...people.toSorted()].join(' ');
}

function matchOf(pairId: MatchId): MatchId {
  return brandId<MatchId>(pairId.split(':')[0] ?? pairId);
}
