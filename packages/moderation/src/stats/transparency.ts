import type { AppealOutcome } from '../appeals/appeal.ts';
import type { FactKind } from '../appeals/statement.ts';
import { type Measure, ruleOfMeasure } from '../cases/decision.ts';
import type { DecisionId } from '../ids.ts';
import type { ReportReason } from '../reports/reason.ts';
import type { Verdict } from '../store/stored.ts';

/**
 * This file computes the public statistics of a period: counts, rates with confidence intervals,
 * and anonymous statements of reasons. All come from the same decisions, appeals and reports, so
 * that they agree with each other.
 */

/** A decision as published, without the ids of its subject and of the members. */
export interface PublishedDecision {
  readonly id: DecisionId;
  readonly atMs: number;
  readonly endsAtMs: number | null;
  readonly measure: Measure;
  readonly ground: ReportReason;
  readonly facts: readonly FactKind[];
  /** Time from the case's first report to the decision. Null if there was no report. */
  readonly tookMs: number | null;
  /** Current state of the appeal against the decision. Null if there is none. */
  readonly appeal: AppealOutcome | 'waiting' | null;
}

export interface PublishedReport {
  readonly reason: ReportReason;
  readonly verdict: Verdict;
}

export interface PublishedAppeal {
  /** Outcome of the appeal. Null if it isn't answered or needed no answer. */
  readonly outcome: AppealOutcome | null;
  readonly tookMs: number | null;
  /** Whether the appeal was against a restriction. False for a warning. */
  readonly restricts: boolean;
}

/** Published items of a part of the period. The parts add up to the whole period. */
export interface PublishedPart {
  readonly decisions: readonly PublishedDecision[];
  readonly reports: readonly PublishedReport[];
  readonly appeals: readonly PublishedAppeal[];
  /** For each dismissal with a second review, whether the second member agreed. */
  readonly sampled: readonly boolean[];
  readonly holds: number;
}

/** A count, its total, and the share with its 95 % interval. `share` is null for a total of 0. */
export interface Rate {
  readonly count: number;
  readonly of: number;
  readonly share: { readonly value: number; readonly low: number; readonly high: number } | null;
}

/**
 * For each house rule, its category in the Commission's template (Implementing Regulation (EU)
 * 2024/2835). A rule whose violation isn't a crime in itself belongs to the terms of service.
 */
export const CATEGORY_OF = {
  'may-be-under-18': 'STATEMENT_CATEGORY_PROTECTION_OF_MINORS',
  'self-harm': 'STATEMENT_CATEGORY_SELF_HARM',
  'urging-self-harm': 'STATEMENT_CATEGORY_SELF_HARM',
  'threat-or-violence': 'STATEMENT_CATEGORY_VIOLENCE',
  'sexual-content': 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
  'recording-or-sharing': 'STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS',
  hate: 'STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH',
  'scam-or-spam': 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD',
  'not-here-to-learn': 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
  other: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
} as const satisfies Readonly<Record<ReportReason, string>>;

export interface CategoryCounts {
  readonly reports: number;
  readonly afterReports: number;
  readonly medianTookMs: number | null;
  /** Number of decisions that moderators made without a report. */
  readonly own: number;
  readonly ownSuspended: number;
  readonly ownForGood: number;
}

export interface AppealCounts {
  readonly filed: number;
  readonly answered: number;
  readonly byOutcome: Readonly<Record<AppealOutcome, number>>;
  readonly medianTookMs: number | null;
}

export interface Transparency {
  /** Counts of each category in a fixed order. They add up to the counts of `all`. */
  readonly byCategory: readonly (readonly [category: string, counts: CategoryCounts])[];
  readonly all: CategoryCounts;
  readonly reports: Readonly<Record<Verdict, number>>;
  readonly appeals: AppealCounts;
  readonly appealsOfRestrictions: AppealCounts;
  readonly restrictions: number;
  readonly warnings: number;
  readonly holds: number;
  /** Share of reviewed reports that were upheld. */
  readonly precision: Rate;
  /** Share of answered appeals that overturned the decision. */
  readonly overturn: Rate;
  /** Share of dismissals with a second review in which the second member agreed. */
  readonly agreement: Rate;
}

