import type { SubjectId } from '@farandole/kernel/id';
import type { CaseFacts } from '../cases/case-machine.ts';
import { openCasesOf, reportsOf } from '../cases/lookup.ts';
import { isSuspended } from '../cases/suspension.ts';
import type { CaseId } from '../ids.ts';
import { OWN_DECISIONS_MAX, TEXT_DECIDED_MS_MAX, TEXT_DECIDED_MS_MIN } from '../limits.ts';
import type { Records } from '../store/records.ts';
import type { Person } from '../store/stored.ts';
import { toldClosure } from '../trust/exchange-closure.ts';
import { toldNotice } from '../trust/notice.ts';
import { recount, setVerdict } from '../trust/people.ts';
import type { MeasureAppeal, SoftwareMeasure } from './appeal.ts';

/** A suspension or restriction by software of which its user has been notified. */
export interface MeasureInForce {
  readonly measure: SoftwareMeasure;
  /**
   * The case that caused the suspension or restriction. Null once the case is decided, because
   * the decision has its own appeal.
   */
  readonly case: CaseId | null;
  readonly sinceMs: number;
  readonly endsAtMs: number;
}

/**
 * Returns the measures in force of which the user was notified: the automatic suspension or else
 * the restriction, and the closure of language exchange.
 */
export function measuresInForce(person: Person, nowMs: number): readonly MeasureInForce[] {
  const closure = toldClosure(person.exchangeClosure, nowMs);
  const whole = suspensionOrRestriction(person, nowMs);
  return [
    ...(whole === null ? [] : [whole]),
    ...(closure === null
      ? []
      : [
          {
            measure: 'exchange' as const,
            case: closure.case,
            sinceMs: closure.startsAtMs,
            endsAtMs: closure.endsAtMs,
          },
        ]),
  ];
}

/** Returns the measure in force that the case caused. Of two, the one that lasts longer. */
export function measureOfCase(person: Person, of: CaseId, nowMs: number): MeasureInForce | null {
  const ofCase = measuresInForce(person, nowMs).filter((one) => one.case === of);
  return ofCase.toSorted((a, b) => b.endsAtMs - a.endsAtMs)[0] ?? null;
}

function suspensionOrRestriction(person: Person, nowMs: number): MeasureInForce | null {
  const { hold, notice, trust } = person;
  if (hold !== null && isSuspended(hold, nowMs)) {
    const { startsAtMs: sinceMs, endsAtMs } = hold;
    return { measure: 'hold', case: hold.case, sinceMs, endsAtMs };
  }
  const told = toldNotice(notice, trust, nowMs);
  if (told === null) return null;
  const { sinceMs, endsAtMs } = told;
  return { measure: 'restriction', case: told.case, sinceMs, endsAtMs };
}

/** Returns a user's appeals against measures by software, newest first. */
export async function measureAppealsBy(
  records: Records,
  author: SubjectId,
): Promise<readonly MeasureAppeal[]> {
  const filed = await records.appeals.find(
    { author, standing: 'measure' },
    { limit: OWN_DECISIONS_MAX, newestFirst: true },
  );
  return filed.filter((appeal): appeal is MeasureAppeal => appeal.standing === 'measure');
}

/** Closes a waiting appeal against a measure by software, because its case was decided. */
export async function closeMeasureAppeal(
  records: Records,
  { id: of, subject }: Pick<CaseFacts, 'id' | 'subject'>,
  nowMs: number,
): Promise<void> {
  for (const appeal of await measureAppealsBy(records, subject)) {
    if (appeal.case !== of || appeal.state !== 'waiting') continue;
    await records.appeals.put({ ...appeal, state: 'moot', mootAtMs: nowMs });
    await records.words.keepUntil('appeal', appeal.id, nowMs + TEXT_DECIDED_MS_MIN);
  }
}

/** Reopens an appeal that was closed by a decision that is now undone. */
export async function reopenMeasureAppeal(
  records: Records,
  {
    case: of,
    subject,
    atMs,
  }: { readonly case: CaseId; readonly subject: SubjectId; readonly atMs: number },
): Promise<void> {
  for (const appeal of await measureAppealsBy(records, subject)) {
    if (appeal.case !== of || appeal.state !== 'moot' || appeal.mootAtMs !== atMs) continue;
    const { mootAtMs: _, ...rest } = appeal;
    await records.appeals.put({ ...rest, state: 'waiting' });
    await records.words.keepUntil('appeal', appeal.id, appeal.atMs + TEXT_DECIDED_MS_MAX);
  }
}

/** Moves the appeal of a case that was merged into another case. */
export async function moveMeasureAppeal(
  records: Records,
  { id: from, subject }: Pick<CaseFacts, 'id' | 'subject'>,
  into: CaseId,
): Promise<void> {
  for (const appeal of await measureAppealsBy(records, subject)) {
    if (appeal.case === from) await records.appeals.put({ ...appeal, case: into });
  }
}

/** Ends an automatic suspension and removes the weight of reports that are still to be decided. */
export async function liftMeasures(
  records: Records,
  { case: of, author }: MeasureAppeal,
  nowMs: number,
): Promise<void> {
  const person = await records.people.get(author);
  if (person?.hold?.case === of && isSuspended(person.hold, nowMs)) {
    await records.people.put({ ...person, hold: { ...person.hold, endsAtMs: nowMs } });
  }
  if (!(await openCasesOf(records, author)).some(({ id }) => id === of)) return;
  for (const report of await reportsOf(records, of)) {
    if (report.verdict !== 'waiting') continue;
    await setVerdict(records, report, { verdict: 'inconclusive', against: 0 }, nowMs);
  }
  await recount(records, author, nowMs);
}
