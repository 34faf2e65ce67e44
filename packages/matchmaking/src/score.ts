import { primaryLanguage } from './language.ts';
import type { Ticket } from './ticket.ts';

/**
 * How well two people who may meet would suit each other.
 *
 * Scores are whole numbers, in thousandths of a bit of surprise. Whole, so that a sum does not
 * depend on its order and equal means equal: among equals chance decides, and it must find them.
 */

/** A shared language is worth as much as an interest that one in seven names. */
export const LANGUAGE_SCORE = 3_000;
/** What a person's waiting adds, for each step waited. */
const WAITING_STEP_SCORE = 500;
/** In steps and not by the millisecond, so that people who came together are equals. */
const WAITING_STEP_MS = 5_000;
/** Bounded: who has waited long is preferred, and never by more than a shared language. */
const WAITING_STEPS_MAX = 6;
export const WAITING_SCORE_MAX = WAITING_STEPS_MAX * WAITING_STEP_SCORE;

/**
 * What sharing an interest says, by how few of the waiting name it: the inverse document
 * frequency of K. Spärck Jones (1972), log2(1 + waiting / bearing), where both counts include
 * the two themselves. Everybody's interest is worth one bit, so sharing always counts.
 *
 * @param waiting How many wait, at least `bearing`.
 * @param bearing How many of them name the interest, at least one.
 */
export function rarityScore(waiting: number, bearing: number): number {
  return Math.round(1_000 * Math.log2(1 + waiting / bearing));
}

/** What one of the two adds by having waited, from zero to `WAITING_SCORE_MAX`. */
export function waitingScore(waitedMs: number): number {
  return WAITING_STEP_SCORE * Math.min(WAITING_STEPS_MAX, Math.floor(waitedMs / WAITING_STEP_MS));
}

export interface ScoredSide {
  readonly ticket: Ticket;
  readonly waitedMs: number;
}

/**
 * The score of a pair from its tickets. Symmetric. The pool computes the same from its index;
 * this is the definition, and what tests hold the pool to.
 *
 * @param rarityOf The rarity score of an interest among those who wait.
 */
export function scorePair(
  a: ScoredSide,
  b: ScoredSide,
  rarityOf: (interest: string) => number,
): number {
  let score = waitingScore(a.waitedMs) + waitingScore(b.waitedMs);
  for (const interest of sharedInterests(a.ticket, b.ticket)) score += rarityOf(interest);
  if (sharedLanguages(a.ticket, b.ticket).length > 0) score += LANGUAGE_SCORE;
  return score;
}

/** The interests that both name, in `a`'s order. */
export function sharedInterests(a: Ticket, b: Ticket): string[] {
  return a.interests.filter((interest) => b.interests.includes(interest));
}

/** The languages that both speak, as primary subtags, in `a`'s order, each once. */
export function sharedLanguages(a: Ticket, b: Ticket): string[] {
  const spoken = spokenLanguages(b);
  return spokenLanguages(a).filter((language) => spoken.includes(language));
}

/** What a person speaks, without scripts and regions, each language once. */
export function spokenLanguages(ticket: Ticket): string[] {
  return [...new Set(ticket.languages.map(primaryLanguage))];
}
