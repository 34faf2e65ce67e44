import type { UserSegment } from '@farandole/matchmaking/segment';

const PLACES: readonly UserSegment[] = [
  { tier: 'restricted', circle: 'restricted' },
  { tier: 'good', circle: 'good' },
  { tier: 'good', circle: 'good' },
  { tier: 'good', circle: 'normal' },
  { tier: 'normal', circle: 'normal' },
  { tier: 'normal', circle: 'normal' },
  { tier: 'new', circle: 'good' },
  { tier: 'new', circle: 'normal' },
];

/** Returns the standing and segment of a simulated user, derived from the name. */
export function placeOf(subject: string): UserSegment {
  let sum = 0;
  for (const character of subject) sum = (sum * 31 + character.charCodeAt(0)) % 65_521;
  return PLACES[sum % PLACES.length] ?? { tier: 'new', circle: 'normal' };
}
