/** Standing of a user: too little known (`new`), clean, clean for long (`good`), or restricted. */
export const TIERS = ['new', 'normal', 'good', 'restricted'] as const;
export type Tier = (typeof TIERS)[number];

export const CIRCLES = ['normal', 'good', 'restricted'] as const;
export type Circle = (typeof CIRCLES)[number];

/** A restricted user is always in the restricted circle. */
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
