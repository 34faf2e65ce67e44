import type { Wish } from './mode.ts';
import type { Ticket } from './ticket.ts';

/**
 * The widening schedule: for how long a person's soft wishes are *held*. A pair is proposed only
 * when it meets every wish that either of the two still holds; a wish no longer held only adds to
 * the score. So two people who may meet never both wait longer than `widestAfterMs`, unless one
 * of them asked for "only people who share one" and they share none.
 */
export interface WideningSchedule {
  /** How long somebody who named interests waits for a person who shares one. */
  readonly interestHeldMs: number;
  /** How long somebody who named languages waits for a person who shares one. */
  readonly languageHeldMs: number;
  /** How long somebody who is not new waits for a person of the same circle. */
  readonly circleHeldMs: number;
}

export const DEFAULT_WIDENING: WideningSchedule = {
  interestHeldMs: 5_000,
  languageHeldMs: 10_000,
  circleHeldMs: 10_000,
};

/** A set of held wishes: the sum of the bits below. A number, since it is compared per look. */
export type Wishes = number;
export const NO_WISH: Wishes = 0;
export const SHARED_INTEREST: Wishes = 1;
export const SHARED_LANGUAGE: Wishes = 2;
export const SAME_CIRCLE: Wishes = 4;
/** Those by which the lists of a crowd are made; the other is looked at in each look. */
export const LISTED_WISHES: Wishes = SHARED_INTEREST | SHARED_LANGUAGE;
/** No wish, and kept beside them so that a look finds it there: the ticket is in the good circle. */
export const IN_GOOD_CIRCLE = 8;

interface WishRow {
  readonly name: Wish;
  readonly wish: Wishes;
  /** For how long a ticket holds the wish: zero when it never had it. */
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
    wish: SAME_CIRCLE,
    // Two who are new meet whichever circles they are in: a small server has nobody else at first.
    // Of the restricted there is one circle.
    heldMs: ({ tier }, schedule) =>
      tier === 'new' || tier === 'restricted' ? 0 : schedule.circleHeldMs,
  },
];

/** The wishes of a mode as a set. */
export function wishesNamed(names: readonly Wish[]): Wishes {
  let named = NO_WISH;
  for (const { name, wish } of WISH_ROWS) if (names.includes(name)) named |= wish;
  return named;
}

/** The wishes that a ticket holds after it has waited so long. They only ever become fewer. */
export function wishesHeld(ticket: Ticket, waitedMs: number, schedule: WideningSchedule): Wishes {
  let held = NO_WISH;
  for (const row of WISH_ROWS) {
    if (waitedMs < row.heldMs(ticket, schedule)) held |= row.wish;
  }
  return held;
}

/** How long the ticket will have waited when it next lets go of one of `held`, or null. */
export function nextLetGoMs(
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

/** From when on nothing soft keeps two people apart. */
export function widestAfterMs(schedule: WideningSchedule): number {
  return Math.max(schedule.interestHeldMs, schedule.languageHeldMs, schedule.circleHeldMs);
}

/**
 * Whether a pair meets the wishes of both, given as one set.
 *
 * @param languageFits Whether they share a language or one of them did not say what they speak.
 * @param circleFits Whether they are in one circle.
 */
export function wishesMet(
  heldByEither: Wishes,
  sharesInterest: boolean,
  languageFits: boolean,
  circleFits: boolean,
): boolean {
  if ((heldByEither & SHARED_INTEREST) !== 0 && !sharesInterest) return false;
  if ((heldByEither & SAME_CIRCLE) !== 0 && !circleFits) return false;
  return (heldByEither & SHARED_LANGUAGE) === 0 || languageFits;
}
