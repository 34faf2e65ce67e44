import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { SubjectAppeal } from '../appeals/appeal.ts';
import { REPORTS_ALONE } from '../appeals/own-decisions.ts';
import { stateReasons } from '../appeals/statement.ts';
import { ruleOfMeasure } from '../cases/decision.ts';
import { subjectAppealOf } from '../cases/lookup.ts';
import { isSpan } from '../cases/well-formed.ts';
import { TRANSPARENCY_PAGE_MAX, UNDO_MS } from '../limits.ts';
import type { Records } from '../store/records.ts';
import type { Decision } from '../store/stored.ts';
import type { PublishedAppeal, PublishedDecision, PublishedPart } from './transparency.ts';

export interface TransparencyPage extends PublishedPart {
  readonly goesOn: boolean;
}

/**
 * Returns the items of a period that may be published. The first and last day are included. `by`
 * is null for the command line.
 */
export async function readTransparency(
  records: Records,
  input: {
    readonly by: MemberId | null;
    readonly fromMs: number;
    readonly toMs: number;
    readonly page: number;
  },
): Promise<Result<TransparencyPage, 'not-allowed' | 'malformed'>> {
  const { by, fromMs, toMs, page } = input;
  if (!isSpan(fromMs, toMs) || !isSpan(0, page)) return refused('malformed');
  if (by !== null) {
    const allowed = await requireMember(records, by, 'transparency.read');
    if (!allowed.ok) return allowed;
  }
  const within = { atMs: { from: fromMs, to: toMs } };
  const options = { limit: TRANSPARENCY_PAGE_MAX, skip: page * TRANSPARENCY_PAGE_MAX };
  const decisions = await records.decisions.find(within, options);
  const reports = await records.reports.find(within, options);
  const filed = { ...within, standing: 'subject' } as const;
  const appeals = await records.appeals.find(filed, options);
  const told: PublishedDecision[] = [];
  for (const decision of decisions) {
    if (!isTold(decision)) continue;
    told.push(await publishedDecision(records, decision));
  }
  const toldAppeals: PublishedAppeal[] = [];
  for (const appeal of appeals) {
    if (appeal.standing === 'subject') toldAppeals.push(await publishedAppeal(records, appeal));
  }
  const holds = async (atMs: number) =>
    await records.audit.countOf('software', 'subject.hold', atMs);
  return ok({
    decisions: told,
    reports: reports.map(({ reason, verdict }) => ({ reason, verdict })),
    appeals: toldAppeals,
    sampled: decisions.flatMap(({ sample }) =>
      sample === undefined || sample.answer === null ? [] : [sample.answer.agrees],
    ),
    holds: page === 0 ? (await holds(fromMs)) - (await holds(toMs + 1)) : 0,
    goesOn: [decisions, reports, appeals].some(({ length }) => length === TRANSPARENCY_PAGE_MAX),
  });
}

/** Returns whether the decision is published: not dismissals and decisions undone in seconds. */
function isTold({ measure, atMs, reversedAtMs, replacedBy }: Decision): boolean {
  const isUndone = reversedAtMs !== null && replacedBy === null && reversedAtMs < atMs + UNDO_MS;
  return measure !== 'dismiss' && !isUndone;
}

async function publishedDecision(records: Records, decision: Decision): Promise<PublishedDecision> {
  const { id, measure, reason: ground, atMs, endsAtMs } = decision;
  const facts = decision.facts ?? REPORTS_ALONE;
  const appeal = await subjectAppealOf(records, id);
  const of = facts.reports === 0 ? null : await records.cases.get(decision.case);
  return {
    id,
    atMs,
    endsAtMs,
    measure,
    ground,
    facts: stateReasons({ decision: id, measure, ground, facts, atMs }).facts,
    tookMs: of === null ? null : Math.max(0, atMs - of.openedAtMs),
    appeal: appeal === null || appeal.state === 'moot' ? null : outcomeOf(appeal),
  };
}

function outcomeOf(appeal: Exclude<SubjectAppeal, { state: 'moot' }>): PublishedDecision['appeal'] {
  return appeal.state === 'answered' ? appeal.outcome : 'waiting';
}

async function publishedAppeal(records: Records, appeal: SubjectAppeal): Promise<PublishedAppeal> {
  const against = await records.decisions.get(appeal.decision);
  const restricts = against !== null && ruleOfMeasure(against.measure).restriction !== null;
  if (appeal.state !== 'answered') return { outcome: null, tookMs: null, restricts };
  const { outcome, answeredAtMs, atMs } = appeal;
  return { outcome, tookMs: Math.max(0, answeredAtMs - atMs), restricts };
}
