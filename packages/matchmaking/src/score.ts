import { primaryLanguage } from './language.ts';
import { isUnproven } from './tag-uses.ts';
import type { Ticket } from './ticket.ts';

/**
 * How well two users who may meet suit each other.
 * Scores are whole numbers, in thousandths of a bit of surprise, so that sums don't depend on order
 * and ties are exact: ties are broken by chance.
 */

/** Equals an interest that one in seven names. */
export const LANGUAGE_SCORE = 3_000;
const WAITING_STEP_SCORE = 500;
/** In steps, so that users who arrived together are tied. */
const WAITING_STEP_MS = 5_000;
/** Bounds the bonus of a long wait to the value of a shared language. */
const WAITING_STEPS_MAX = 6;
export const WAITING_SCORE_MAX = WAITING_STEPS_MAX * WAITING_STEP_SCORE;

/**
 * Inverse document frequency (K. Spärck Jones, 1972): log2(1 + waiting / bearing), both counts
 * including the two tickets. An interest that all name is worth one bit, so sharing always counts.
 * @param waiting number of waiting tickets, at least `bearing`
 * @param bearing number of them that name the interest, at least one
 */
export function rarityScore(waiting: number, bearing: number): number {
  return Math.round(1_000 * Math.log2(1 + waiting / bearing));
}

export function waitingScore(waitedMs: number): number {
  return WAITING_STEP_SCORE * Math.min(WAITING_STEPS_MAX, Math.floor(waitedMs / WAITING_STEP_MS));
}

export interface ScoredSide {
  readonly ticket: Ticket;
  readonly waitedMs: number;
}

/**
 * The definition of a pair's score; tests compare the pool's result with it. Symmetric.
 * @param rarityOf rarity score of an interest among the waiting
 * @param isCommon see `countedInterests`; all are by default
 */
export function scorePair(
  a: ScoredSide,
  b: ScoredSide,
  rarityOf: (interest: string) => number,
  isCommon: (interest: string) => boolean = () => true,
): number {
  let score = waitingScore(a.waitedMs) + waitingScore(b.waitedMs);
  for (const interest of countedInterests(a.ticket, b.ticket, isCommon))
    score += rarityOf(interest);
  if (sharedLanguages(a.ticket, b.ticket).length > 0) score += LANGUAGE_SCORE;
  return score;
}

export function sharedInterests(a: Ticket, b: Ticket): string[] {
  return a.interests.filter((interest) => b.interests.includes(interest));
}

/**
 * The shared interests that count for a pair: they meet a wish, score, and are named to the users.
 * Rare ones don't count between two unproven users if one accepts only people who share one:
 * otherwise a known interest finds its user at once.
 */
export function countedInterests(
  a: Ticket,
  b: Ticket,
  isCommon: (interest: string) => boolean,
): string[] {
  const shared = sharedInterests(a, b);
  const isRareIgnored = isUnproven(a) && isUnproven(b) && (a.onlyShared || b.onlyShared);
  return isRareIgnored ? shared.filter(isCommon) : shared;
}

/** Primary subtags, in `a`'s order, without duplicates. */
export function sharedLanguages(a: Ticket, b: Ticket): string[] {
  const spoken = spokenLanguages(b);
  return spokenLanguages(a).filter((language) => spoken.includes(language));
}

export function spokenLanguages(ticket: Ticket): string[] {
  return [...new Set(ticket.languages.map(primaryLanguage))];
}
