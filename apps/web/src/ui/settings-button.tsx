import { t } from '../i18n/words.ts';
import { useApp } from '../parts/app-context.ts';
import { Icon } from './icons.tsx';

/** The door to the settings. */
export function SettingsButton() {
  const app = useApp();
  return (
    <button
      type="button"
      class="btn ic plain"
      aria-label={t('site.settings')}
      title={t('site.settings')}
      onClick={() => app.openSettings()}
    >
      <Icon name="settings" />
    </button>
  );
}
