import type { WordKey, WordValues } from '../i18n/words.ts';
import type { SearchView, ShownPauseReason } from './call-view.ts';

const WIDENED_MS = 8_000;
/** The node counts the queue once, at the start; others may have come since. */
const ALONE_FOR_MS = 30_000;
/** Lower counts aren't shown; the server may count more than this page. */
const QUICKLY_COUNTED_FROM = 3;
export const LONG_WAIT_MS = 60_000;

/**
 * What a running search can show:
 * - `anyone`: no user with a shared interest came; "Anyone" is available;
 * - `long`: other ways may be quicker; `another`: a call failed to connect;
 * - `alone`: the queue was empty at the start; `was-alone`: that may have changed;
 * - `widened`: it ignores interests.
 */
export type SearchStage =
  | 'anyone'
  | 'long'
  | 'another'
  | 'alone'
  | 'was-alone'
  | 'widened'
  | 'looking';

export function searchStageOf(search: SearchView): SearchStage {
  const { canAskAnyone, connectFailures, waiting, waitedMs, interests, onlyShared } = search;
  if (canAskAnyone) return 'anyone';
  if (waitedMs >= LONG_WAIT_MS) return 'long';
  if (connectFailures > 0) return 'another';
  if (waiting === 1) return waitedMs < ALONE_FOR_MS ? 'alone' : 'was-alone';
  return interests.length > 0 && !onlyShared && waitedMs >= WIDENED_MS ? 'widened' : 'looking';
}

export function pauseAnnouncement(
  reason: ShownPauseReason,
  { quickly: count }: SearchView,
): { readonly key: WordKey; readonly values: WordValues } {
  const isCounted = reason === 'too-fast' && count >= QUICKLY_COUNTED_FROM;
  return { key: isCounted ? 'waiting.heldTimes' : `waiting.held.${reason}`, values: { count } };
}
