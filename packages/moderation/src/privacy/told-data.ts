import { isTold } from '../appeals/own-decisions.ts';
import { isHeld } from '../cases/hold.ts';
import type { DecisionId } from '../ids.ts';
import { LINKED_MS } from '../limits.ts';
import type { OwnData } from './own-data.ts';

/** What somebody gets of what is kept of them. By none of it they learn that somebody reported them. */
export interface ToldData extends Omit<OwnData, 'person'> {
  /** Until when software keeps them out, which their page is told as well; null while it does not. */
  readonly held: { readonly endsAtMs: number } | null;
}

/**
 * Leaves out what would tell somebody of a report, since they met few people lately, or one: how far they are
 * trusted and what that is counted from, what was dismissed or undone, and that a case is open, which keeps what they
 * had erased.
 */
export function tellOwnData({ person, ...kept }: OwnData, nowMs: number): ToldData {
  const appealOf = new Map(kept.appeals.map(({ appeal }) => [appeal.decision, appeal]));
  const hidden = new Set<DecisionId>();
  for (const one of kept.decisions)
    if (!isTold(one, appealOf.get(one.id) ?? null)) hidden.add(one.id);
  const isShown = ({ decision }: { readonly decision: DecisionId }) => !hidden.has(decision);
  const hold = person?.hold ?? null;
  const askedAtMs = person?.erasureAskedAtMs ?? Number.NEGATIVE_INFINITY;
  // As where no case is open, and those of before went when they asked, the last ones a time later.
  const staysFromMs = nowMs < askedAtMs + LINKED_MS ? askedAtMs - LINKED_MS : askedAtMs;
  return {
    ...kept,
    decisions: kept.decisions.filter(({ id }) => !hidden.has(id)),
    sanctions: kept.sanctions.filter(isShown),
    strikes: kept.strikes.filter(isShown),
    appeals: kept.appeals.filter(({ appeal }) => isShown(appeal)),
    networks: kept.networks.filter(({ atMs }) => atMs > staysFromMs),
    held: hold !== null && isHeld(hold, nowMs) ? { endsAtMs: hold.endsAtMs } : null,
  };
}
