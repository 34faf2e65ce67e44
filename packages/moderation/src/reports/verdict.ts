import type { Report } from '../cases/intake.ts';
import type { Verdict } from '../store/stored.ts';

export type JudgedReport = Pick<Report, 'evidence' | 'reason'>;

/** What a dismissal says about the case's reports; a member chooses. */
export const FINDINGS = ['no-breach', 'cannot-tell', 'shows-opposite'] as const;

export type Finding = (typeof FINDINGS)[number];

export interface Judgement {
  readonly verdict: Verdict;
  /** How much of a rejected report counts against its reporter, from 0 to 1. */
  readonly against: number;
}

/** Cost of a report without a breach. Small, because without pictures most can't show anything. */
const NO_BREACH = 0.25;

const COSTS_NOTHING: Judgement = { verdict: 'inconclusive', against: 0 };

/** A concern for a life costs its reporter nothing. */
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

/** Forged lines are rejected whatever is decided. */
export function judgeUpheld(report: JudgedReport): Judgement {
  return isMadeUp(report) ? MADE_UP : { verdict: 'upheld', against: 0 };
}

export const MADE_UP: Judgement = { verdict: 'rejected', against: 1 };

/** Detected when the report was taken. */
export function isMadeUp({ evidence }: Pick<JudgedReport, 'evidence'>): boolean {
  return evidence === 'contradicted';
}

/** Whether a report neither waits nor was upheld, so that it weighs nothing. */
export function isSettled(verdict: Verdict): boolean {
  return verdict === 'rejected' || verdict === 'inconclusive';
}
