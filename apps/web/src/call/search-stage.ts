import type { WordKey, WordValues } from '../i18n/words.ts';
import type { ExchangeRefusal } from './call-state.ts';
import type { SearchView, ShownPauseReason } from './call-view.ts';

/**
 * After this time the page says that it is quiet and offers text. It doesn't depend on who else is in
 * the queue, because that would reveal a block or a restriction.
 */
export const QUIET_AFTER_MS = 8_000;
/**
 * The number of quick presses of Next is shown only from this number on.
 */
const QUICKLY_COUNTED_FROM = 3;
export const LONG_WAIT_MS = 60_000;
/** After this time the server also pairs users of an exchange of whom one only helps (MM-132). */
export const HELPS_AFTER_MS = 20_000;

/**
 * What the page says about a running search:
 * - `anyone`: no user with a shared interest came, and the user can choose "Anyone";
 * - `long`: another way to meet may be quicker;
 * - `another`: a call failed to connect, and the search continues;
 * - `hour`: the search begins when the hour does;
 * - `quiet`: the search has lasted for `QUIET_AFTER_MS`.
 *
 * The stage doesn't depend on the other users in the queue, because the page must not reveal a
 * block or a restriction.
 */
export type SearchStage = 'anyone' | 'long' | 'another' | 'quiet' | 'hour' | 'looking';

export function searchStageOf(search: SearchView): SearchStage {
  const { canAskAnyone, connectFailures, waitedMs } = search;
  // The waiting screens of private meetings, exchanges and hours have their own words.
  if (search.meeting !== null) return 'looking';
  if (search.opensInMs !== null) return search.opensInMs > 0 ? 'hour' : 'looking';
  if (search.exchange !== null) return 'looking';
  if (canAskAnyone) return 'anyone';
  if (waitedMs >= LONG_WAIT_MS) return 'long';
  if (waitedMs >= QUIET_AFTER_MS) return 'quiet';
  return connectFailures > 0 ? 'another' : 'looking';
}

export function pauseAnnouncement(
  reason: ShownPauseReason,
  { quickly: count, meeting }: SearchView,
): { readonly key: WordKey; readonly values: WordValues } {
  if (reason === 'meeting-over') {
    return { key: `meeting.over.${meeting?.by ?? 'invitation'}`, values: {} };
  }
  if (isOfExchange(reason)) return { key: `exchange.refused.${reason}`, values: {} };
  const isCounted = reason === 'too-fast' && count >= QUICKLY_COUNTED_FROM;
  return { key: isCounted ? 'waiting.heldTimes' : `waiting.held.${reason}`, values: { count } };
}

export function isOfExchange(reason: ShownPauseReason): reason is ExchangeRefusal {
  return reason.includes('exchange');
}
