import type { SubjectId } from '@farandole/kernel/id';
import type { CaseId } from '../ids.ts';
import { HOLD_MS_MAX } from '../limits.ts';
import { mayHold, type Trust } from '../trust/trust.ts';

/** The most that software does by itself: nobody meets the subject until a person has looked. */
export interface Hold {
  readonly subject: SubjectId;
  readonly case: CaseId;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** What of a case decides whether it holds its subject. */
export interface HoldFacts {
  readonly trust: Trust;
  /** Different people who reported in it. */
  readonly reporters: number;
  /** Whether it has brought a hold about already. */
  readonly wasHeld: boolean;
}

/** Whether a hold begins: enough is known, and it was not used up, since one case holds its subject once. */
export function holdBegins({ trust, reporters, wasHeld }: HoldFacts): boolean {
  return !wasHeld && mayHold(trust, reporters);
}

/** The hold that begins now, for `HOLD_MS_MAX` at most, however many reports follow; or null. */
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
