import type { Measure, Restriction } from './decision.ts';
import { ruleOfMeasure } from './decision.ts';
import type { DecisionId } from './ids.ts';
import { APPEAL_WINDOW_MS } from './limits.ts';
import type { ReportReason } from './reason.ts';

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
  /** Software restricts and queues; it never decides. */
  readonly automatedDecision: false;
  /** Until when an appeal is taken. */
  readonly appealUntilMs: number;
}

export type FactKind = 'reports' | 'lines' | 'pictures' | 'earlier-decisions';

export function stateReasons(input: {
  readonly decision: DecisionId;
  readonly measure: Measure;
  readonly ground: ReportReason;
  readonly facts: readonly FactKind[];
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
    facts,
    automatedDecision: false,
    appealUntilMs: atMs + APPEAL_WINDOW_MS,
  };
}
