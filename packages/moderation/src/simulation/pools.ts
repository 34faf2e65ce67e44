import type { Prng } from '@farandole/kernel/prng';
import { type Segment, segmentOf, tierOf } from '../trust/trust.ts';
import type { SimPerson } from './person.ts';

/**
 * Splits users for matching. Restricted users meet only each other, and new users are split
 * between the good and the normal pool.
 */
export function poolsOf(active: readonly SimPerson[], prng: Prng): SimPerson[][] {
  const into: Record<Segment, SimPerson[]> = { restricted: [], normal: [], good: [] };
  for (const person of active) {
    into[segmentOf(tierOf(person.trust), (probability) => prng.chance(probability))].push(person);
  }
  return [into.restricted, into.normal, into.good];
}
