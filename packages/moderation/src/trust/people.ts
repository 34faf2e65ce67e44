import type { SubjectId } from '@farandole/kernel/id';
import { CASE_REPORTS_MAX } from '../limits.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import type { Person, StoredReport, Verdict } from '../store/stored.ts';
import {
  afterCleanSession,
  afterRejectedReport,
  cleanSinceSession,
  firstTrust,
  type ReporterRecord,
  type Trust,
} from './trust.ts';

export async function personOf(records: Records, id: SubjectId, nowMs: number): Promise<Person> {
  return (await records.people.get(id)) ?? stranger(id, firstTrust(false, nowMs));
}

export function stranger(id: SubjectId, trust: Trust): Person {
  return { id, trust, rejected: 0, hold: null };
}

export function reporterRecord({ trust, rejected }: Person): ReporterRecord {
  return { sessions: trust.sessions, rejected };
}

/**
 * Changes a report's verdict for both users: a rejection subtracts its weight from the subject's
 * score and counts against the reporter; a reversal restores both. The caller runs `recountClean`
 * once after the last change.
 */
export async function setVerdict(
  records: Records,
  report: StoredReport,
  verdict: Verdict,
  nowMs: number,
): Promise<void> {
  if (report.verdict === verdict) return;
  await records.reports.put({ ...report, verdict });
  const was = report.verdict === 'rejected';
  const is = verdict === 'rejected';
  if (was === is) return;
  const sign = is ? 1 : -1;
  const subject = await personOf(records, report.of, nowMs);
  const taken = { weight: sign * report.added, atMs: report.atMs };
  const trust = afterRejectedReport(subject.trust, taken, nowMs);
  await records.people.put({ ...subject, trust });
  const reporter = await personOf(records, report.by, nowMs);
  await records.people.put({ ...reporter, rejected: Math.max(0, reporter.rejected + sign) });
}

/** As if rejected reports had never been made. */
export async function recountClean(records: Records, id: SubjectId): Promise<void> {
  const person = await records.people.get(id);
  if (person === null) return;
  const all = await records.reports.find(
    { of: id },
    { limit: CASE_REPORTS_MAX, newestFirst: true },
  );
  let last = 0;
  for (const { added, verdict, session } of all) {
    if (added <= 0 || verdict === 'rejected') continue;
    // A report from before sessions were stored.
    if (session === undefined) return;
    // A higher number is from before the user's record was erased.
    if (session <= person.trust.sessions) last = Math.max(last, session);
  }
  await records.people.put({ ...person, trust: cleanSinceSession(person.trust, last) });
}

/** Trust by user; missing users are new. */
export async function readTrust(
  records: Records,
  input: { readonly subjects: readonly SubjectId[] },
): Promise<readonly { readonly subject: SubjectId; readonly trust: Trust }[]> {
  const people = await readAll(records.people, input.subjects);
  return input.subjects.flatMap((subject) => {
    const person = people.get(subject);
    return person === undefined ? [] : [{ subject, trust: person.trust }];
  });
}

/** Counts unreported calls, reported in batches: one entry per call. */
export async function countCleanSessions(
  records: Records,
  input: { readonly subjects: readonly SubjectId[]; readonly nowMs: number },
): Promise<number> {
  for (const id of input.subjects) {
    const person = await personOf(records, id, input.nowMs);
    await records.people.put({ ...person, trust: afterCleanSession(person.trust, input.nowMs) });
  }
  return input.subjects.length;
}
