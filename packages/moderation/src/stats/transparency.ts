import type { AppealOutcome } from '../appeals/appeal.ts';
import type { FactKind } from '../appeals/statement.ts';
import { type Measure, ruleOfMeasure } from '../cases/decision.ts';
import type { DecisionId } from '../ids.ts';
import type { ReportReason } from '../reports/reason.ts';
import type { Verdict } from '../store/kept.ts';

/**
 * What may be told to everybody of what was decided in a period: counts, rates with what they can be relied
 * on for, and statements of reasons in which nobody is. It is made of the decisions, appeals and reports
 * themselves, so that it cannot come to say something else.
 */

/** A decision that is not a dismissal and was not undone. Nobody is in it who was decided about, reported or decided. */
export interface ToldDecision {
  readonly id: DecisionId;
  readonly atMs: number;
  readonly endsAtMs: number | null;
  readonly measure: Measure;
  readonly ground: ReportReason;
  readonly facts: readonly FactKind[];
  /** From the first report of its case to it; null where nobody had reported. */
  readonly tookMs: number | null;
  /** What came of an appeal, whenever it did; null without one. */
  readonly appeal: AppealOutcome | 'waiting' | null;
}

export interface ToldReport {
  readonly reason: ReportReason;
  readonly verdict: Verdict;
}

export interface ToldAppeal {
  /** Null while nobody has answered, or nothing was left to answer. */
  readonly outcome: AppealOutcome | null;
  readonly tookMs: number | null;
  /** Whether it was against a decision that restricts, and not a warning. */
  readonly restricts: boolean;
}

/** Part of a period; a period is the sum of its parts. */
export interface ToldPart {
  readonly decisions: readonly ToldDecision[];
  readonly reports: readonly ToldReport[];
  readonly appeals: readonly ToldAppeal[];
  /** Of the dismissals that another looked at: whether they would have decided the same. */
  readonly sampled: readonly boolean[];
  /** Times that software kept somebody out until a person had looked. */
  readonly holds: number;
}

/** So many of so many, and between what the share of many more would lie in 19 of 20 cases; null of none. */
export interface Rate {
  readonly count: number;
  readonly of: number;
  readonly share: { readonly value: number; readonly low: number; readonly high: number } | null;
}

/**
 * What the Commission's template (Implementing Regulation (EU) 2024/2835) calls what breaks each rule of the
 * house. What is no crime by itself it has under the terms of a service.
 */
export const CATEGORY_OF = {
  'may-be-under-18': 'STATEMENT_CATEGORY_PROTECTION_OF_MINORS',
  'self-harm': 'STATEMENT_CATEGORY_SELF_HARM',
  'threat-or-violence': 'STATEMENT_CATEGORY_VIOLENCE',
  'sexual-content': 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
  'recording-or-sharing': 'STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS',
  hate: 'STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH',
  'scam-or-spam': 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD',
  other: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
} as const satisfies Readonly<Record<ReportReason, string>>;

export interface CategoryCounts {
  readonly reports: number;
  /** Decisions that reports led to. */
  readonly afterReports: number;
  /** From the first report to the decision. */
  readonly medianTookMs: number | null;
  /** Decisions on what moderators saw for themselves. */
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
  /** Of each category, in their order; together they are all. */
  readonly byCategory: readonly (readonly [category: string, counts: CategoryCounts])[];
  readonly all: CategoryCounts;
  readonly reports: Readonly<Record<Verdict, number>>;
  readonly appeals: AppealCounts;
  /** Of those, what was against a restriction. */
  readonly appealsOfRestrictions: AppealCounts;
  readonly restrictions: number;
  readonly warnings: number;
  readonly holds: number;
  /** Reports that were right, of those that somebody has reviewed. */
  readonly precision: Rate;
  /** Decisions that an appeal took back, of those of the appeals that were answered. */
  readonly overturn: Rate;
  /** Dismissals with which another agreed, of those of the sample that were looked at. */
  readonly agreement: Rate;
}

export function transparency({
  decisions,
  reports,
  appeals,
  sampled,
  holds,
}: ToldPart): Transparency {
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

/** Of a normal distribution, what 95 % are within. */
const Z = 1.959_963_984_540_054;

/**
 * A share with its 95 % interval by Wilson's score (1927), which also holds for few and for shares near
 * none and all.
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
  decisions: readonly ToldDecision[],
  reports: readonly ToldReport[],
): CategoryCounts {
  const isOwn = ({ facts }: ToldDecision): boolean => facts.includes('own-initiative');
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

function countAppeals(appeals: readonly ToldAppeal[]): AppealCounts {
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

/** The middle one of those that are known, or the mean of the two. */
function medianOf(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
