import type { Letters } from './letters.ts';
import type { Oracle } from './oracle/oracle.ts';
import type { Page, PageParts, PageUser } from './page.ts';

/**
 * Counts of what users did beyond what pages do automatically. `returns` counts killed browsers
 * that were opened again; `rejoins` and `declines` count how their users decided about the
 * interrupted call. `foreignUnblocks` counts removals of a block under another cookie.
 * `reportsAgain` counts reports sent again in another session. `lateLines` counts lines with an
 * epoch from before a restart. `bursts` counts searches above the rate limit. `invited` counts
 * searches by invitation, and `agains` searches for the peer of an earlier call. `questions` and
 * `answers` count searches in the question mode. `bellsSeen` counts pages that showed a bell.
 */
const DEEDS = [
  ...(['crashes', 'returns', 'rejoins', 'declines', 'hides', 'secondTabs', 'blocks'] as const),
  ...(['unblocks', 'foreignUnblocks', 'reports', 'reportsAgain', 'lateLines'] as const),
  ...(['videoOffers', 'bursts', 'lowerings', 'invites', 'invited', 'agains'] as const),
  ...(['questions', 'answers', 'bellsSeen'] as const),
];
export type Deeds = Record<(typeof DEEDS)[number], number>;

export function noDeeds(): Deeds {
  return Object.fromEntries(DEEDS.map((deed) => [deed, 0])) as Deeds;
}

export interface PersonParts extends PageParts {
  readonly oracle: Oracle;
  readonly deeds: Deeds;
  /** Null in a world without private meetings. */
  readonly letters: Letters | null;
  /** Whether some users of the world search in communities. */
  readonly hasCommunities: boolean;
  /**
   * Whether the calm phase has begun, in which faults and attacks stop and users only search and
   * wait.
   */
  readonly isCalm: () => boolean;
}

export interface Somebody extends PageUser {
  readonly page: Page | null;
  /**
   * Called when faults and attacks start. An honest user begins to visit, and an attacker begins
   * to attack.
   */
  wake(): void;
  /** Called in the calm phase. An honest user searches, and an attacker does nothing. */
  search(): void;
  /** Called when the calm phase begins. An attacker stops its attacks. */
  rest(): void;
  /** Called when the run ends, to make the user leave. */
  goAway(): void;
}
