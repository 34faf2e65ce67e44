import type { MemberId } from '@farandole/accounts/ids';
import type { SubjectId } from '@farandole/kernel/id';
import { picturesOf } from '../evidence/pictures.ts';
import type { Records } from '../store/records.ts';
import type { StoredReport } from '../store/stored.ts';
import { type Case, type CaseFacts, moveCase } from './case-machine.ts';
import { sealEvidenceOf } from './decided.ts';
import { countsInCase, withMore } from './intake.ts';
import { decisionsIn, reportsOf } from './lookup.ts';

/** Merges `from` into `into`, which keeps its assignment, and removes `from`. */
export async function joinCases(
  records: Records,
  from: CaseFacts,
  into: Case,
  by: MemberId,
  nowMs: number,
): Promise<Case> {
  const known = reportersOf(await reportsOf(records, into.id));
  const reports = await reportsOf(records, from.id);
  const others = [...reportersOf(reports)].filter((one) => !known.has(one));
  const more = withMore(into, { ...from, reporters: others.length }, nowMs);
  // The removed case was in review already, so the joined one needs a review too.
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
  await records.cases.remove(from.id);
  await records.cases.put(joined);
  if (joined.lane !== 'normal') await sealEvidenceOf(records, into.id);
  await records.audit.append({
    by,
    action: 'case.join',
    about: into.id,
    atMs: nowMs,
    details: { case: from.id },
  });
  return joined;
}

function reportersOf(reports: readonly StoredReport[]): ReadonlySet<SubjectId> {
  return new Set(reports.filter(countsInCase).map(({ by }) => by));
}
