import '../../styles/meeting.css';
import { t } from '../../i18n/words.ts';
import { useApp } from '../app-context.ts';
import { systemOf } from './system-of.ts';

/**
 * Says after a good call that the page can be installed. One press dismisses the hint for good. On
 * iOS an installed page has a storage of its own, so the user is a new person there.
 */
export function InstallHint() {
  const installer = systemOf(useApp()).value?.installer;
  const offer = installer?.offer.value ?? 'none';
  if (installer === undefined || offer === 'none') return null;
  return (
    <section class="install-hint" aria-label={t('install.title')}>
      <p class="small">
        <strong>{t('install.title')}</strong>{' '}
        {offer === 'by-hand' ? `${t('install.new')} ${t('install.byHand')}` : t('install.how')}
      </p>
      <div class="go">
        {offer === 'prompt' && (
          <button
            type="button"
            class="btn small on-dark"
            // The browser tells the outcome by its own dialog.
            onClick={() => void installer.install().catch(() => {})}
          >
            {t('install.install')}
          </button>
        )}
        <button type="button" class="btn small on-dark" onClick={() => installer.dismiss()}>
          {t('install.dismiss')}
        </button>
      </div>
    </section>
  );
}
