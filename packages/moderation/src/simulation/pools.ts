import type { Prng } from '@farandole/kernel/prng';
import { type Segment, segmentOf, tierOf } from '../trust/trust.ts';
import type { SimPerson } from './person.ts';

/** Restricted users meet separately; new ones are split between good and normal. */
export function poolsOf(active: readonly SimPerson[], prng: Prng): SimPerson[][] {
  const into: Record<Segment, SimPerson[]> = { restricted: [], normal: [], good: [] };
  for (const person of active) {
    into[segmentOf(tierOf(person.trust), (probability) => prng.chance(probability))].push(person);
  }
  return [into.restricted, into.normal, into.good];
}
