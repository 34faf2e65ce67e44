import type { CallView } from '../../call/call-view.ts';
import { languageNameInText, listOf, t } from '../../i18n/words.ts';

/** How long the page shows what the two users share. */
const SHOWN_FOR_MS = 6_000;

/**
 * Shows for a few seconds what the two users share. This is not a live region, because the narrator
 * says the same. Shows nothing if they share nothing.
 */
export function MatchReason({ call }: { call: CallView }) {
  if (call.elapsedMs >= SHOWN_FOR_MS) return null;
  const reason = reasonOf(call);
  return reason === null ? null : <p class="tag reason">{reason}</p>;
}

function reasonOf({ sharedInterests, sharedLanguages }: CallView): string | null {
  if (sharedInterests.length > 0) {
    return t('call.bothLike', { list: listOf(sharedInterests, 'conjunction') });
  }
  const count = sharedLanguages.length;
  if (count === 0) return null;
  const list = listOf(sharedLanguages.map(languageNameInText), 'conjunction');
  return t('call.bothSpeak', { count, list });
}
