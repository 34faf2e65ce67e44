import { withoutControlCharacters } from '@farandole/kernel/text';
import type { CaseId } from '../ids.ts';
import {
  BURST_MS,
  BURST_REPORTS_MAX,
  CASE_REPORTS_MAX,
  NO_END_MS,
  SAME_NETWORK_MS,
  TEXT_UNDECIDED_MS,
} from '../limits.ts';
import { belongsInQueue } from '../reports/triage.ts';
import type { Records } from '../store/records.ts';
import type { Person, SaidLine, StoredReport } from '../store/stored.ts';
import { networkOf, whoCameFrom } from '../trust/networks.ts';
import { pairOf } from '../trust/pairs.ts';
import { personOf, reporterRecord } from '../trust/people.ts';
import { afterReportedSession, weightOfReport, weightOfReports } from '../trust/trust.ts';
import { type Case, moveCase } from './case-machine.ts';
import { sealEvidenceOf } from './decided.ts';
import { countsInCase, type Report, takeIn } from './intake.ts';
import { openCaseOf } from './lookup.ts';
import { type Suspension, suspensionOf } from './suspension.ts';

export interface ReportInput {
  readonly report: Report;
  readonly said: readonly SaidLine[];
  readonly code: string;
  /** The reporter's seat; identifies whose lines are whose. */
  readonly side: 'a' | 'b';
  readonly freshCase: CaseId;
}

export interface TakenReport {
  readonly intake: 'merged' | 'joined' | 'opened';
  readonly case: CaseId;
  readonly state: Case['state'];
  readonly hold: Suspension | null;
}

/**
 * Adds a verified report to the subject's open case and, if there is enough evidence, queues the
 * case or holds the subject. Idempotent per side of a call, so that retries are safe.
 */
export async function takeReport(records: Records, input: ReportInput): Promise<TakenReport> {
  const { report, said, code, side, freshCase } = input;
  const { atMs } = report;
  const { match, by, of } = report;
  const [before] = await records.reports.find({ match, by, of }, { limit: 1 });
  const openCase = await openCaseOf(records, report.of);
  const theirs =
    openCase === null
      ? []
      : await records.reports.find(
          { case: openCase.id, by: report.by },
          { limit: CASE_REPORTS_MAX },
        );
  const intake = takeIn(
    report,
    { openCase, reportedIn: before?.case ?? null, reporterKnown: theirs.some(countsInCase) },
    () => freshCase,
  );
  if (intake.intake === 'merged') {
    const into = await records.cases.get(intake.into);
    return { intake: 'merged', case: intake.into, state: into?.state ?? 'closed', hold: null };
  }
  const weighed = await weigh(records, report);
  const subject = await personOf(records, report.of, atMs);
  const trust = afterReportedSession(subject.trust, weighed.added, atMs);
  const now = queuedIfDue(intake.case, { ...subject, trust }, atMs);
  const hold = suspensionOf(
    {
      subject: report.of,
      case: now.id,
      trust,
      reporters: now.reporters,
      wasHeld: subject.hold?.case === now.id,
    },
    atMs,
  );
  await records.cases.put(now);
  // A minor may be involved from now on, so all earlier evidence is sealed too.
  const isHandedOver = openCase?.lane === 'normal' && now.lane !== 'normal';
  if (isHandedOver) await sealEvidenceOf(records, now.id);
  await records.people.put({ ...subject, trust, hold: hold ?? subject.hold });
  const { note: written, ...rest } = report;
  const verdict = report.evidence === 'contradicted' ? 'rejected' : 'waiting';
  if (verdict === 'rejected') await countRejected(records, report);
  const pair = await pairOf(records, report);
  const kept: StoredReport = {
    ...rest,
    ...weighed,
    session: trust.sessions,
    code,
    side,
    case: now.id,
    verdict,
    verdictBefore: verdict,
    ...(pair !== null && { pair }),
  };
  await records.reports.put(kept);
  const untilMs = now.lane === 'normal' ? atMs + TEXT_UNDECIDED_MS : NO_END_MS;
  const words = { note: tidyNote(written), lines: said };
  await records.words.put('report', report.id, words, untilMs);
  await records.audit.append({
    by: 'subject',
    action: 'report.take',
    about: report.id,
    atMs,
    details: { case: now.id, reason: report.reason, state: now.state },
  });
  if (isHandedOver) {
    await records.audit.append({
      by: 'software',
      action: 'case.safeguard',
      about: now.id,
      atMs,
      details: { state: now.state },
    });
  }
  if (hold !== null) {
    await records.audit.append({
      by: 'software',
      action: 'subject.hold',
      about: now.id,
      atMs,
      details: { untilMs: hold.endsAtMs },
    });
  }
  return { intake: intake.intake, case: now.id, state: now.state, hold };
}

/** The report was accepted and can't be edited, so invalid characters are removed. */
function tidyNote(written: string | null): string | null {
  const note = withoutControlCharacters(written ?? '');
  return note === '' ? null : note;
}

/** The author of forged evidence was wrong, whatever the case's decision. */
async function countRejected(records: Records, { by, atMs }: Report): Promise<void> {
  const reporter = await personOf(records, by, atMs);
  await records.people.put({ ...reporter, rejected: reporter.rejected + 1 });
}

/** The report's weight alone, and what it adds to those of its network within the hour. */
async function weigh(
  records: Records,
  { of, by, atMs, evidence }: Report,
): Promise<{ readonly weight: number; readonly added: number }> {
  const reporter = await personOf(records, by, atMs);
  // Tags prove lines, not a violation. Lines add no weight alone, since any can be attached.
  const shows = evidence === 'contradicted' ? evidence : 'inconclusive';
  const weight = weightOfReport(reporterRecord(reporter), shows);
  const network = await networkOf(records, by);
  if (network === null) return { weight, added: weight };
  const recent = await records.reports.find(
    { of, atMs: { from: atMs - BURST_MS, to: atMs } },
    { limit: BURST_REPORTS_MAX, newestFirst: true },
  );
  const neighbours = await whoCameFrom(records, network, {
    of: recent.map((one) => one.by),
    fromMs: atMs - SAME_NETWORK_MS,
  });
  const burst = recent
    .filter((one) => neighbours.has(one.by))
    .map((one) => ({ weight: one.weight, network, atMs: one.atMs }));
  const together = weightOfReports([...burst, { weight, network, atMs }]);
  return { weight, added: Math.max(0, together - weightOfReports(burst)) };
}

function queuedIfDue(of: Case, subject: Person, nowMs: number): Case {
  if (of.state !== 'open' || !belongsInQueue(of, subject.trust)) return of;
  const moved = moveCase(of, { event: 'queue' }, nowMs);
  return moved.ok ? moved.value : of;
}
