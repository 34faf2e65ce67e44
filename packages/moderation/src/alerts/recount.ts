import type { CaseId } from '../ids.ts';
import { type CaseClass, type PendingAlerts, worstOf } from './alert.ts';

/** What became of a case while its alert was held. */
export type HeldCase =
  | { readonly is: 'waiting'; readonly class: CaseClass }
  /** A member has the case, or a proposal about it waits. It waits again if neither ends it. */
  | { readonly is: 'attended' }
  | { readonly is: 'closed' };

export interface Recounted {
  /** The alert's new content. Null if no case waits. */
  readonly now: PendingAlerts | null;
  /** Attended cases, for a later alert: the argument itself if all are. Null if none is. */
  readonly later: PendingAlerts | null;
}

/**
 * Counts the cases of a held alert again. A case without an entry counts as waiting, and so do
 * cases above `PENDING_CASES_MAX`, which the alert counts without their ids.
 */
export function recount(pending: PendingAlerts, held: ReadonlyMap<CaseId, HeldCase>): Recounted {
  const stateOf = (id: CaseId): HeldCase['is'] => held.get(id)?.is ?? 'waiting';
  const waiting = pending.cases.filter((id) => stateOf(id) === 'waiting');
  const attended = pending.cases.filter((id) => stateOf(id) === 'attended');
  const unnamed = pending.count - pending.cases.length;
  const count = waiting.length + unnamed;
  return {
    now: count === 0 ? null : { count, cases: waiting, class: classOf(waiting) },
    later: laterOf(),
  };

  function laterOf(): PendingAlerts | null {
    if (attended.length === 0) return null;
    // The same object tells the caller that nothing changed, so that it writes nothing.
    if (attended.length === pending.count) return pending;
    return { ...pending, count: attended.length, cases: attended };
  }

  function classOf(ids: readonly CaseId[]): CaseClass | null {
    let worst: CaseClass | null = null;
    for (const id of ids) {
      const one = held.get(id);
      if (one?.is !== 'waiting') return pending.class;
      worst = worstOf(worst, one.class);
    }
    return unnamed === 0 ? worst : pending.class;
  }
}