export function transparency({
  decisions,
  reports,
  appeals,
  sampled,
  holds,
}: PublishedPart): Transparency {
  const verdicts = countEach<Verdict>(
    ['waiting', 'upheld', 'inconclusive', 'rejected'],
    reports.map(({ verdict }) => verdict),
  );
  const counted = countAppeals(appeals);
  const reviewed = reports.length - verdicts.waiting;
  const restrictions = decisions.filter(restricts).length;
  const categories = [...new Set(Object.values(CATEGORY_OF))].toSorted();
  return {
    byCategory: categories.map((category) => {
      const ofIt = decisions.filter(({ ground }) => CATEGORY_OF[ground] === category);
      const reported = reports.filter(({ reason }) => CATEGORY_OF[reason] === category);
      return [category, countIn(ofIt, reported)];
    }),
    all: countIn(decisions, reports),
    reports: verdicts,
    appeals: counted,
    appealsOfRestrictions: countAppeals(appeals.filter((appeal) => appeal.restricts)),
    restrictions,
    warnings: decisions.length - restrictions,
    holds,
    precision: rateOf(verdicts.upheld, reviewed),
    overturn: rateOf(counted.byOutcome.overturn, counted.answered),
    agreement: rateOf(sampled.filter((agrees) => agrees).length, sampled.length),
  };
}

/** Quantile of the normal distribution for a 95 % confidence interval. */
const Z = 1.959_963_984_540_054;

/**
 * Returns the 95 % confidence interval by Wilson's score (1927), which is also valid for small
 * counts and for shares near 0 or 1.
 */
export function rateOf(count: number, of: number): Rate {
  if (of === 0) return { count, of, share: null };
  const value = count / of;
  const scale = 1 + Z ** 2 / of;
  const middle = (value + Z ** 2 / (2 * of)) / scale;
  const half = (Z / scale) * Math.sqrt((value * (1 - value)) / of + Z ** 2 / (4 * of ** 2));
  const low = count === 0 ? 0 : middle - half;
  const high = count === of ? 1 : middle + half;
  return { count, of, share: { value, low, high } };
}

function restricts({ measure }: { readonly measure: Measure }): boolean {
  return ruleOfMeasure(measure).restriction !== null;
}

function countIn(
  decisions: readonly PublishedDecision[],
  reports: readonly PublishedReport[],
): CategoryCounts {
  const isOwn = ({ facts }: PublishedDecision): boolean => facts.includes('own-initiative');
  const own = decisions.filter(isOwn);
  const afterReports = decisions.filter((decision) => !isOwn(decision));
  const ownRestricted = own.filter(restricts);
  const forGood = ownRestricted.filter(({ measure }) => ruleOfMeasure(measure).lastsMs === null);
  return {
    reports: reports.length,
    afterReports: afterReports.length,
    medianTookMs: medianOf(afterReports.map(({ tookMs }) => tookMs)),
    own: own.length,
    ownSuspended: ownRestricted.length - forGood.length,
    ownForGood: forGood.length,
  };
}

function countAppeals(appeals: readonly PublishedAppeal[]): AppealCounts {
  const byOutcome = countEach<AppealOutcome>(
    ['uphold', 'shorten', 'overturn'],
    appeals.map(({ outcome }) => outcome),
  );
  return {
    filed: appeals.length,
    answered: byOutcome.uphold + byOutcome.shorten + byOutcome.overturn,
    byOutcome,
    medianTookMs: medianOf(appeals.map(({ tookMs }) => tookMs)),
  };
}

function countEach<Kind extends string>(
  kinds: readonly Kind[],
  all: readonly (Kind | null)[],
): Readonly<Record<Kind, number>> {
  const counts = kinds.map((kind) => [kind, all.filter((one) => one === kind).length]);
  return Object.fromEntries(counts) as Record<Kind, number>;
}

function medianOf(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
