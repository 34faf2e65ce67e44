import { appendAudit } from '@farandole/accounts/records';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import { withoutControlCharacters } from '@farandole/kernel/text';
import { type SeatName, separationIdOf, separationOf } from '../apart/separation.ts';
import type { CaseId, FoldId } from '../ids.ts';
import {
  CASE_REPORTS_MAX,
  NETWORK_REPORTS_MS,
  NO_END_MS,
  TEXT_UNDECIDED_MS,
  WEIGHED_CALL_MS_MIN,
  WEIGHED_REPORTS_MAX,
} from '../limits.ts';
import { belongsInQueue } from '../reports/triage.ts';
import { isSettled } from '../reports/verdict.ts';
import { type Judged, judgeReport, type LiveReport, weighReport } from '../reports/weigh-report.ts';
import { countCommunityReport } from '../settings/communities.ts';
import type { Records } from '../store/records.ts';
import type { Person, ReportedPair, SaidLine, StoredReport } from '../store/stored.ts';
import { closureAfterReport, type ExchangeClosure } from '../trust/exchange-closure.ts';
import type { WeighedReport } from '../trust/grounds.ts';
import { noticeAfterReport } from '../trust/notice.ts';
import { pairOf } from '../trust/pairs.ts';
import { countAgainst, namedOf, personOf, reporterRecord, weighedOf } from '../trust/people.ts';
import { hasFewNetworks } from '../trust/server-networks.ts';
import { isProven } from '../trust/standing.ts';
import { type Case, moveCase } from './case-machine.ts';
import { sealEvidenceOf } from './decided.ts';
import { countsInCase, type Report, takeIn } from './intake.ts';
import { sourceOf } from './report-source.ts';
import { caseToJoin } from './safeguard.ts';
import { type Suspension, suspensionOf } from './suspension.ts';

export interface ReportInput {
  readonly report: Report;
  readonly said: readonly SaidLine[];
  readonly code: string;
  /** The reporter's seat in the call. */
  readonly side: SeatName;
  /** The subject's seat. Absent in a call of two. */
  readonly reportedSide?: SeatName;
  readonly freshCase: CaseId;
  /** Id of the report, chosen by the page. Absent if only `report.id` is known. */
  readonly asked?: string;
  /** Keyed hash of the subject's network. Absent without a network. */
  readonly ofNetwork?: string;
  /** True if the reporter's network had exceeded its report budget. Absent otherwise. */
  readonly overBudget?: true;
  /** Mode of the call when it was reported, and the roles of its users. Absent if unknown. */
  readonly call?: Pick<Required<ReportedPair>, 'roles'> &
    Pick<ReportedPair, 'community'> & { readonly mode: string };
  /** A newly drawn `noticeDelayMs`, used if this report begins a restriction. */
  readonly noticeDelayMs: number;
}

export interface TakenReport {
  readonly intake: 'merged' | 'joined' | 'opened';
  readonly case: CaseId;
  readonly state: Case['state'];
  readonly hold: Suspension | null;
  /**
   * The report of this call that the store keeps: this one, or the first one if this one is merged.
   * `id` is the page's id, or null if it was forgotten.
   */
  readonly first: { readonly id: string | null; readonly code: string };
}

/**
 * Adds a verified report to an open case of its subject. If there is enough evidence, queues the
 * case or suspends the subject. A second report of a user by another in a call changes nothing, so
 * retries are safe.
 */
