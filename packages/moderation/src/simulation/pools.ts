import type { Prng } from '@farandole/kernel/prng';
import { tierOf } from '../trust.ts';
import type { SimPerson } from './person.ts';

/** Of those in good standing, who plays with everybody else, so that a normal person meets them. */
const GOOD_IN_NORMAL = 0.1;
/** Of the new, who meets good standing: a pool of newcomers alone would be the banned's. */
const NEW_AMONG_GOOD = 0.5;

/**
 * Who may meet whom in one round: restricted meet restricted, and the new are shared out between
 * the good and the others.
 */
export function poolsOf(active: readonly SimPerson[], prng: Prng): SimPerson[][] {
  const restricted: SimPerson[] = [];
  const normal: SimPerson[] = [];
  const good: SimPerson[] = [];
  for (const person of active) {
    switch (tierOf(person.trust)) {
      case 'restricted':
        restricted.push(person);
        break;
      case 'new':
        (prng.chance(NEW_AMONG_GOOD) ? good : normal).push(person);
        break;
      case 'normal':
        normal.push(person);
        break;
      case 'good':
        (prng.chance(GOOD_IN_NORMAL) ? normal : good).push(person);
        break;
    }
  }
  return [restricted, normal, good];
}
