import { t } from '../../i18n/words.ts';
import { outOfDate } from '../../offline/build-news.ts';
import { useApp } from '../app-context.ts';

/** Offers a newer page on the landing screen. The page never reloads without a press. */
export function UpdateBanner() {
  const app = useApp();
  if (!outOfDate.value || app.screen.value !== 'landing') return null;
  return (
    <aside class="banner info">
      <p role="status">{t('update.text')}</p>
      <button type="button" class="btn small" onClick={() => location.reload()}>
        {t('update.reload')}
      </button>
    </aside>
  );
}
