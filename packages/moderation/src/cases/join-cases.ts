import type { MemberId } from '@farandole/accounts/ids';
import { appendAudit } from '@farandole/accounts/records';
import type { SubjectId } from '@farandole/kernel/id';
import { moveMeasureAppeal } from '../appeals/measure-appeals.ts';
import { picturesOf } from '../evidence/pictures.ts';
import type { Records } from '../store/records.ts';
import type { StoredReport } from '../store/stored.ts';
import { type Case, type CaseFacts, moveCase } from './case-machine.ts';
import { sealEvidenceOf } from './decided.ts';
import { countsInCase, withMore } from './intake.ts';
import { decisionsIn, reportsOf } from './lookup.ts';

/** Merges the case `from` into the case `into`, which keeps its assignment. Removes `from`. */
export async function joinCases(
  records: Records,
  from: CaseFacts,
  into: Case,
  by: MemberId | 'software',
  nowMs: number,
): Promise<Case> {
  const knownReports = await reportsOf(records, into.id);
  const known = reportersOf(knownReports);
  const reports = await reportsOf(records, from.id);
  const others = [...reportersOf(reports)].filter((one) => !known.has(one));
  const proven = new Set(
    [...knownReports, ...reports].filter((one) => one.byProven === true).map(({ by: one }) => one),
  );
  const whole = proven.size > 0 ? { ...into, provenReporters: proven.size } : into;
  const more = withMore(whole, { ...from, reporters: others.length }, nowMs);
  // Queues the merged case if the removed case was already waiting for a review.
  const queued = moveCase(more, { event: 'queue' }, nowMs);
  const joined = queued.ok ? queued.value : more;
  for (const report of reports) await records.reports.put({ ...report, case: into.id });
  for (const picture of await picturesOf(records, from.id)) {
    await records.pictures.put({ ...picture, case: into.id });
  }
  for (const decision of await decisionsIn(records, from.id)) {
    await records.decisions.put({ ...decision, case: into.id });
  }
  const person = await records.people.get(from.subject);
  if (person?.hold?.case === from.id) {
    await records.people.put({ ...person, hold: { ...person.hold, case: into.id } });
  }
  const noticed = await records.people.get(from.subject);
  if (noticed?.notice?.case === from.id) {
    await records.people.put({ ...noticed, notice: { ...noticed.notice, case: into.id } });
  }
  await moveMeasureAppeal(records, from, into.id);
  await records.cases.remove(from.id);
  await records.cases.put(joined);
  if (joined.lane !== 'normal') await sealEvidenceOf(records, into.id);
  await appendAudit(records, { by, nowMs }, 'case.join', into.id, { case: from.id });
  return joined;
}

function reportersOf(reports: readonly StoredReport[]): ReadonlySet<SubjectId> {
  return new Set(reports.filter(countsInCase).map(({ by }) => by));
}
