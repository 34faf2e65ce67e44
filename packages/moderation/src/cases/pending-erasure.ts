import { appendAudit } from '@farandole/accounts/records';
import type { SubjectId } from '@farandole/kernel/id';
import { destroyPicturesOf } from '../evidence/pictures.ts';
import { holdsSealed } from '../evidence/sealed.ts';
import type { CaseId } from '../ids.ts';
import { ERASE_ACTION, type Records } from '../store/records.ts';
import type { StoredReport } from '../store/stored.ts';
import { forgetAnchors, goesLater } from '../trust/anchors.ts';
import { stranger } from '../trust/people.ts';
import { beganLinked, firstTrust } from '../trust/trust.ts';
import { neededUntilMs } from './decided.ts';
import { openCasesOf, reportsOf, standingIn } from './lookup.ts';
import { isSuspended } from './suspension.ts';

/** Erases what a user asked to erase, except data that a case or decision needs. */
export async function finishErasure(
  records: Records,
  subject: SubjectId,
  nowMs: number,
): Promise<void> {
  const person = await records.people.get(subject);
  if (person?.erasureAskedAtMs === undefined) return;
  if ((await removePerson(records, subject, nowMs)) !== 'removed') return;
  const details = { reports: 0, appeals: 0 };
  await appendAudit(records, { by: 'software', nowMs }, ERASE_ACTION, subject, details);
}

/** Completes requested erasures once the decision that needed the texts was reversed. */
export async function destroyRequested(records: Records, of: CaseId, nowMs: number): Promise<void> {
  for (const report of await reportsOf(records, of)) {
    if (report.erasureAskedAtMs === undefined || (await isNeeded(records, report, nowMs))) continue;
    await destroyReport(records, report, nowMs);
  }
}

/**
 * Returns whether a report's text is needed: by the member who decides, or for an appeal while
 * the decision applies or can be appealed. A needed text expires on schedule. One person alone
 * can't erase evidence about a possible minor, not even on the command line.
 */
export async function isNeeded(
  records: Records,
  report: StoredReport,
  nowMs: number,
): Promise<boolean> {
  if (report.verdict === 'waiting') return true;
  const of = await records.cases.get(report.case);
  if (of !== null && holdsSealed(of)) return true;
  if (report.verdict !== 'upheld') return false;
  for (const decision of await standingIn(records, report.case)) {
    if ((await neededUntilMs(records, decision)) > nowMs) return true;
  }
  return false;
}

export async function destroyReport(
  records: Records,
  { id }: StoredReport,
  nowMs: number,
): Promise<void> {
  await records.words.destroyKey('report', id);
  await destroyPicturesOf(records, id, nowMs);
}

/**
 * Removes a user's record, unless a case or suspension needs it. Recently used networks are kept
 * for `LINKED_MS`.
 */
export async function removePerson(
  records: Records,
  subject: SubjectId,
  nowMs: number,
): Promise<'removed' | 'unknown' | 'needed'> {
  const person = await records.people.get(subject);
  if (person !== null && isSuspended(person.hold, nowMs)) return 'needed';
  if ((await openCasesOf(records, subject)).length > 0) return 'needed';
  await forgetAnchors(records, subject, nowMs);
  if (person !== null && beganLinked(person.trust)) {
    await records.people.put(stranger(subject, firstTrust(true, nowMs)));
    await goesLater(records, subject, nowMs);
  } else {
    await records.people.remove(subject);
  }
  return person === null ? 'unknown' : 'removed';
}
