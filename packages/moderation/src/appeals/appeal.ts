import type { MemberId } from '@farandole/accounts/ids';
import type { SubjectId } from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { hasControlCharacters } from '@farandole/kernel/text';
import { type Measure, ruleOfMeasure } from '../cases/decision.ts';
import { isOneOf, isTime } from '../cases/well-formed.ts';
import type { AppealId, CaseId, DecisionId, DeviceHash, SanctionId } from '../ids.ts';
import { APPEAL_TEXT_UNITS_MAX, APPEAL_WINDOW_MS } from '../limits.ts';
import type { SharedAnswer } from './shared-appeal.ts';

export const APPEAL_OUTCOMES = ['uphold', 'shorten', 'overturn'] as const;

export type AppealOutcome = (typeof APPEAL_OUTCOMES)[number];

interface Filed {
  readonly id: AppealId;
  readonly atMs: number;
  /** Time when the author asked to erase the appeal's text. Absent without such a request. */
  readonly erasureAskedAtMs?: number;
}

interface Answered<Outcome> {
  readonly state: 'answered';
  readonly by: MemberId;
  readonly outcome: Outcome;
  /** New end of a shortened sanction. Null for outcomes other than `shorten`. */
  readonly endsAtMs: number | null;
  readonly answeredAtMs: number;
}

/** Appeal by the subject of a decision. A decision can have one such appeal. */
export type SubjectAppeal = Filed & {
  readonly standing: 'subject';
  readonly decision: DecisionId;
} & (
    | { readonly state: 'waiting' }
    | Answered<AppealOutcome>
    /** The decision was undone or replaced, so the appeal needs no answer. */
    | { readonly state: 'moot'; readonly mootAtMs: number }
  );

/** Appeal by another user whom a network or device sanction affects, at most one per sanction. */
export type AffectedAppeal = Filed & {
  readonly standing: 'affected';
  readonly decision: DecisionId;
  readonly sanction: SanctionId;
  /** Author of the appeal. The members who answer it never see the author. */
  readonly author: SubjectId;
} & ({ readonly state: 'waiting' } | Answered<SharedAnswer>);

/** Answers to an appeal against a measure by software or an age refusal. Neither is shortened. */
export const MEASURE_OUTCOMES = ['uphold', 'overturn'] as const;

export type MeasureOutcome = (typeof MEASURE_OUTCOMES)[number];

/**
 * What software does before a member decides a case: it suspends the user (`hold`), limits matching
 * (`restriction`) or closes language exchange (`exchange`).
 */
export type SoftwareMeasure = 'hold' | 'restriction' | 'exchange';

/**
 * Appeal against a suspension or restriction that software imposed before a member decided the
 * case. The user may appeal once against each suspension or restriction.
 */
export type MeasureAppeal = Filed & {
  readonly standing: 'measure';
  readonly case: CaseId;
  readonly author: SubjectId;
  readonly measure: SoftwareMeasure;
} & (
    | { readonly state: 'waiting' }
    | Answered<MeasureOutcome>
    /** A member decided the case before the appeal was answered, so the appeal needs no answer. */
    | { readonly state: 'moot'; readonly mootAtMs: number }
  );

/**
 * Appeal against an age refusal by device key, by a user whose own cookie declared nothing. Members
 * see neither the author nor the device.
 */
export type AgeAppeal = Filed & {
  readonly standing: 'age';
  readonly author: SubjectId;
  readonly device: DeviceHash;
  /** End of the refusal that the page showed to the user. */
  readonly endsAtMs: number;
} & ({ readonly state: 'waiting' } | Omit<Answered<MeasureOutcome>, 'endsAtMs'>);

/** An appeal without its text, which is stored separately and encrypted. */
export type Appeal = SubjectAppeal | AffectedAppeal | MeasureAppeal | AgeAppeal;

