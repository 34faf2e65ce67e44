import type { SubjectId } from '@farandole/kernel/id';
import type { DecisionId, StrikeId } from '../ids.ts';
import { STRIKE_MS } from '../limits.ts';

/** A strike counts against a user for `STRIKE_MS`, unless its decision is reversed earlier. */
export interface Strike {
  readonly id: StrikeId;
  readonly subject: SubjectId;
  readonly decision: DecisionId;
  readonly atMs: number;
  readonly reversedAtMs: number | null;
}

export function strikeCounts(strike: Strike, nowMs: number): boolean {
  return strike.reversedAtMs === null && nowMs < strike.atMs + STRIKE_MS;
}

export function strikesThatCount(strikes: readonly Strike[], nowMs: number): readonly Strike[] {
  return strikes.filter((strike) => strikeCounts(strike, nowMs));
}
