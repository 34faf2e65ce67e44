import type { SubjectId } from '@farandole/kernel/id';
import { CASE_REPORTS_MAX } from '../limits.ts';
import type { KeptReport, Person, Verdict } from '../store/kept.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import {
  afterCleanSession,
  afterRejectedReport,
  cleanSinceSession,
  firstTrust,
  type ReporterRecord,
  type Trust,
} from './trust.ts';

/** Somebody as they are known, or as one of whom nothing is. */
export async function personOf(records: Records, id: SubjectId, nowMs: number): Promise<Person> {
  return (await records.people.get(id)) ?? stranger(id, firstTrust(false, nowMs));
}

/** Somebody who has done nothing yet. */
export function stranger(id: SubjectId, trust: Trust): Person {
  return { id, trust, rejected: 0, hold: null };
}

export function reporterRecord({ trust, rejected }: Person): ReporterRecord {
  return { sessions: trust.sessions, rejected };
}

/**
 * What people made of a report counts for both: what it had added to the trust of whoever was
 * reported goes when it is rejected and comes back when that is reversed, and the reporter was
 * wrong once more or once less. Whoever changes verdicts calls `recountClean` once, after the last.
 */
export async function setVerdict(
  records: Records,
  report: KeptReport,
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

/**
 * Counts anew how many sessions somebody had since the last report that weighs, after people changed which do:
 * as if those that were rejected had not been.
 */
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
    // Of before this was kept: nobody knows since when.
    if (session === undefined) return;
    // A higher number is of somebody who was forgotten meanwhile.
    if (session <= person.trust.sessions) last = Math.max(last, session);
  }
  await records.people.put({ ...person, trust: cleanSinceSession(person.trust, last) });
}

/** What is known of each of these people; whoever is left out is new. */
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

/** Calls that nobody reported, told in bundles: a person is named once for each. */
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
