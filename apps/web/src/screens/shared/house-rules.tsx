import type { HouseTexts } from '@farandole/protocol/http-api';
import { Fragment } from 'preact';
import { pageLanguage, t } from '../../i18n/words.ts';
import { houseWords, linesSince } from '../../ui/house-words.ts';
import { useApp } from '../app-context.ts';

/**
 * Shows the operator's own house rules as plain text.
 * @param before the house rules to which the user agreed earlier, if they changed
 */
export function HouseRules({
  isChanged = false,
  before = null,
}: {
  isChanged?: boolean;
  before?: HouseTexts | null;
}) {
  const rules = useApp().link.server.value?.houseRules ?? null;
  if (rules === null) return null;
  const { text, language } = houseWords(rules, pageLanguage());
  const lines = linesSince(text, isChanged ? (before?.[language] ?? '') : '');
  return (
    <section class="house" aria-labelledby="house-title">
      <h2 id="house-title">
        {t('rules.house')}
        {isChanged && <span class="changed-mark small">{t('rules.houseChangedMark')}</span>}
      </h2>
      <p class="house-text" lang={language} dir="auto">
        {lines.map(({ line, isNew }, at) => (
          <Fragment key={at}>
            {at > 0 && '\n'}
            {isNew ? <NewLine line={line} /> : line}
          </Fragment>
        ))}
      </p>
    </section>
  );
}

function NewLine({ line }: { line: string }) {
  return (
    <>
      <mark>{line}</mark>
      <span class="changed-mark small" lang={pageLanguage()}>
        {t('rules.houseNew')}
      </span>
    </>
  );
}
