import type { SubjectId } from '@farandole/kernel/id';
import type { CaseId } from '../ids.ts';
import { SUSPENSION_MS_MAX } from '../limits.ts';
import type { Grounds } from '../trust/grounds.ts';
import { maySuspend, type Trust } from '../trust/trust.ts';

/** A suspension by software. It lasts until a member has reviewed the case. */
export interface Suspension {
  readonly subject: SubjectId;
  readonly case: CaseId;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

export interface SuspensionFacts {
  readonly trust: Trust;
  /** Grounds from the reports of this case alone. */
  readonly grounds: Grounds;
  readonly wasHeld: boolean;
}

/** Returns whether an automatic suspension begins: with enough evidence, and once per case. */
export function suspensionBegins({ trust, grounds, wasHeld }: SuspensionFacts): boolean {
  return !wasHeld && maySuspend(trust, grounds);
}

/** Returns the automatic suspension that begins, at most `SUSPENSION_MS_MAX` long, or null. */
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
