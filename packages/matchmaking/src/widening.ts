import type { Wish } from './mode.ts';
import type { Ticket } from './ticket.ts';

/**
 * How long a ticket *holds* its soft wishes. A pair must meet every wish that either still holds;
 * an expired wish only adds to the score. So two tickets that may meet never both wait longer than
 * `widestAfterMs`, unless one has `onlyShared` and they share no interest.
 */
export interface WideningSchedule {
  readonly interestHeldMs: number;
  readonly languageHeldMs: number;
  /** How long a ticket of a known user holds the wish for its own segment. */
  readonly segmentHeldMs: number;
}

export const DEFAULT_WIDENING: WideningSchedule = {
  interestHeldMs: 5_000,
  languageHeldMs: 10_000,
  segmentHeldMs: 10_000,
};

/** A sum of the bits below; a number, since every probe compares it. */
export type Wishes = number;
export const NO_WISH: Wishes = 0;
export const SHARED_INTEREST: Wishes = 1;
export const SHARED_LANGUAGE: Wishes = 2;
export const SAME_SEGMENT: Wishes = 4;
/** Wishes that determine a crowd's lists; each probe checks the other. */
export const LISTED_WISHES: Wishes = SHARED_INTEREST | SHARED_LANGUAGE;
/** Not wishes: facts of the ticket, stored with its wishes so that one probe reads all. */
export const IN_GOOD_SEGMENT = 8;
/** "Only people who share one". */
export const ONLY_SHARED = 16;
/** See `isUnproven`. */
export const UNPROVEN = 32;

/** Whether the pair's rare interests don't count. The definition is `countedInterests`. */
export function ignoresRare(ours: number, theirs: number): boolean {
  return (ours & theirs & UNPROVEN) !== 0 && ((ours | theirs) & ONLY_SHARED) !== 0;
}

interface WishRow {
  readonly name: Wish;
  readonly wish: Wishes;
  /** Zero for a ticket without the wish. */
  heldMs(ticket: Ticket, schedule: WideningSchedule): number;
}

const WISH_ROWS: readonly WishRow[] = [
  {
    name: 'shared-interest',
    wish: SHARED_INTEREST,
    heldMs: (ticket, schedule) => {
      if (ticket.interests.length === 0) return 0;
      return ticket.onlyShared ? Number.POSITIVE_INFINITY : schedule.interestHeldMs;
    },
  },
  {
    name: 'shared-language',
    wish: SHARED_LANGUAGE,
    heldMs: (ticket, schedule) => (ticket.languages.length === 0 ? 0 : schedule.languageHeldMs),
  },
  {
    name: 'same-circle',
    wish: SAME_SEGMENT,
    // New users meet in either segment, because a small server has few others.
    heldMs: ({ tier }, schedule) =>
      tier === 'new' || tier === 'restricted' ? 0 : schedule.segmentHeldMs,
  },
];

export function wishesNamed(names: readonly Wish[]): Wishes {
  let named = NO_WISH;
  for (const { name, wish } of WISH_ROWS) if (names.includes(name)) named |= wish;
  return named;
}

/** The set only shrinks with time. */
export function wishesHeld(ticket: Ticket, waitedMs: number, schedule: WideningSchedule): Wishes {
  let held = NO_WISH;
  for (const row of WISH_ROWS) {
    if (waitedMs < row.heldMs(ticket, schedule)) held |= row.wish;
  }
  return held;
}

/** Total wait at which the ticket drops its next wish, or null. */
export function nextWideningMs(
  ticket: Ticket,
  held: Wishes,
  schedule: WideningSchedule,
): number | null {
  let next = Number.POSITIVE_INFINITY;
  for (const row of WISH_ROWS) {
    if ((held & row.wish) !== 0) next = Math.min(next, row.heldMs(ticket, schedule));
  }
  return Number.isFinite(next) ? next : null;
}

/** After this wait no soft wish separates two tickets. */
export function widestAfterMs(schedule: WideningSchedule): number {
  return Math.max(schedule.interestHeldMs, schedule.languageHeldMs, schedule.segmentHeldMs);
}

/**
 * @param languageFits they share a language, or one named none
 * @param segmentFits they are in the same segment
 */
export function wishesMet(
  heldByEither: Wishes,
  sharesInterest: boolean,
  languageFits: boolean,
  segmentFits: boolean,
): boolean {
  if ((heldByEither & SHARED_INTEREST) !== 0 && !sharesInterest) return false;
  if ((heldByEither & SAME_SEGMENT) !== 0 && !segmentFits) return false;
  return (heldByEither & SHARED_LANGUAGE) === 0 || languageFits;
}
