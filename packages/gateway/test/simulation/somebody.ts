import type { Page, PageParts, PageUser } from './page.ts';

/**
 * What users did, beyond what their pages do. `returns` counts killed browsers that were opened
 * again, and `rejoins` and `declines` count what became of their calls. `foreignUnblocks` counts
 * removals of a block under another cookie. `reportsAgain` counts reports that were already sent in
 * another session. `lateLines` counts lines with the epoch from before a restart. `bursts` counts
 * searches above the limit.
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
  /**
   * Whether the calm phase has begun, in which there are no faults or attacks and users only search
   * and wait.
   */
  readonly isCalm: () => boolean;
}

/** An honest user or an attacker. */
export interface Somebody extends PageUser {
  readonly page: Page | null;
  /**
   * Called when faults and attacks start. An honest user begins to visit, an attacker to attack.
   */
  wake(): void;
  /** Called in the calm phase. An honest user searches, and an attacker does nothing. */
  search(): void;
  /** Called when the calm phase begins. An attacker stops its attacks. */
  rest(): void;
  /** Called when the run ends. The user leaves. */
  goAway(): void;
}
