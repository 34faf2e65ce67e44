import { LANGUAGES } from '@farandole/ui/locales';
import { useSignal } from '@preact/signals';
import { pageLanguage, switchPageLanguage, t } from '../i18n/words.ts';
import { Icon } from './icons.tsx';

/**
 * Lets the user choose the page's language. Each language has its own name, so that its speakers
 * can read it.
 */
export function LanguageSwitch() {
  const failed = useSignal(false);
  const choose = (tag: string): void => {
    failed.value = false;
    switchPageLanguage(tag).catch(() => {
      failed.value = true;
    });
  };
  return (
    <label class="pick quiet">
      <Icon name="globe" size={20} />
      <span class="sr">{t('site.language')}</span>
      <select value={pageLanguage()} onChange={(event) => choose(event.currentTarget.value)}>
        {Object.entries(LANGUAGES).map(([tag, { name }]) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
      {failed.value && (
        <span class="small" role="img" aria-label={t('loading.failed')} title={t('loading.failed')}>
          <Icon name="alert" size={20} />
        </span>
      )}
    </label>
  );
}
