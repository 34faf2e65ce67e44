import type { Page, PageParts, PageUser } from './page.ts';

/**
 * Counts of users' actions beyond those of their pages. `returns` are browsers that were killed and
 * opened again, `rejoins` and `declines` what became of their calls; `foreignUnblocks` are of
 * blocks under another cookie, `reportsAgain` were sent before, in another session; `lateLines`
 * have the epoch from before a restart; `bursts` are more searches than the limit.
 */
const DEEDS = [
  ...(['crashes', 'returns', 'rejoins', 'declines', 'hides', 'secondTabs', 'blocks'] as const),
  ...(['unblocks', 'foreignUnblocks', 'reports', 'reportsAgain', 'lateLines'] as const),
  ...(['videoOffers', 'bursts'] as const),
];
export type Deeds = Record<(typeof DEEDS)[number], number>;

export function noDeeds(): Deeds {
  return Object.fromEntries(DEEDS.map((deed) => [deed, 0])) as Deeds;
}

export interface PersonParts extends PageParts {
  readonly deeds: Deeds;
  /** Whether the calm has begun, in which users only wait. */
  readonly isCalm: () => boolean;
}

/** An honest person or an attacker. */
export interface Somebody extends PageUser {
  readonly page: Page | null;
  /** The turmoil begins: an honest user visits, an attacker acts. */
  wake(): void;
  /** In the calm: an honest user searches, an attacker stays away. */
  search(): void;
  /** The calm begins: an attacker stops. */
  rest(): void;
  /** The run ends: the user leaves. */
  goAway(): void;
}
