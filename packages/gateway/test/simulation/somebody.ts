import type { Page, PageParts, PageUser } from './page.ts';

/** What people do beyond their pages, for the run to count. */
export interface Deeds {
  crashes: number;
  /** Browsers that were killed and opened again, by the same person. */
  returns: number;
  /** Calls that were taken up on a new page, or ended from there. */
  rejoins: number;
  declines: number;
  hides: number;
  secondTabs: number;
  blocks: number;
  /** Blocks that people asked to have taken back, and those that are not theirs any more. */
  unblocks: number;
  foreignUnblocks: number;
  reports: number;
  /** Reports that were said before, in another session. */
  reportsAgain: number;
  /** Lines said under the epoch of before a restart. */
  lateLines: number;
  /** Offers to go on by video. */
  videoOffers: number;
  /** Searches more than there are credits for. */
  bursts: number;
}

export interface PersonParts extends PageParts {
  readonly deeds: Deeds;
  /** While it is calm nobody does anything but wait. */
  readonly isCalm: () => boolean;
}

/** Whoever comes to the place, for whatever. */
export interface Somebody extends PageUser {
  readonly page: Page | null;
  /** Comes, or does something. */
  wake(): void;
  /** For the calm: searches, and then only waits; or is not there. */
  search(): void;
  /** The calm begins: whoever is up to something stops, and lets go of what they hold. */
  rest(): void;
  /** The end of the run: leaves, in one way or another. */
  goAway(): void;
}
