import { type Assumptions, WORLD } from './assumptions.ts';

/** How a simulated server reacts to harm. */
export interface Policy {
  readonly shield: boolean;
  /**
   * With `weighed` the server weighs reports, separates tiers, suspends, reviews and bans. With
   * `ban-at-three` it bans a user whom three others reported.
   */
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
  'trolls5Together',
] as const;

export type PolicyName = (typeof POLICY_NAMES)[number];

/** The policies that the simulation's output compares. */
export const POLICIES: Readonly<Record<PolicyName, Policy>> = {
  full: full({}),
  fullTrolls5: full({ trolls: 0.05 }),
  full70: full({ shieldSensitivity: 0.7 }),
  nothing: { shield: false, moderation: 'none', world: WORLD },
  autoBan3: { shield: false, moderation: 'ban-at-three', world: WORLD },
  shieldOnly: { shield: true, moderation: 'none', world: WORLD },
  /** The server recognizes no returning users and links no newcomers by mistake. */
  fullUnlinked: full({ returnsLinked: 0, newcomersWronglyLinked: 0 }),
  fullRare: full({ harmful: 0.005 }),
  fullMany: full({ harmful: 0.08 }),
  full240: full({ reviewsADay: 240 }),
  /** Trolls attach no evidence, so no review finds that a troll's report is wrong. */
  bareTrolls5: full({ trolls: 0.05, trollsAttach: false }),
  /** All trolls use one network. */
  trolls5Together: full({ trolls: 0.05, trollsTogether: true }),
};

/** Returns the policy with all measures, under changed assumptions about the world. */
function full(world: Partial<Assumptions>): Policy {
  return { shield: true, moderation: 'weighed', world: { ...WORLD, ...world } };
}
