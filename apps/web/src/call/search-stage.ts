import type { WordKey, WordValues } from '../i18n/words.ts';
import type { SearchView, ShownPauseReason } from './call-view.ts';

const WIDENED_MS = 8_000;
/** Waiting time after which the page says that it is quiet, without and with interests. */
export const QUIET_MS = 8_000;
const QUIET_AFTER_WIDENED_MS = 20_000;
/**
 * The number of waiting users is shown only from this number on, because the server may count this
 * page too.
 */
const QUICKLY_COUNTED_FROM = 3;
export const LONG_WAIT_MS = 60_000;

/**
 * What the page says about a running search:
 * - `anyone`: no user with a shared interest came, and the user can choose "Anyone";
 * - `long`: another way to meet may be quicker;
 * - `another`: a call failed to connect, and the search continues;
 * - `quiet`: few users are here;
 * - `widened`: the search ignores interests.
 *
 * The stage depends on the time alone. It is the same if nobody waits and if nobody who waits may
 * meet the user, because the page must not reveal a block or a restriction.
 */
export type SearchStage = 'anyone' | 'long' | 'another' | 'quiet' | 'widened' | 'looking';

export function searchStageOf(search: SearchView): SearchStage {
  const { canAskAnyone, connectFailures, waitedMs, interests, onlyShared } = search;
  if (canAskAnyone) return 'anyone';
  if (waitedMs >= LONG_WAIT_MS) return 'long';
  if (connectFailures > 0) return 'another';
  const isWide = interests.length > 0 && !onlyShared;
  if (waitedMs >= (isWide ? QUIET_AFTER_WIDENED_MS : QUIET_MS)) return 'quiet';
  return isWide && waitedMs >= WIDENED_MS ? 'widened' : 'looking';
}

export function pauseAnnouncement(
  reason: ShownPauseReason,
  { quickly: count }: SearchView,
): { readonly key: WordKey; readonly values: WordValues } {
  const isCounted = reason === 'too-fast' && count >= QUICKLY_COUNTED_FROM;
  return { key: isCounted ? 'waiting.heldTimes' : `waiting.held.${reason}`, values: { count } };
}
