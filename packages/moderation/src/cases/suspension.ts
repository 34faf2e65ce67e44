import type { SubjectId } from '@farandole/kernel/id';
import type { CaseId } from '../ids.ts';
import { SUSPENSION_MS_MAX } from '../limits.ts';
import { maySuspend, type Trust } from '../trust/trust.ts';

/** The strongest automatic measure: suspends the subject until a person has looked. */
export interface Suspension {
  readonly subject: SubjectId;
  readonly case: CaseId;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

export interface SuspensionFacts {
  readonly trust: Trust;
  readonly reporters: number;
  readonly wasHeld: boolean;
}

/** Whether a hold begins: enough evidence, and only once per case. */
export function suspensionBegins({ trust, reporters, wasHeld }: SuspensionFacts): boolean {
  return !wasHeld && maySuspend(trust, reporters);
}

/** Lasts at most `SUSPENSION_MS_MAX`, regardless of further reports; null if none begins. */
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
