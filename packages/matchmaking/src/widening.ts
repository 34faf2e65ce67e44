import type { Wish } from './mode.ts';
import type { Ticket } from './ticket.ts';

/**
 * How long a ticket *holds* each soft wish. While either ticket of a pair holds a wish, the pair
 * must satisfy it. An expired wish only adds to the score. So two tickets that may meet never
 * both wait longer than `widestAfterMs`, unless one has `onlyShared` and they share no interest.
 */
export interface WideningSchedule {
  readonly interestHeldMs: number;
  readonly languageHeldMs: number;
  /** How long a ticket of a `normal` or `good` user requires a partner of its own segment. */
  readonly segmentHeldMs: number;
  /** How long a ticket of an exchange requires that both users learn. */
  readonly exchangeHeldMs: number;
  /** Maximum time in ms for which a ticket insists on each wish while few tickets wait (MM-30a). */
  readonly quietHeldMs: number;
}

export const DEFAULT_WIDENING: WideningSchedule = {
  interestHeldMs: 5_000,
  languageHeldMs: 10_000,
  segmentHeldMs: 10_000,
  exchangeHeldMs: 20_000,
  quietHeldMs: 2_000,
};

/** A sum of the bits below. A number is used because every comparison of two tickets reads it. */
export type Wishes = number;
export const NO_WISH: Wishes = 0;
export const SHARED_INTEREST: Wishes = 1;
export const SHARED_LANGUAGE: Wishes = 2;
export const SAME_SEGMENT: Wishes = 4;
/** Wishes that determine a ticket's posting lists. Other wishes are checked for each candidate. */
export const LISTED_WISHES: Wishes = SHARED_INTEREST | SHARED_LANGUAGE;
/** The following bits are facts of a ticket, stored with its wishes so that one read gets both. */
export const IN_GOOD_SEGMENT = 8;
/** The user accepts only people who share an interest. */
export const ONLY_SHARED = 16;
/** The user is unproven, as defined by `isUnproven`. */
export const UNPROVEN = 32;
/** A wish. Both users of an exchange learn from the other. */
export const MUTUAL_EXCHANGE = 64;

/** Returns whether rare interests don't count for a pair. `countedInterests` is the definition. */
export function ignoresRare(ours: number, theirs: number): boolean {
  return (ours & theirs & UNPROVEN) !== 0 && ((ours | theirs) & ONLY_SHARED) !== 0;
}

interface WishRow {
  readonly name: Wish;
  readonly wish: Wishes;
  /** Whether the ticket holds the wish as long in a quiet crowd (MM-30a). */
  readonly staysInQuiet: boolean;
  /** Returns how long the ticket holds the wish, in ms. Zero for a ticket without the wish. */
  heldMs(ticket: Ticket, schedule: WideningSchedule): number;
}

const WISH_ROWS: readonly WishRow[] = [
  {
    name: 'shared-interest',
    wish: SHARED_INTEREST,
    staysInQuiet: false,
    heldMs: (ticket, schedule) => {
      if (ticket.interests.length === 0) return 0;
      return ticket.onlyShared ? Number.POSITIVE_INFINITY : schedule.interestHeldMs;
    },
  },
  {
    name: 'shared-language',
    wish: SHARED_LANGUAGE,
    staysInQuiet: false,
    heldMs: (ticket, schedule) => (ticket.languages.length === 0 ? 0 : schedule.languageHeldMs),
  },
  {
    name: 'same-circle',
    wish: SAME_SEGMENT,
    staysInQuiet: false,
    // New users meet users of either segment, because a small server has few other new users.
    heldMs: ({ tier }, schedule) =>
      tier === 'new' || tier === 'restricted' ? 0 : schedule.segmentHeldMs,
  },
  {
    name: 'mutual-exchange',
    wish: MUTUAL_EXCHANGE,
    // Helping without learning is the exception, whatever the number of users.
    staysInQuiet: true,
    heldMs: ({ exchange }, schedule) => (exchange === undefined ? 0 : schedule.exchangeHeldMs),
  },
];

export function wishesNamed(names: readonly Wish[]): Wishes {
  let named = NO_WISH;
  for (const { name, wish } of WISH_ROWS) if (names.includes(name)) named |= wish;
  return named;
}

/** A wait in ms after which a ticket holds only wishes that never expire. */
const WAITED_LONGEST_MS = Number.MAX_VALUE;

/**
 * Returns the wishes that a ticket still holds. The longer the wait, the fewer they are.
 *
 * @param eased whether the ticket dropped wishes early, because few tickets waited
 */
export function wishesHeld(
  ticket: Ticket,
  waitedMs: number,
  schedule: WideningSchedule,
  eased = false,
): Wishes {
  let held = NO_WISH;
  if (ticket.meeting !== undefined) return held;
  for (const row of WISH_ROWS) {
    const countedMs = eased && !row.staysInQuiet ? WAITED_LONGEST_MS : waitedMs;
    if (countedMs < row.heldMs(ticket, schedule)) held |= row.wish;
  }
  return held;
}

/** Returns the total wait in ms at which the ticket drops its next wish, or null. */
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

/** Returns the wait in ms after which no soft wish keeps two ordinary tickets apart. */
export function widestAfterMs(schedule: WideningSchedule): number {
  return Math.max(schedule.interestHeldMs, schedule.languageHeldMs, schedule.segmentHeldMs);
}

/**
 * Returns whether a pair satisfies every wish that either ticket still holds.
 *
 * @param languageFits whether both share a language or one named none
 * @param segmentFits whether both are in the same segment
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
