import type { Report } from '../cases/intake.ts';
import type { Verdict } from '../store/stored.ts';

export type JudgedReport = Pick<Report, 'evidence' | 'reason'>;

/** What a dismissal says about the reports of the case. A member chooses one. */
export const FINDINGS = ['no-breach', 'cannot-tell', 'shows-opposite'] as const;

export type Finding = (typeof FINDINGS)[number];

export interface Judgement {
  readonly verdict: Verdict;
  /** Part of the rejected report that counts against its reporter, from 0 to 1. */
  readonly against: number;
}

/**
 * Part of a report that counts against its reporter if the report shows no breach. Small, because a
 * report without pictures usually can't show a breach.
 */
const NO_BREACH = 0.25;

const COSTS_NOTHING: Judgement = { verdict: 'inconclusive', against: 0 };

/** A report of self-harm never counts against its reporter. */
export function judgeDismissed(
  report: JudgedReport,
  hasPictures: boolean,
  finding: Finding,
): Judgement {
  if (isMadeUp(report)) return MADE_UP;
  if (report.reason === 'self-harm' || finding === 'cannot-tell') return COSTS_NOTHING;
  const hasSomethingToSee = hasPictures || report.evidence === 'verified';
  if (!hasSomethingToSee) return { verdict: 'inconclusive', against: NO_BREACH };
  return { verdict: 'rejected', against: finding === 'shows-opposite' ? 1 : NO_BREACH };
}

/** Reports with forged lines are rejected even if the case's other reports are upheld. */
export function judgeUpheld(report: JudgedReport): Judgement {
  return isMadeUp(report) ? MADE_UP : { verdict: 'upheld', against: 0 };
}

export const MADE_UP: Judgement = { verdict: 'rejected', against: 1 };

/** Whether lines were forged. The server detected this when it accepted the report. */
export function isMadeUp({ evidence }: Pick<JudgedReport, 'evidence'>): boolean {
  return evidence === 'contradicted';
}

/** Whether the report was settled without a breach, so that its weight is 0. */
export function isSettled(verdict: Verdict): boolean {
  return verdict === 'rejected' || verdict === 'inconclusive';
}
