import type { CaseId } from '../ids.ts';
import { isPinned, severityOf, turnOf } from '../reports/triage.ts';
import type { Case, CaseState } from './case-machine.ts';

/**
 * Sort key of an undecided case in the store. It orders cases by pin, proven reporters, severity,
 * turn and age. A place doesn't depend on the current time or on trust, so the store can index
 * it and a page can continue after it. Within a range of places the queue orders by `queueKey`.
 */
export type QueuePlace = string;

const WAITING: readonly CaseState[] = ['queued', 'assigned', 'escalated', 'reopened'];

/** Inclusive bounds of the places of *listed* cases, which wait and aren't folded. */
export const LISTED = { from: '1', to: '2' } as const;
/** Bounds of the listed cases that are pinned or that proven users reported. */
export const FIRST_LISTED = { from: '10', to: '111' } as const;
/** Bounds of the other listed cases. */
export const UNPROVEN_LISTED = { from: '111', to: '12' } as const;
/** Bounds of the places of folded cases. They are after the places of all listed cases. */
export const FOLDED = { from: '2', to: '3' } as const;
/** Bounds of the folded cases that are pinned. */
export const FOLDED_PINNED = { from: '20', to: '21' } as const;

const TURN_DIGITS = 6;
const TIME_DIGITS = 15;
const HEAD_DIGITS = 4;

/** Returns whether the queue shows the case only in its fold, the row of one network (MO-143). */
export function isFolded({
  state,
  fold,
  lane,
  imminent,
  crowded,
}: Pick<Case, 'state' | 'fold' | 'lane' | 'imminent' | 'crowded'>): boolean {
  const isPressing = imminent || crowded === true || lane !== 'normal';
  return state === 'queued' && fold !== undefined && !isPressing;
}

/** Returns the place of a case. Null if the case doesn't wait for a member. */
export function placeOf(of: Case): QueuePlace | null {
  if (!WAITING.includes(of.state)) return null;
  const folded = isFolded(of);
  const turn = folded ? (of.turn ?? 1) : turnOf(of);
  const isUnproven = folded || turn > 0;
  const head = `${folded ? 2 : 1}${isPinned(of) ? 0 : 1}${isUnproven ? 1 : 0}${9 - severityOf(of)}`;
  return `${head}${digits(turn, TURN_DIGITS)}${digits(of.openedAtMs, TIME_DIGITS)}-${of.id}`;
}

/** Returns the id of the case that has this place. */
export function caseAt(place: QueuePlace): CaseId {
  return place.slice(HEAD_DIGITS + TURN_DIGITS + TIME_DIGITS + 1) as CaseId;
}

export function isListed(of: Case): boolean {
  return WAITING.includes(of.state) && !isFolded(of);
}

function digits(value: number, length: number): string {
  const largest = 10 ** length - 1;
  return String(Math.min(Math.max(0, Math.floor(value)), largest)).padStart(length, '0');
}
