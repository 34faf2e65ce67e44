import type { WordKey, WordValues } from '../i18n/words.ts';
import type { HeldReason, SearchView } from './call-view.ts';

/** From then on everybody counts, whatever they like. */
const WIDENED_MS = 8_000;
/** The node counts those who wait once, at the start: others may have come since. */
const ALONE_HOLDS_MS = 30_000;
/** Fewer times are not many; the server may count more than this page knows of. */
const QUICKLY_COUNTED_FROM = 3;
/** A search that takes so long is no longer a moment. */
export const LONG_WAIT_MS = 60_000;

/**
 * How far a search has come that does not stand still: what there is to say of it, and to do.
 *
 * - `anyone`: "Anyone" may be asked for, and nobody who shares an interest has come;
 * - `long`: there are ways that may be quicker; `another`: a call could not be connected;
 * - `alone`: nobody else waited when it began; `was-alone`: that may have changed since;
 * - `widened`: it looks beyond one's interests.
 */
export type SearchStage =
  | 'anyone'
  | 'long'
  | 'another'
  | 'alone'
  | 'was-alone'
  | 'widened'
  | 'looking';

/** The panel draws it, and the narrator says it. */
export function searchStageOf(search: SearchView): SearchStage {
  const { canAskAnyone, connectFailures, waiting, waitedMs, interests, onlyShared } = search;
  if (canAskAnyone) return 'anyone';
  // What others waited says little any more.
  if (waitedMs >= LONG_WAIT_MS) return 'long';
  if (connectFailures > 0) return 'another';
  if (waiting === 1) return waitedMs < ALONE_HOLDS_MS ? 'alone' : 'was-alone';
  return interests.length > 0 && !onlyShared && waitedMs >= WIDENED_MS ? 'widened' : 'looking';
}

/** Why a search stands still, in words. */
export function heldTold(
  reason: HeldReason,
  { quickly: count }: SearchView,
): { readonly key: WordKey; readonly values: WordValues } {
  const isCounted = reason === 'too-fast' && count >= QUICKLY_COUNTED_FROM;
  return { key: isCounted ? 'waiting.heldTimes' : `waiting.held.${reason}`, values: { count } };
}
