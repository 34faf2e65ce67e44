/**
 * What is known of a person, in four steps: too little (`new`), nothing against them, nothing against
 * them for long, or too much.
 */
export const TIERS = ['new', 'normal', 'good', 'restricted'] as const;
export type Tier = (typeof TIERS)[number];

/** Among whom somebody looks for a stranger. */
export const CIRCLES = ['normal', 'good', 'restricted'] as const;
export type Circle = (typeof CIRCLES)[number];

/** Where a person is in one search. A restricted one is in the circle of the restricted, and no other. */
export interface Place {
  readonly tier: Tier;
  readonly circle: Circle;
}

export function isTier(text: string): text is Tier {
  return (TIERS as readonly string[]).includes(text);
}

export function isCircle(text: string): text is Circle {
  return (CIRCLES as readonly string[]).includes(text);
}
