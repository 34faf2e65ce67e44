import type { Measure, Restriction } from '../cases/decision.ts';
import { ruleOfMeasure } from '../cases/decision.ts';
import type { DecisionId } from '../ids.ts';
import { APPEAL_WINDOW_MS } from '../limits.ts';
import type { ReportReason } from '../reports/reason.ts';

/**
 * The statement of reasons that goes with every decision that restricts somebody: what the Digital
 * Services Act (Regulation (EU) 2022/2065, article 17) asks for, as data. The words in the
 * person's language are made of it by the page and the console.
 */
export interface StatementOfReasons {
  readonly decision: DecisionId;
  readonly measure: Measure;
  readonly restriction: Restriction | null;
  readonly startsAtMs: number;
  readonly endsAtMs: number | null;
  /** The rule of the house that was broken; who reported it is never said. */
  readonly ground: ReportReason;
  /** What was looked at, as kinds, never as the thing itself. */
  readonly facts: readonly FactKind[];
  /** When those earlier decisions were made that counted. */
  readonly earlierAtMs: readonly number[];
  /** Software restricts and queues; it never decides. */
  readonly automatedDecision: false;
  /** Until when an appeal is taken. */
  readonly appealUntilMs: number;
}

export type FactKind = 'reports' | 'own-initiative' | 'lines' | 'pictures' | 'earlier-decisions';

/** `lifted`: ended before its time, without a word on whether it was right. */
export type StatementState = 'holds' | 'over' | 'lifted' | 'overturned';

/** What a decision was made by, as it was at that moment: what comes later was no fact of it. */
export interface DecisionFacts {
  /** None where nobody had reported, and a member opened the case. */
  readonly reports: number;
  /** Whether there were lines that could still be read. */
  readonly lines: boolean;
  /** Pictures that somebody who decided had uncovered; what stayed covered or sealed was not looked at. */
  readonly pictures: number;
  /** The decisions whose strikes counted; the oldest first. */
  readonly earlier: readonly { readonly decision: DecisionId; readonly atMs: number }[];
}

export function stateReasons(input: {
  readonly decision: DecisionId;
  readonly measure: Measure;
  readonly ground: ReportReason;
  readonly facts: DecisionFacts;
  readonly atMs: number;
}): StatementOfReasons {
  const { decision, measure, ground, facts, atMs } = input;
  const { restriction, lastsMs } = ruleOfMeasure(measure);
  return {
    decision,
    measure,
    restriction,
    startsAtMs: atMs,
    endsAtMs: lastsMs === null ? null : atMs + lastsMs,
    ground,
    facts: kindsOf(facts),
    earlierAtMs: facts.earlier.map((one) => one.atMs),
    automatedDecision: false,
    appealUntilMs: atMs + APPEAL_WINDOW_MS,
  };
}

function kindsOf({ reports, lines, pictures, earlier }: DecisionFacts): readonly FactKind[] {
  const kinds: FactKind[] = [reports > 0 ? 'reports' : 'own-initiative'];
  if (lines) kinds.push('lines');
  if (pictures > 0) kinds.push('pictures');
  if (earlier.length > 0) kinds.push('earlier-decisions');
  return kinds;
}
