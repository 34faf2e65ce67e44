import type { MemberId } from '@farandole/accounts/ids';
import type { DecisionFacts } from '../appeals/statement.ts';
import { CASE_PICTURES_MAX, QUEUE_SHOWN_MAX } from '../limits.ts';
import { strikesThatCount } from '../sanctions/strike.ts';
import type { Decision, KeptReport } from '../store/kept.ts';
import type { Records } from '../store/records.ts';
import type { Case } from './case-machine.ts';

/**
 * What a decision would be made by if these members made it now. Whatever it would take the place of is no
 * fact of it.
 */
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
    /** Those of the case, the newest first. */
    readonly reports: readonly KeptReport[];
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

/** Whether any of the reports that a case shows has lines which are not shredded. */
async function haveLines(records: Records, reports: readonly KeptReport[]): Promise<boolean> {
  for (const { id, lines } of reports.slice(0, QUEUE_SHOWN_MAX)) {
    if (lines > 0 && (await records.words.get('report', id)) !== null) return true;
  }
  return false;
}
