import { brandId } from '@farandole/kernel/id';
import type { DecisionId, SanctionId, StrikeId } from '../ids.ts';

/** What a decision brings about is named after it, so that only decisions need fresh ids. */
export function sanctionIdOf(decision: DecisionId, index: number): SanctionId {
  return brandId<SanctionId>(`${decision}-s${index}`);
}

export function strikeIdOf(decision: DecisionId): StrikeId {
  return brandId<StrikeId>(`${decision}-k`);
}
