import { pageLanguage, t } from '../i18n/words.ts';
import { useApp } from './app-context.ts';
import { houseWords } from './house-words.ts';

/** The rules of this house alone, as whoever runs it wrote them: text, whatever it looks like. */
export function HouseRules({ isChanged = false }: { isChanged?: boolean }) {
  const rules = useApp().server.value?.houseRules ?? null;
  if (rules === null) return null;
  const { text, language } = houseWords(rules, pageLanguage());
  return (
    <section class="house" aria-labelledby="house-title">
      <h2 id="house-title">
        {t('rules.house')}
        {isChanged && <span class="changed-mark small">{t('rules.houseChangedMark')}</span>}
      </h2>
      <p class="house-text" lang={language} dir="auto">
        {text}
      </p>
    </section>
  );
}
