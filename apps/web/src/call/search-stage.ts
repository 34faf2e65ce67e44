import type { WordKey, WordValues } from '../i18n/words.ts';
import type { SearchView, ShownPauseReason } from './call-view.ts';

const WIDENED_MS = 8_000;
/**
 * How long the page says that the queue is empty. The node counts the queue only when the search
 * starts, so other users may have come since.
 */
const ALONE_FOR_MS = 30_000;
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
 * - `alone`: the queue was empty when the search started;
 * - `was-alone`: the queue was empty when the search started, but users may have come since;
 * - `widened`: the search ignores interests.
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
