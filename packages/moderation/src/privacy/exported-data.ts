import { isTold } from '../appeals/own-decisions.ts';
import { isSuspended } from '../cases/suspension.ts';
import type { DecisionId } from '../ids.ts';
import { LINKED_MS } from '../limits.ts';
import { toldClosure } from '../trust/exchange-closure.ts';
import { toldNotice } from '../trust/notice.ts';
import type { OwnData } from './own-data.ts';

/** A user's data as the user may download it. It contains nothing that would reveal a report. */
export interface ExportedData extends Omit<OwnData, 'person'> {
  /** End of the user's automatic suspension, which the page also shows. Null if there is none. */
  readonly held: { readonly endsAtMs: number } | null;
  /** End of a restriction by software of which the user was notified. Null if there is none. */
  readonly limited: { readonly endsAtMs: number } | null;
  /** End of a closure of language exchange. Absent if there is none. */
  readonly exchangeClosed?: { readonly endsAtMs: number };
}

/**
 * Removes everything from a user's data that would reveal a report, because the user met only a
 * few people and could guess the reporter. This removes trust and its inputs, dismissed or
 * undone decisions, and the fact that an open case delays an erasure.
 */
export function tellOwnData({ person, ...kept }: OwnData, nowMs: number): ExportedData {
  const appealOf = new Map(kept.appeals.map(({ appeal }) => [appeal.decision, appeal]));
  const hidden = new Set<DecisionId>();
  for (const one of kept.decisions)
    if (!isTold(one, appealOf.get(one.id) ?? null)) hidden.add(one.id);
  const isShown = ({ decision }: { readonly decision: DecisionId }) => !hidden.has(decision);
  const hold = person?.hold ?? null;
  const notice = person === null ? null : toldNotice(person.notice, person.trust, nowMs);
  const closure = person === null ? null : toldClosure(person.exchangeClosure, nowMs);
  const askedAtMs = person?.erasureAskedAtMs ?? Number.NEGATIVE_INFINITY;
  // Shows the same dates as for a user without an open case: an erasure removes earlier networks
  // at once and the latest ones after `LINKED_MS`.
  const staysFromMs = nowMs < askedAtMs + LINKED_MS ? askedAtMs - LINKED_MS : askedAtMs;
  return {
    ...kept,
    decisions: kept.decisions.filter(({ id }) => !hidden.has(id)),
    sanctions: kept.sanctions.filter(isShown),
    strikes: kept.strikes.filter(isShown),
    appeals: kept.appeals.filter(({ appeal }) => isShown(appeal)),
    networks: kept.networks.filter(({ atMs }) => atMs > staysFromMs),
    held: hold !== null && isSuspended(hold, nowMs) ? { endsAtMs: hold.endsAtMs } : null,
    limited: notice === null ? null : { endsAtMs: notice.endsAtMs },
    ...(closure !== null && { exchangeClosed: { endsAtMs: closure.endsAtMs } }),
  };
}