export async function takeReport(records: Records, input: ReportInput): Promise<TakenReport> {
  const { report, said, code, side, freshCase, noticeDelayMs: delayMs } = input;
  const { atMs } = report;
  const { match, by, of } = report;
  const [before] = await records.reports.find({ match, by, of }, { limit: 1 });
  const reporter = await personOf(records, by, atMs);
  const byProven = isProven(reporter.standing, atMs);
  const { openCase, isApart } =
    before === undefined
      ? await caseToJoin(records, report, byProven)
      : { openCase: null, isApart: false };
  const subject = await personOf(records, of, atMs);
  const source = await sourceOf(records, report, {
    byProven,
    ofProven: isProven(subject.standing, atMs),
    isOverBudget: input.overBudget === true,
    freshFold: brandId<FoldId>(freshCase),
  });
  const theirs =
    openCase === null
      ? []
      : await records.reports.find(
          { case: openCase.id, by: report.by },
          { limit: CASE_REPORTS_MAX },
        );
  const intake = takeIn(
    report,
    {
      ...{ openCase, isApart, source, reportedIn: before?.case ?? null },
      reporterKnown: theirs.some(countsInCase),
    },
    () => freshCase,
  );
  if (intake.intake === 'merged') {
    const into = await records.cases.get(intake.into);
    const separation = separationIdOf(match, side, input.reportedSide);
    const known = await records.blocks.get(separation);
    const first = { id: known?.asked ?? null, code: before?.code ?? code };
    return {
      ...{ intake: 'merged', case: intake.into, state: into?.state ?? 'closed' },
      ...{ hold: null, first },
    };
  }
  const earlier = await liveReports(records, of, intake.case.id);
  const { from = null, lastedMs = null, evidence, reason } = report;
  const facts = { by, from, lastedMs, atMs, evidence, reason, isProven: byProven };
  const own = weighReport(facts, reporterRecord(reporter), earlier);
  const few = await hasFewNetworks(records, atMs);
  const judged = judgeReport(subject.trust, report, own, earlier, few);
  const { trust, grounds } = judged;
  const known = withReporters(intake.case, [...earlier, own], judged.isCrowded);
  const exchangeClosure =
    reason === 'not-here-to-learn' && !few
      ? await closureAfter(records, subject, { ...own.weighed, reason }, known.id, delayMs)
      : subject.exchangeClosure;
  const closes = exchangeClosure !== subject.exchangeClosure;
  const isAlwaysRead = judged.isAlwaysRead || closes;
  const now = queuedIfDue(known, { ...judged, isAlwaysRead }, atMs);
  const wasHeld = subject.hold?.case === now.id;
  const hold = suspensionOf({ subject: of, case: now.id, trust, grounds, wasHeld }, atMs);
  await records.cases.put(now);
  // Seals the evidence of earlier reports too, because the case may now involve a minor.
  const isHandedOver = openCase?.lane === 'normal' && now.lane !== 'normal';
  if (isHandedOver) await sealEvidenceOf(records, now.id);
  const notice = noticeAfterReport(subject, trust, { case: now.id, nowMs: atMs, delayMs });
  const told = {
    ...(notice !== undefined && { notice }),
    ...(exchangeClosure !== undefined && { exchangeClosure }),
  };
  await records.people.put({ ...subject, trust, hold: hold ?? subject.hold, ...told });
  const { note: written, ...rest } = report;
  const verdict = report.evidence === 'contradicted' ? 'rejected' : 'waiting';
  const against = verdict === 'rejected' ? 1 : 0;
  // Forged evidence counts against the reporter, whatever the case's decision will be.
  if (against > 0) await countAgainst(records, report, { before: 0, against, nowMs: atMs });
  const pair = await pairOf(records, report);
  const kept: StoredReport = {
    ...rest,
    weight: own.weight,
    added: own.added,
    ...(byProven && { byProven: true }),
    ...(source.fold !== null && { fold: source.fold }),
    ...(against > 0 && { against }),
    session: trust.sessions,
    code,
    side,
    case: now.id,
    verdict,
    verdictBefore: verdict,
    ...(pair !== null && { pair: { ...pair, ...reportedCall(input) } }),
  };
  await records.reports.put(kept);
  const { community } = input.call ?? {};
  if (community !== undefined) await countCommunityReport(records, community, atMs);
  await keepApart(records, input);
  const untilMs = now.lane === 'normal' ? atMs + TEXT_UNDECIDED_MS : NO_END_MS;
  const words = { note: tidyNote(written), lines: said };
  await records.words.put('report', report.id, words, untilMs);
  const details = { case: now.id, reason: report.reason, state: now.state };
  await appendAudit(records, { by: 'subject', nowMs: atMs }, 'report.take', report.id, details);
  const software = { by: 'software', nowMs: atMs } as const;
  if (isHandedOver) {
    await appendAudit(records, software, 'case.safeguard', now.id, { state: now.state });
  }
  if (hold !== null) {
    await appendAudit(records, software, 'subject.hold', now.id, { untilMs: hold.endsAtMs });
  }
  if (closes && exchangeClosure !== undefined) {
    const until = { untilMs: exchangeClosure.endsAtMs };
    await appendAudit(records, software, 'exchange.close', now.id, until);
  }
  const first = { id: input.asked ?? report.id, code };
  return { intake: intake.intake, case: now.id, state: now.state, hold, first };
}

/** Returns the closure of language exchange after a report with the reason `not-here-to-learn`. */
async function closureAfter(
  records: Records,
  { id: of, exchangeClosure }: Person,
  own: WeighedReport & Pick<Report, 'reason'>,
  into: CaseId,
  delayMs: number,
): Promise<ExchangeClosure | undefined> {
  const known = await records.reports.find(
    { of },
    { limit: WEIGHED_REPORTS_MAX, newestFirst: true },
  );
  const live = known.filter(({ verdict }) => !isSettled(verdict)).map(namedOf);
  return closureAfterReport(exchangeClosure, [...live, own], {
    ...{ case: into, nowMs: own.atMs, delayMs },
  });
}

