import { t } from '../../i18n/words.ts';
import { Heading } from '../../ui/heading.tsx';
import { Icon } from '../../ui/icons.tsx';

/** Says that a question needs three people, so the wait may be longer. */
export function Waiting() {
  return <p>{t('question.waiting')}</p>;
}

/** In place of the message box of the user who asked. */
export function ReadingAlong() {
  return (
    <p class="closed soft reading-along">
      <Icon name="show" size={20} />
      {t('question.reading')}
    </p>
  );
}

export function EndedTitle() {
  return <Heading>{t('question.ended')}</Heading>;
}

/** Label of the button Next for the user who asked, who asks the same question again. */
export function AskAgain() {
  return <>{t('question.again')}</>;
}
