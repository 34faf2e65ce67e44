import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { statesUnder18 } from '../../chat/stated-age.ts';
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
  const lines = app.call.view.value === null ? [] : (app.chat.view.value?.lines ?? []);
  const isStated = useMemo(
    () => lines.some(({ from, text }) => from === 'peer' && statesUnder18(text)),
    [lines.length],
  );
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
