import { type Assumptions, WORLD } from './assumptions.ts';

/** What a place does about harm. */
export interface Policy {
  readonly shield: boolean;
  /** Weighs reports, keeps tiers apart, holds, and lets people review and ban. */
  readonly moderation: 'none' | 'weighed' | 'ban-at-three';
  readonly world: Assumptions;
}

export const POLICY_NAMES = [
  'full',
  'fullTrolls5',
  'full70',
  'nothing',
  'autoBan3',
  'shieldOnly',
  'fullUnlinked',
  'fullRare',
  'fullMany',
  'full240',
  'bareTrolls5',
] as const;

export type PolicyName = (typeof POLICY_NAMES)[number];

/** The policies that are printed side by side. */
export const POLICIES: Readonly<Record<PolicyName, Policy>> = {
  full: full({}),
  fullTrolls5: full({ trolls: 0.05 }),
  full70: full({ shieldSensitivity: 0.7 }),
  nothing: { shield: false, moderation: 'none', world: WORLD },
  autoBan3: { shield: false, moderation: 'ban-at-three', world: WORLD },
  shieldOnly: { shield: true, moderation: 'none', world: WORLD },
  /** Nobody who comes back is recognised, and no newcomer taken for one. */
  fullUnlinked: full({ returnsLinked: 0, newcomersWronglyLinked: 0 }),
  fullRare: full({ harmful: 0.005 }),
  fullMany: full({ harmful: 0.08 }),
  full240: full({ reviewsADay: 240 }),
  /** Trolls whose reports have nothing to look at, and so are never found to be wrong. */
  bareTrolls5: full({ trolls: 0.05, trollsAttach: false }),
};

/** All together, in a world that differs so. */
function full(world: Partial<Assumptions>): Policy {
  return { shield: true, moderation: 'weighed', world: { ...WORLD, ...world } };
}
