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

/**
 * Returns one of 12 network names, derived from the user's name. Null for a client on the node's
 * machine.
 */
export function networkNameOf(subject: string, clientAddress: string): string | null {
  return clientAddress === '127.0.0.1' ? null : `network-${sumOf(subject) % 12}`;
}

export function isProven(subject: string): boolean {
  return sumOf(subject) % 5 === 0;
}

/** Returns a simulated user's tier and segment, derived from the user's name. */
export function placeOf(subject: string): UserSegment {
  return PLACES[sumOf(subject) % PLACES.length] ?? { tier: 'new', circle: 'normal' };
}

function sumOf(subject: string): number {
  let sum = 0;
  for (const character of subject) sum = (sum * 31 + character.charCodeAt(0)) % 65_521;
  return sum;
}
