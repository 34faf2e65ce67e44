import type { Seat } from '@farandole/protocol/fields';
import { numberOf, t } from '../../i18n/words.ts';

/** Tells the two answerers of a question apart, for the user who asked. */
export function LineAuthor({ seat }: { seat: Seat }) {
  const number = numberOf(seat === 'b' ? 1 : 2);
  return (
    <span class="author">
      {t('question.person', { number })}
      <span class="sr">: </span>
    </span>
  );
}
