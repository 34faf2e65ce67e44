import type { Seat } from '@farandole/protocol/fields';
import { numberOf, t } from '../../i18n/words.ts';

/**
 * Returns the name of the other user who wrote a chat line of a call with a question. The asker sees
 * the two answerers by number, and an answerer sees the asker's line as the question. Null for the
 * other answerer, who is the stranger.
 */
export function authorName(seat: Seat, asks: boolean): string | null {
  if (!asks) return seat === 'a' ? t('question.pinned') : null;
  return t('question.person', { number: numberOf(seat === 'b' ? 1 : 2) });
}
