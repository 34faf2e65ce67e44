import type { SubjectId } from '@farandole/kernel/id';
import type { CaseId } from '../ids.ts';
import { HOLD_MS_MAX } from '../limits.ts';
import type { Grounds } from '../trust/grounds.ts';
import { mayHold, type Trust } from '../trust/trust.ts';

/** The strongest automatic measure: suspends the subject until a person has looked. */
export interface Hold {
  readonly subject: SubjectId;
  readonly case: CaseId;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

export interface HoldFacts {
  readonly trust: Trust;
  /** Of the case's own reports. */
  readonly grounds: Grounds;
  readonly wasHeld: boolean;
}

/** Whether a hold begins: enough evidence, and only once per case. */
export function holdBegins({ trust, grounds, wasHeld }: HoldFacts): boolean {
  return !wasHeld && mayHold(trust, grounds);
}

/** Lasts at most `HOLD_MS_MAX`, regardless of further reports; null if none begins. */
export function holdOf(
  input: HoldFacts & { readonly subject: SubjectId; readonly case: CaseId },
  nowMs: number,
): Hold | null {
  if (!holdBegins(input)) return null;
  const { subject } = input;
  return { subject, case: input.case, startsAtMs: nowMs, endsAtMs: nowMs + HOLD_MS_MAX };
}

export function isHeld(hold: Hold | null, nowMs: number): boolean {
  return hold !== null && nowMs < hold.endsAtMs;
}
