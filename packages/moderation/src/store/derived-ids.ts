import { brandId } from '@farandole/kernel/id';
import type { DecisionId, SanctionId, StrikeId } from '../ids.ts';

/** Ids of a decision's effects derive from its id, so that only decisions need fresh ones. */
export function sanctionIdOf(decision: DecisionId, index: number): SanctionId {
  return brandId<SanctionId>(`${decision}-s${index}`);
}

export function strikeIdOf(decision: DecisionId): StrikeId {
  return brandId<StrikeId>(`${decision}-k`);
}
