/**
 * How much the server trusts a user: known for too short a time (`new`), without violations
 * (`normal`), without violations for long (`good`), or `restricted`.
 */
export const TIERS = ['new', 'normal', 'good', 'restricted'] as const;
export type Tier = (typeof TIERS)[number];

export const SEGMENTS = ['normal', 'good', 'restricted'] as const;
export type Segment = (typeof SEGMENTS)[number];

/** Where a user is placed for matching. A restricted user is always in the restricted segment. */
export interface UserSegment {
  readonly tier: Tier;
  readonly circle: Segment;
}

export function isTier(text: string): text is Tier {
  return (TIERS as readonly string[]).includes(text);
}

export function isSegment(text: string): text is Segment {
  return (SEGMENTS as readonly string[]).includes(text);
}