export interface AppealedDecision {
  readonly id: DecisionId;
  readonly atMs: number;
  readonly measure: Measure;
  /** All staff members who took part in the decision, as deciders or as approvers. */
  readonly deciders: readonly MemberId[];
  readonly endsAtMs: number | null;
}

export type TextRefusal = 'empty' | 'text-too-long' | 'text-has-control-characters';

export type AppealRefusal = 'window-over' | 'already-appealed' | TextRefusal;

/** Creates an appeal by a decision's subject. Returns the first refusal, such as being too late. */
export function createAppeal(
  id: AppealId,
  decision: AppealedDecision,
  before: SubjectAppeal | null,
  nowMs: number,
): Result<SubjectAppeal, Exclude<AppealRefusal, TextRefusal>> {
  if (before !== null) return refused('already-appealed');
  if (nowMs - decision.atMs >= APPEAL_WINDOW_MS) return refused('window-over');
  return ok({ id, standing: 'subject', decision: decision.id, atMs: nowMs, state: 'waiting' });
}

/** Validates the text of an appeal. Never throws. Returns the first fault. */
export function readAppealText(written: string): Result<string, TextRefusal> {
  const text = written.trim();
  if (text.length === 0) return refused('empty');
  if (text.length > APPEAL_TEXT_UNITS_MAX) return refused('text-too-long');
  if (hasControlCharacters(text)) return refused('text-has-control-characters');
  return ok(text);
}

export interface AppealEffects {
  readonly sanctions: 'stand' | 'shorten' | 'lift';
  readonly strikes: 'stand' | 'reverse';
  /** With `reverse`, the upheld reports of the case become rejected. */
  readonly reporters: 'stand' | 'reverse';
}

const EFFECTS: Readonly<Record<AppealOutcome, AppealEffects>> = {
  uphold: { sanctions: 'stand', strikes: 'stand', reporters: 'stand' },
  shorten: { sanctions: 'shorten', strikes: 'stand', reporters: 'stand' },
  overturn: { sanctions: 'lift', strikes: 'reverse', reporters: 'reverse' },
};

export type AnswerRefusal =
  | 'answered'
  | 'same-person'
  | 'not-shorter'
  /** The sanction has ended, so it can be overturned or upheld but not shortened. */
  | 'end-is-past';

/** Answers a subject's appeal and returns the effects. Refuses members who decided the case. */
export function answerAppeal(
  appeal: SubjectAppeal,
  decision: AppealedDecision,
  answer: {
    readonly by: MemberId;
    readonly outcome: AppealOutcome;
    readonly endsAtMs: number | null;
  },
  nowMs: number,
): Result<{ readonly appeal: SubjectAppeal; readonly effects: AppealEffects }, AnswerRefusal> {
  if (appeal.state !== 'waiting') return refused('answered');
  if (decision.deciders.includes(answer.by)) return refused('same-person');
  const { by, outcome } = answer;
  const endsAtMs = outcome === 'shorten' ? answer.endsAtMs : null;
  if (outcome === 'shorten' && !isShorter(endsAtMs, decision)) {
    return refused('not-shorter');
  }
  if (endsAtMs !== null && endsAtMs < nowMs) return refused('end-is-past');
  return ok({
    appeal: { ...appeal, state: 'answered', by, outcome, endsAtMs, answeredAtMs: nowMs },
    effects: EFFECTS[outcome],
  });
}

/** Returns false for a warning, which has no end and can't be shortened. */
function isShorter(
  endsAtMs: number | null,
  { measure, endsAtMs: before }: AppealedDecision,
): boolean {
  if (endsAtMs === null || ruleOfMeasure(measure).restriction === null) return false;
  return before === null || endsAtMs < before;
}

export function isMeasureOutcome(value: unknown): value is MeasureOutcome {
  return isOneOf(MEASURE_OUTCOMES, value);
}

export function isAppealAnswer(outcome: unknown, endsAtMs: unknown): boolean {
  return isOneOf(APPEAL_OUTCOMES, outcome) && (endsAtMs === null || isTime(endsAtMs));
}
