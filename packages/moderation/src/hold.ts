import type { SubjectId } from '@farandole/kernel/id';
import type { CaseId } from './ids.ts';
import { HOLD_MS_MAX } from './limits.ts';
import { mayHold, type Trust } from './trust.ts';

/** The most that software does by itself: nobody meets the subject until a person has looked. */
export interface Hold {
  readonly subject: SubjectId;
  readonly case: CaseId;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/**
 * A hold, where enough is known and it was not used up: one case holds its subject once, for
 * `HOLD_MS_MAX` at most, however many reports follow.
 */
export function holdOf(
  input: {
    readonly subject: SubjectId;
    readonly case: CaseId;
    readonly trust: Trust;
    readonly reporters: number;
    readonly before: Hold | null;
  },
  nowMs: number,
): Hold | null {
  if (input.before !== null || !mayHold(input.trust, input.reporters)) return null;
  const { subject } = input;
  return { subject, case: input.case, startsAtMs: nowMs, endsAtMs: nowMs + HOLD_MS_MAX };
}

export function isHeld(hold: Hold | null, nowMs: number): boolean {
  return hold !== null && nowMs < hold.endsAtMs;
}
