import { deviceChangeAnnouncement } from '../../a11y/devices-announced.ts';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';

/**
 * Shows a device change. This notice is not a live region, because the narrator says the same
 * words.
 */
export function DeviceChangeBanner() {
  const { devices } = useApp();
  const news = devices.news.value;
  if (news === null) return null;
  const { key, values } = deviceChangeAnnouncement(news);
  return (
    <aside class="banner info" aria-label={t('deviceNews.label')}>
      <Icon name={news.news === 'replaced' ? 'unplugged' : 'plus'} size={20} />
      <p>{t(key, values)}</p>
      <div class="banner-acts">
        {news.news === 'offered' && (
          <button
            type="button"
            class="btn small"
            onClick={() => devices.loaded?.choice.takeOffer()}
          >
            {t('deviceNews.use')}
          </button>
        )}
        <button
          type="button"
          class="btn small plain"
          onClick={() => devices.loaded?.choice.dismissChange()}
        >
          {t(news.news === 'offered' ? 'deviceNews.notNow' : 'deviceNews.understood')}
        </button>
      </div>
    </aside>
  );
}
