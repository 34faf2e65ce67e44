import type { SubjectId } from '@farandole/kernel/id';
import type { AnchorHash } from '../ids.ts';
import {
  CASE_REPORTS_MAX,
  FOUNDER_NETWORKS_MIN,
  FOUNDERS_MIN,
  FOUNDERS_READ_MAX,
} from '../limits.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import type { Person, StoredReport, Verdict } from '../store/stored.ts';
import {
  afterCall,
  type EndedCall,
  isProven,
  NO_STANDING,
  needsProvenPeer,
  provenUntilMs,
} from './standing.ts';
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

export interface TrustRead {
  readonly subject: SubjectId;
  readonly trust: Trust;
  /** 0 for a user who isn't proven. */
  readonly provenUntilMs: number;
}

/** Trust and standing by user; missing users are new. */
export async function readTrust(
  records: Records,
  input: { readonly subjects: readonly SubjectId[] },
): Promise<readonly TrustRead[]> {
  const people = await readAll(records.people, input.subjects);
  return input.subjects.flatMap((subject) => {
    const person = people.get(subject);
    if (person === undefined) return [];
    const { trust, standing = NO_STANDING } = person;
    return [{ subject, trust, provenUntilMs: provenUntilMs(standing) }];
  });
}

/** A call as seen by one of its users. */
export interface SideOfCall extends Omit<EndedCall, 'withProven'> {
  readonly subject: SubjectId;
  readonly other: SubjectId;
}

/**
 * Counts unreported calls, reported in batches: one entry of `subjects` per call.
 *
 * @param input.calls what these calls may add to their users' standing
 */
export async function countCleanSessions(
  records: Records,
  input: {
    readonly subjects: readonly SubjectId[];
    readonly calls?: readonly SideOfCall[];
    readonly nowMs: number;
  },
): Promise<number> {
  const { subjects, calls = [], nowMs } = input;
  for (const id of subjects) {
    const person = await personOf(records, id, nowMs);
    await records.people.put({ ...person, trust: afterCleanSession(person.trust, nowMs) });
  }
  if (calls.length > 0) await addToStandings(records, calls, nowMs);
  return subjects.length;
}

async function addToStandings(
  records: Records,
  calls: readonly SideOfCall[],
  nowMs: number,
): Promise<void> {
  const needsProven = await hasFounders(records, nowMs);
  const others = await readAll(
    records.people,
    calls.map(({ other }) => other),
  );
  for (const { subject, other, ...call } of calls) {
    const person = await personOf(records, subject, nowMs);
    const withProven = isProven(others.get(other)?.standing, nowMs);
    const before = person.standing ?? NO_STANDING;
    const standing = afterCall(before, { ...call, withProven }, needsProven);
    if (standing !== before) await records.people.put({ ...person, standing });
  }
}

/** Whether newcomers can meet proven people here, so that one call must be with one. */
async function hasFounders(records: Records, nowMs: number): Promise<boolean> {
  const proven = { provenUntilMs: { from: nowMs + 1 } };
  const enough = { people: FOUNDERS_MIN, networks: FOUNDER_NETWORKS_MIN };
  for (const limit of [2 * FOUNDERS_MIN, FOUNDERS_READ_MAX]) {
    const people = await records.people.find(proven, { limit });
    const standings = people.map(({ standing = NO_STANDING }) => standing);
    if (needsProvenPeer(standings, enough)) return true;
    if (people.length < limit) return false;
  }
  return false;
}
