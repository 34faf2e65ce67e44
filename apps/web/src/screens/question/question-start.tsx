import { t } from '../../i18n/words.ts';
import { useApp } from '../app-context.ts';

/** The start button of the question mode. */
export function QuestionStart() {
  const app = useApp();
  return (
    <button
      type="button"
      class="btn big text-only"
      onClick={() => app.navigation.start('question')}
    >
      {t('question.start')}
    </button>
  );
}
