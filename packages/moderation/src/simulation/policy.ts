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
] as const;

export type PolicyName = (typeof POLICY_NAMES)[number];

/** The policies that are printed side by side. */
export const POLICIES: Readonly<Record<PolicyName, Policy>> = {
  full: { shield: true, moderation: 'weighed', world: WORLD },
  fullTrolls5: { shield: true, moderation: 'weighed', world: { ...WORLD, trolls: 0.05 } },
  full70: { shield: true, moderation: 'weighed', world: { ...WORLD, shieldSensitivity: 0.7 } },
  nothing: { shield: false, moderation: 'none', world: WORLD },
  autoBan3: { shield: false, moderation: 'ban-at-three', world: WORLD },
  shieldOnly: { shield: true, moderation: 'none', world: WORLD },
};
