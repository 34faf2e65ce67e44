import type { SubjectId } from '@farandole/kernel/id';
import type { CaseId } from '../ids.ts';
import type { Records } from '../store/records.ts';
import type { MeasureAppeal, MeasureOutcome, SoftwareMeasure } from './appeal.ts';
import { measureAppealsBy, measuresInForce } from './measure-appeals.ts';

/**
 * A suspension or restriction by software with the fields that its user may read. It gives no
 * reporter, no reason and no start.
 */
export interface OwnMeasure {
  readonly case: CaseId;
  readonly measure: SoftwareMeasure;
  /** End of the suspension or restriction. Null once it is over. */
  readonly endsAtMs: number | null;
  readonly appeal:
    | { readonly state: 'waiting'; readonly atMs: number }
    | {
        readonly state: 'answered';
        readonly atMs: number;
        readonly answeredAtMs: number;
        readonly outcome: MeasureOutcome;
      }
    /** A member decided the case before the appeal was answered. */
    | { readonly state: 'moot'; readonly atMs: number }
    | null;
}

/**
 * Returns the suspension or restriction by software of which a user was notified, and the last
 * appeal against one. With a code it answers for the code's case, otherwise for the user.
 */
export async function readOwnMeasures(
  records: Records,
  input: {
    readonly by: { readonly case: CaseId } | { readonly subject: SubjectId };
    readonly nowMs: number;
  },
): Promise<readonly OwnMeasure[]> {
  const { by, nowMs } = input;
  const subject = 'case' in by ? ((await records.cases.get(by.case))?.subject ?? null) : by.subject;
  const person = subject === null ? null : await records.people.get(subject);
  if (subject === null || person === null) return [];
  const appeals = await measureAppealsBy(records, subject);
  const own: OwnMeasure[] = [];
  for (const { case: of, measure, endsAtMs, sinceMs } of measuresInForce(person, nowMs)) {
    if (of === null) continue;
    const appeal = appeals.find((one) => one.case === of && one.atMs >= sinceMs);
    own.push({ case: of, measure, endsAtMs, appeal: ownAppeal(appeal) });
  }
  const [last] = appeals;
  if (last !== undefined && own.every((one) => one.case !== last.case)) {
    const { case: of, measure } = last;
    own.push({ case: of, measure, endsAtMs: null, appeal: ownAppeal(last) });
  }
  return 'case' in by ? own.filter((one) => one.case === by.case) : own;
}

function ownAppeal(appeal: MeasureAppeal | undefined): OwnMeasure['appeal'] {
  if (appeal === undefined) return null;
  const { state, atMs } = appeal;
  if (state !== 'answered') return { state, atMs };
  const { answeredAtMs, outcome } = appeal;
  return { state, atMs, answeredAtMs, outcome };
}
