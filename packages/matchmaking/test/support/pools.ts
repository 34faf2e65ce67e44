import { brandId, type MatchId } from '@farandole/kernel/id';
import { createMatchRules } from '@farandole/matchmaking/mode';
import { Pool, type PoolOptions } from '@farandole/matchmaking/pool';
import { PairBook } from '@farandole/matchmaking/testing/pair-book';

export function countMatches(): () => MatchId {
  let minted = 0;
  return () => brandId<MatchId>(`match-${String(minted++).padStart(4, '0')}`);
}

export function makePool(changes: Partial<PoolOptions> = {}, nowMs = 0): Pool {
  return new Pool(
    {
      rules: createMatchRules({ policyVersion: 1 }),
      facts: new PairBook(),
      mintMatchId: countMatches(),
      ...changes,
    },
    nowMs,
  );
}