/** Keeps the two users apart for good. This outlives the report and its author's erasure. */
async function keepApart(records: Records, input: ReportInput): Promise<void> {
  const { report, code, side, reportedSide, asked, ofNetwork } = input;
  const { match, by, of, byDevice, ofDevice, atMs: atWallMs } = report;
  const separation = separationOf({
    ...{ kind: 'reported', id: asked ?? report.id, code, match, by, of, reporterSide: side },
    ...(reportedSide !== undefined && { reportedSide }),
    ...(byDevice !== undefined && { byDevice }),
    ...(ofDevice !== null && { ofDevice }),
    ...(ofNetwork !== undefined && { ofNetwork }),
    atWallMs,
  });
  await records.blocks.putAll([separation], 'stay');
}

/** Removes invalid characters, because the reporter can't edit an accepted report. */
function tidyNote(written: string | null): string | null {
  const note = withoutControlCharacters(written ?? '');
  return note === '' ? null : note;
}

/**
 * Returns the subject's newest reports that still have weight, at most `WEIGHED_REPORTS_MAX`.
 *
 * @param into the case that the new report joins
 */
async function liveReports(
  records: Records,
  of: SubjectId,
  into: CaseId,
): Promise<readonly LiveReport[]> {
  const find = async (limit: number) =>
    await records.reports.find({ of }, { limit, newestFirst: true });
  let known = await find(WEIGHED_REPORTS_MAX);
  if (known.length === WEIGHED_REPORTS_MAX) known = await find(CASE_REPORTS_MAX);
  const live = known
    .filter(({ verdict }) => !isSettled(verdict))
    .map((report) => ({
      weight: report.weight,
      added: report.added,
      weighed: weighedOf(report),
      inCase: report.case === into,
    }));
  if (live.length <= WEIGHED_REPORTS_MAX) return live;
  return strongestOfEach(live).slice(0, WEIGHED_REPORTS_MAX);
}

/**
 * Returns the strongest report of each source and day. A source is a proven reporter, or the /20
 * or /48 of unproven reporters. Otherwise many reports by the subject's own cookies could displace
 * reports from other networks.
 */
function strongestOfEach(reports: readonly LiveReport[]): readonly LiveReport[] {
  const strongest = new Map<string, LiveReport>();
  for (const report of reports) {
    const { by, from, atMs, ...weighed } = report.weighed;
    const source = weighed.isProven ? `proven ${by}` : from?.parent;
    const key = `${source} ${Math.floor(atMs / NETWORK_REPORTS_MS)}`;
    const known = strongest.get(key);
    if (known === undefined || isStronger(report, known)) strongest.set(key, report);
  }
  return [...strongest.values()];
}

function isStronger({ weighed: one }: LiveReport, { weighed: other }: LiveReport): boolean {
  const isLong = ({ lastedMs }: WeighedReport): boolean => (lastedMs ?? 0) >= WEIGHED_CALL_MS_MIN;
  return isLong(one) === isLong(other) ? one.weight > other.weight : isLong(one);
}

/**
 * Stores how many reporters of the case were proven, and whether reports from many networks pin
 * the case to the top.
 */
function withReporters(of: Case, reports: readonly LiveReport[], isCrowded: boolean): Case {
  const proven = reports.filter(({ inCase, weighed }) => inCase && weighed.isProven);
  const provenReporters = new Set(proven.map(({ weighed }) => weighed.by)).size;
  return {
    ...of,
    ...(provenReporters > 0 && { provenReporters }),
    ...(isCrowded && { crowded: true }),
  };
}

function queuedIfDue(of: Case, { trust, uncapped, isAlwaysRead }: Judged, nowMs: number): Case {
  if (of.state !== 'open') return of;
  if (!isAlwaysRead && !belongsInQueue(of, trust, uncapped)) return of;
  const moved = moveCase(of, { event: 'queue' }, nowMs);
  return moved.ok ? moved.value : of;
}

/** Returns the facts about the call that may have changed since the two users met. */
function reportedCall({
  call,
  reportedSide,
}: ReportInput): Pick<ReportedPair, 'reportedIn' | 'roles' | 'community' | 'reportedSide'> {
  return {
    ...(call !== undefined && { reportedIn: call.mode, roles: call.roles }),
    ...(call?.community !== undefined && { community: call.community }),
    ...(reportedSide !== undefined && { reportedSide }),
  };
}
