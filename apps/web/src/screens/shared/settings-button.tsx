import { t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';

export function SettingsButton() {
  const app = useApp();
  return (
    <button
      type="button"
      class="btn ic plain"
      aria-label={t('site.settings')}
      title={t('site.settings')}
      onClick={() => app.settings.open()}
    >
      <Icon name="settings" />
    </button>
  );
}
