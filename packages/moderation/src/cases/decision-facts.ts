import type { MemberId } from '@farandole/accounts/ids';
import type { DecisionFacts } from '../appeals/statement.ts';
import { CASE_PICTURES_MAX, QUEUE_SHOWN_MAX } from '../limits.ts';
import { strikesThatCount } from '../sanctions/strike.ts';
import type { Records } from '../store/records.ts';
import type { Decision, StoredReport } from '../store/stored.ts';
import type { Case } from './case-machine.ts';

/** Returns the facts of a decision made now, without those of decisions that it replaces. */
export async function factsOf(
  records: Records,
  { id, subject }: Case,
  {
    by,
    reports,
    standing,
    nowMs,
  }: {
    readonly by: readonly MemberId[];
    /** The reports of the case, newest first. */
    readonly reports: readonly StoredReport[];
    readonly standing: readonly Decision[];
    readonly nowMs: number;
  },
): Promise<DecisionFacts> {
  const pictures = await records.pictures.find({ case: id }, { limit: CASE_PICTURES_MAX });
  const uncovered = pictures.filter(({ uncoveredBy = [] }) =>
    uncoveredBy.some((one) => by.includes(one)),
  );
  const strikes = await records.strikes.find({ subject }, { limit: 1_000 });
  const counted = strikesThatCount(strikes, nowMs).filter(
    ({ decision }) => !standing.some((one) => one.id === decision),
  );
  return {
    reports: reports.length,
    lines: await haveLines(records, reports),
    pictures: uncovered.length,
    earlier: counted.map(({ decision, atMs }) => ({ decision, atMs })),
  };
}

async function haveLines(records: Records, reports: readonly StoredReport[]): Promise<boolean> {
  for (const { id, lines } of reports.slice(0, QUEUE_SHOWN_MAX)) {
    if (lines > 0 && (await records.words.get('report', id)) !== null) return true;
  }
  return false;
}
