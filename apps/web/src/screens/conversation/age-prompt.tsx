import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';

/**
 * A prompt that appears after a message in which the peer states an age under 18, once per call.
 * One press reports the peer and ends the call; the peer isn't notified. The prompt is not a
 * live region, because the narrator says the same words.
 */
export function AgePrompt() {
  const app = useApp();
  const isStated = app.call.view.value !== null && app.statedAge.isStated.value;
  const isPutAway = useSignal(false);
  useEffect(() => {
    if (!isStated) isPutAway.value = false;
  }, [isStated]);
  if (!isStated || isPutAway.value) return null;
  return (
    <aside class="banner info" aria-label={t('agePrompt.label')}>
      <Icon name="info" size={20} />
      <p>{t('agePrompt.text')}</p>
      <div class="banner-acts">
        <button
          type="button"
          class="btn small"
          onClick={() => {
            app.report.open();
            app.report.send('may-be-under-18');
          }}
        >
          {t('agePrompt.report')}
        </button>
        <button
          type="button"
          class="btn small plain"
          onClick={() => {
            isPutAway.value = true;
          }}
        >
          {t('agePrompt.notNow')}
        </button>
      </div>
    </aside>
  );
}
