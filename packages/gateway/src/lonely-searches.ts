import type { SubjectId } from '@farandole/kernel/id';
import type { Mode } from '@farandole/protocol/fields';
import type { GatewayContext } from './context.ts';
import { LONELY_AFTER_MS, LONELY_ONLINE_MAX } from './limits.ts';
import type { Search } from './search.ts';

export interface LonelySearches {
  /** Modes in which a user has searched for `LONELY_AFTER_MS` without a match. */
  readonly modes: readonly Mode[];
  /** Users with a session on this node, those who search first, at most `LONELY_ONLINE_MAX`. */
  readonly online: readonly SubjectId[];
}

/**
 * Searches of private meetings, communities, exchanges and restricted users aren't counted, because
 * the users who come wouldn't be matched with them.
 */
export function lonelySearchesOf(context: GatewayContext): LonelySearches {
  const modes = new Set<Mode>();
  const online = new Set<SubjectId>();
  for (const search of context.searches.values()) {
    if (isLonely(search, context.now.monotonicMs)) modes.add(search.mode);
    if (online.size < LONELY_ONLINE_MAX) online.add(search.session.subject);
  }
  if (modes.size > 0) {
    for (const { subject } of context.sessions.values()) {
      if (online.size >= LONELY_ONLINE_MAX) break;
      online.add(subject);
    }
  }
  return { modes: [...modes], online: [...online] };
}

function isLonely({ place, ticket, startedAtMs }: Search, nowMs: number): boolean {
  if (place.state !== 'in-pool') return false;
  const { meeting, community, exchange } = ticket;
  if (meeting !== undefined || community !== undefined || exchange !== undefined) return false;
  // A question needs two who answer, so one more user may not help.
  if (ticket.role !== undefined) return false;
  if (ticket.circle === 'restricted' || ticket.sanctioned) return false;
  return nowMs - startedAtMs >= LONELY_AFTER_MS;
}
