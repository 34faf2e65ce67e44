import type { Prng } from '@farandole/kernel/prng';
import { type Circle, circleOf, tierOf } from '../trust/trust.ts';
import type { SimPerson } from './person.ts';

/** Restricted users meet separately; new ones are split between good and normal. */
export function poolsOf(active: readonly SimPerson[], prng: Prng): SimPerson[][] {
  const into: Record<Circle, SimPerson[]> = { restricted: [], normal: [], good: [] };
  for (const person of active) {
    into[circleOf(tierOf(person.trust), (probability) => prng.chance(probability))].push(person);
  }
  return [into.restricted, into.normal, into.good];
}
