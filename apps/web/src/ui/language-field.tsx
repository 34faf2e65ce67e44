import '../styles/chips.css';
import { LANGUAGES_MAX } from '@farandole/protocol/limits';
import { useId, useRef } from 'preact/hooks';
import { languageName, pageLanguage, t } from '../i18n/words.ts';
import { Icon } from './icons.tsx';
import { offeredLanguages, primaryOf } from './spoken-languages.ts';

export function LanguageField({
  tags,
  refused,
  onChange,
}: {
  tags: readonly string[];
  refused: boolean;
  onChange: (tags: readonly string[]) => void;
}) {
  const id = useId();
  const select = useRef<HTMLSelectElement>(null);
  const byName = new Intl.Collator(pageLanguage());
  const offered = offeredLanguages(navigator.languages, tags)
    .map((tag) => ({ tag, name: languageName(tag) }))
    .sort((one, other) => byName.compare(one.name, other.name));
  const full = tags.length >= LANGUAGES_MAX;
  return (
    <div class="field">
      <span id={`${id}-label`} class="label">
        {t('languages.label')}
      </span>
      <ul class="chips" aria-labelledby={`${id}-label`}>
        {tags.map((tag) => {
          const item = languageName(primaryOf(tag) ?? tag);
          return (
            <li key={tag} class="chip">
              <span>{item}</span>
              <button
                type="button"
                aria-label={t('languages.remove', { item })}
                onClick={() => {
                  onChange(tags.filter((other) => other !== tag));
                  select.current?.focus();
                }}
              >
                <Icon name="cross" size={16} />
              </button>
            </li>
          );
        })}
        {!full && (
          <li>
            <label class="pick chip-add">
              <Icon name="plus" size={16} />
              <span aria-hidden="true">{t('languages.add')}</span>
              <select
                ref={select}
                aria-label={t('languages.add')}
                value=""
                onChange={(event) => {
                  const tag = event.currentTarget.value;
                  if (tag !== '') onChange([...tags, tag]);
                  event.currentTarget.value = '';
                }}
              >
                <option value="" disabled hidden>
                  {t('languages.add')}
                </option>
                {offered.map(({ tag, name }) => (
                  <option key={tag} value={tag}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          </li>
        )}
      </ul>
      {refused && <p class="hint bad">{t('languages.refused')}</p>}
    </div>
  );
}
