import type { SubjectId } from '@farandole/kernel/id';
import type { CaseId } from '../ids.ts';
import { SUSPENSION_MS_MAX } from '../limits.ts';
import type { Grounds } from '../trust/grounds.ts';
import { maySuspend, type Trust } from '../trust/trust.ts';

/** The strongest automatic measure. Suspends the subject until a member has reviewed the case. */
export interface Suspension {
  readonly subject: SubjectId;
  readonly case: CaseId;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

export interface SuspensionFacts {
  readonly trust: Trust;
  /** Grounds of this case's own reports only. */
  readonly grounds: Grounds;
  readonly wasHeld: boolean;
}

/** Whether a suspension begins. Requires enough evidence, and happens once per case. */
export function suspensionBegins({ trust, grounds, wasHeld }: SuspensionFacts): boolean {
  return !wasHeld && maySuspend(trust, grounds);
}

/** Returns the suspension, at most `SUSPENSION_MS_MAX` long; null if none begins. */
export function suspensionOf(
  input: SuspensionFacts & { readonly subject: SubjectId; readonly case: CaseId },
  nowMs: number,
): Suspension | null {
  if (!suspensionBegins(input)) return null;
  const { subject } = input;
  return { subject, case: input.case, startsAtMs: nowMs, endsAtMs: nowMs + SUSPENSION_MS_MAX };
}

export function isSuspended(hold: Suspension | null, nowMs: number): boolean {
  return hold !== null && nowMs < hold.endsAtMs;
}
