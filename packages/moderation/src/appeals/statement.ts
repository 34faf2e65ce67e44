import type { Measure, Restriction } from '../cases/decision.ts';
import { ruleOfMeasure } from '../cases/decision.ts';
import type { DecisionId } from '../ids.ts';
import { APPEAL_WINDOW_MS } from '../limits.ts';
import type { ReportReason } from '../reports/reason.ts';

/**
 * The statement of reasons that the Digital Services Act (Regulation (EU) 2022/2065, article 17)
 * requires for every restriction, as data. The user's page and the console render it in the
 * reader's language.
 */
export interface StatementOfReasons {
  readonly decision: DecisionId;
  readonly measure: Measure;
  readonly restriction: Restriction | null;
  readonly startsAtMs: number;
  readonly endsAtMs: number | null;
  /** The violated rule. The statement never discloses the reporters. */
  readonly ground: ReportReason;
  /** Kinds of evidence that were examined. The statement never contains the evidence itself. */
  readonly facts: readonly FactKind[];
  readonly earlierAtMs: readonly number[];
  /** Always false, because software can restrict users and queue cases but never decides. */
  readonly automatedDecision: false;
  readonly appealUntilMs: number;
}

export type FactKind = 'reports' | 'own-initiative' | 'lines' | 'pictures' | 'earlier-decisions';

/** `lifted` means that a member ended the sanction early without judging whether it was right. */
export type StatementState = 'holds' | 'over' | 'lifted' | 'overturned';

export interface DecisionFacts {
  /** Number of reports. Zero if a member opened the case without a report. */
  readonly reports: number;
  readonly lines: boolean;
  /** Number of pictures that the deciding member uncovered. Other pictures aren't counted. */
  readonly pictures: number;
  /** Earlier decisions whose strikes affected this one, oldest first. */
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
