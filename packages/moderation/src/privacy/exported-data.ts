import { isTold } from '../appeals/own-decisions.ts';
import { isSuspended } from '../cases/suspension.ts';
import type { DecisionId } from '../ids.ts';
import { LINKED_MS } from '../limits.ts';
import type { OwnData } from './own-data.ts';

/** The stored data as given to its user. Nothing in it reveals that they were reported. */
export interface ExportedData extends Omit<OwnData, 'person'> {
  /** End of an automatic hold, which the page shows too; null without one. */
  readonly held: { readonly endsAtMs: number } | null;
}

/**
 * Removes everything that would reveal a report, since the user met few others: trust and its
 * inputs, dismissed or undone decisions, and an open case, which delays an erasure.
 */
export function tellOwnData({ person, ...kept }: OwnData, nowMs: number): ExportedData {
  const appealOf = new Map(kept.appeals.map(({ appeal }) => [appeal.decision, appeal]));
  const hidden = new Set<DecisionId>();
  for (const one of kept.decisions)
    if (!isTold(one, appealOf.get(one.id) ?? null)) hidden.add(one.id);
  const isShown = ({ decision }: { readonly decision: DecisionId }) => !hidden.has(decision);
  const hold = person?.hold ?? null;
  const askedAtMs = person?.erasureAskedAtMs ?? Number.NEGATIVE_INFINITY;
  // As without an open case: earlier networks went on request, the latest ones later.
  const staysFromMs = nowMs < askedAtMs + LINKED_MS ? askedAtMs - LINKED_MS : askedAtMs;
  return {
    ...kept,
    decisions: kept.decisions.filter(({ id }) => !hidden.has(id)),
    sanctions: kept.sanctions.filter(isShown),
    strikes: kept.strikes.filter(isShown),
    appeals: kept.appeals.filter(({ appeal }) => isShown(appeal)),
    networks: kept.networks.filter(({ atMs }) => atMs > staysFromMs),
    held: hold !== null && isSuspended(hold, nowMs) ? { endsAtMs: hold.endsAtMs } : null,
  };
}
