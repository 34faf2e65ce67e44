import { deviceNewsTold } from '../a11y/device-news-told.ts';
import { t } from '../i18n/words.ts';
import { useApp } from '../parts/app-context.ts';
import { Icon } from './icons.tsx';

/**
 * A device that came or went, in one line. It is not a live region: the narrator says the same
 * words once.
 */
export function DeviceNewsBanner() {
  const { deviceChoice } = useApp();
  const news = deviceChoice.news.value;
  if (news === null) return null;
  const { key, values } = deviceNewsTold(news);
  return (
    <aside class="banner info" aria-label={t('deviceNews.label')}>
      <Icon name={news.news === 'replaced' ? 'unplugged' : 'plus'} size={20} />
      <p>{t(key, values)}</p>
      <div class="banner-acts">
        {news.news === 'offered' && (
          <button type="button" class="btn small" onClick={() => deviceChoice.takeOffer()}>
            {t('deviceNews.use')}
          </button>
        )}
        <button type="button" class="btn small plain" onClick={() => deviceChoice.dismissNews()}>
          {t(news.news === 'offered' ? 'deviceNews.notNow' : 'deviceNews.understood')}
        </button>
      </div>
    </aside>
  );
}
