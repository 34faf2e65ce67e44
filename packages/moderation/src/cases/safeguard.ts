import type { MemberId } from '@farandole/accounts/ids';
import { appendAudit } from '@farandole/accounts/records';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { SUBJECT_ANCHORS_MAX } from '../limits.ts';
import type { Records } from '../store/records.ts';
import { anchorsOf } from '../trust/networks.ts';
import { personOf } from '../trust/people.ts';
import type { Case } from './case-machine.ts';
import { type KnownOfSubject, queueOfReport, type Report } from './intake.ts';
import { joinCases } from './join-cases.ts';
import { isWhole, openCaseIn, openCasesOf } from './lookup.ts';

/**
 * Returns the open case that a report joins. A report that may be about a minor joins the
 * subject's child-safety case. If its reporter is proven and uses another network, the report
 * also moves the subject's other case there. Other reporters can't do that, because the subject
 * could hide the case from its moderator with a second cookie.
 */
export async function caseToJoin(
  records: Records,
  report: Report,
  byProven: boolean,
): Promise<Pick<KnownOfSubject, 'openCase' | 'isApart'>> {
  const open = await openCasesOf(records, report.of);
  const whole = open.find(isWhole);
  if (whole !== undefined) return { openCase: whole, isApart: false };
  const ordinary = open.find(({ lane }) => lane === 'normal') ?? null;
  const sealed = open.find(({ lane }) => lane === 'child-safety') ?? null;
  if (queueOfReport(report) === 'normal') return { openCase: ordinary, isApart: false };
  if (!byProven || !(await isFromElsewhere(records, report))) {
    return { openCase: sealed, isApart: true };
  }
  if (ordinary === null || sealed === null) return { openCase: sealed ?? ordinary, isApart: false };
  const joined = await joinSealed(records, ordinary, sealed, 'software', report.atMs);
  return joined === null
    ? { openCase: sealed, isApart: true }
    : { openCase: joined, isApart: false };
}

/** Moves a case into the subject's open child-safety case, because a member decided so. */
export async function moveToSealed(
  records: Records,
  of: Case,
  by: MemberId,
  nowMs: number,
): Promise<Result<Case, 'not-now' | 'awaits-approval'>> {
  const sealed = await openCaseIn(records, of.subject, 'child-safety');
  if (of.lane !== 'normal' || of.state === 'closed' || sealed === null) return refused('not-now');
  const joined = await joinSealed(records, of, sealed, by, nowMs);
  if (joined === null) return refused('awaits-approval');
  await appendAudit(records, { by, nowMs }, 'case.safeguard', joined.id, { state: joined.state });
  return ok(joined);
}

/** Returns whether the case has a proposal that another member must answer. */
export function waitsForSecond(of: Case): boolean {
  return of.state === 'escalated' && of.approval !== null;
}

/**
 * Merges a subject's two open cases into one child-safety case. Returns null and changes nothing
 * if a proposal waits in both, because a case has at most one proposal.
 */
export async function joinSealed(
  records: Records,
  ordinary: Case,
  sealed: Case,
  by: MemberId | 'software',
  nowMs: number,
): Promise<Case | null> {
  if (!waitsForSecond(ordinary)) {
    // Clears the escalation, because its target role may not read a child-safety case.
    return await joinCases(records, { ...ordinary, handedOn: null }, sealed, by, nowMs);
  }
  if (waitsForSecond(sealed)) return null;
  return await joinCases(records, sealed, ordinary, by, nowMs);
}

/** Returns whether reporter and subject use different networks. False if either is unknown. */
async function isFromElsewhere(records: Records, { of, from, atMs }: Report): Promise<boolean> {
  const known = await anchorsOf(records, of, SUBJECT_ANCHORS_MAX);
  const networks = known.map(({ network }) => network);
  const { standing } = await personOf(records, of, atMs);
  const last = standing?.network ?? null;
  const theirs = new Set(last === null ? networks : [...networks, last]);
  // Compares the wider network too, because the networks of IPv6 users are stored with the width
  // of `parent`.
  return (
    from !== undefined && theirs.size > 0 && !theirs.has(from.network) && !theirs.has(from.parent)
  );
}
