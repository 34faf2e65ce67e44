import { primaryLanguage } from './language.ts';
import { isUnproven } from './tag-uses.ts';
import type { Ticket } from './ticket.ts';

/**
 * Computes how well two users who may meet suit each other. Scores are whole numbers in
 * thousandths of a bit of information, so that sums don't depend on order and equal scores are
 * exactly equal. The choice between equal scores is random.
 */

/** Score of a shared language. It equals the score of an interest that one in seven users names. */
export const LANGUAGE_SCORE = 3_000;
const WAITING_STEP_SCORE = 500;
/** The bonus for waiting grows in steps, so that users who arrived together have equal scores. */
const WAITING_STEP_MS = 5_000;
/** Limits the bonus for waiting to the score of a shared language. */
const WAITING_STEPS_MAX = 6;
export const WAITING_SCORE_MAX = WAITING_STEPS_MAX * WAITING_STEP_SCORE;

/**
 * Inverse document frequency (K. Spärck Jones, 1972): log2(1 + waiting / bearing). Both counts
 * include the two tickets of the pair. An interest that all tickets name scores one bit, so a
 * shared interest always adds to the score.
 *
 * @param waiting number of waiting tickets, at least `bearing`
 * @param bearing number of waiting tickets that name the interest, at least one
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
 * Returns the score of a pair. Symmetric. This function is the definition; tests compare the
 * pool's result with it.
 *
 * @param rarityOf returns the score of an interest by its rarity among the waiting tickets
 * @param isCommon whether enough people use an interest, see `countedInterests`; by default all
 * are common
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
 * Returns the shared interests that count for a pair: they satisfy a required shared interest,
 * add to the score, and are shown to both users. Rare interests don't count between two unproven
 * users if one accepts only people who share one, because a rare interest known to an attacker
 * would find its user at once.
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

/** Returns the primary language subtags that both tickets share, in `a`'s order. */
export function sharedLanguages(a: Ticket, b: Ticket): string[] {
  const spoken = spokenLanguages(b);
  return spokenLanguages(a).filter((language) => spoken.includes(language));
}

export function spokenLanguages(ticket: Ticket): string[] {
  const spoken = ticket.languages.map(primaryLanguage);
  return spoken.filter((language, at) => spoken.indexOf(language) === at);
}
