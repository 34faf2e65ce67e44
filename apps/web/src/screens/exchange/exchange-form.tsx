import '../../styles/chips.css';
import '../../styles/exchange.css';
import type { Level } from '@farandole/protocol/fields';
import { useId } from 'preact/hooks';
import { languageName, pageLanguage, t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { offeredLanguages } from '../../ui/spoken-languages.ts';
import { type Choice, type ChoiceFault, LEARNS_MAX, LEVELS, SPEAKS_MAX } from './choice.ts';

/** The fields for "I speak" and "I'm learning". `fault` is shown below the field that it is about. */
export function ExchangeForm({
  choice,
  fault,
  change,
}: {
  choice: Choice;
  fault: ChoiceFault | null;
  change: (choice: Choice) => void;
}) {
  const { speaks, learns, helps } = choice;
  const id = useId();
  const taken = [...speaks, ...learns.map(({ language }) => language)];
  return (
    <div class="exchange-form">
      <div class="field" role="group" aria-labelledby={`${id}-speaks`}>
        <span id={`${id}-speaks`} class="label">
          {t('exchange.speaks')}
        </span>
        <span class="hint">{t('exchange.speaksHint')}</span>
        <ul class="chips">
          {speaks.map((tag) => (
            <li key={tag} class="chip">
              <span>{languageName(tag)}</span>
              <button
                type="button"
                aria-label={t('languages.remove', { item: languageName(tag) })}
                onClick={() =>
                  change({ ...choice, speaks: speaks.filter((other) => other !== tag) })
                }
              >
                <Icon name="cross" size={16} />
              </button>
            </li>
          ))}
          {speaks.length < SPEAKS_MAX && (
            <li>
              <label class="pick chip-add">
                <Icon name="plus" size={16} />
                <span aria-hidden="true">{t('exchange.another')}</span>
                <LanguageSelect
                  label={t('exchange.another')}
                  value=""
                  taken={taken}
                  choose={(tag) => change({ ...choice, speaks: [...speaks, tag] })}
                />
              </label>
            </li>
          )}
        </ul>
        <Fault shown={fault === 'speaks'} words="exchange.fault.speaks" />
      </div>
      <div class="field" role="group" aria-labelledby={`${id}-learns`}>
        <span id={`${id}-learns`} class="label">
          {t('exchange.learns')}
        </span>
        {learns.map(({ language, level }, at) => {
          const put = (next: Choice['learns'][number]): void =>
            change({ ...choice, learns: learns.toSpliced(at, 1, next) });
          return (
            <div key={at} class="learnt">
              <LanguageSelect
                label={t('exchange.language')}
                value={language}
                taken={taken.filter((tag) => tag !== language)}
                choose={(tag) => put({ language: tag, level })}
              />
              <select
                aria-label={t('exchange.level')}
                value={level ?? ''}
                onChange={({ currentTarget }) =>
                  put({ language, level: currentTarget.value as Level })
                }
              >
                <option value="" disabled hidden>
                  {t('exchange.level')}
                </option>
                {LEVELS.map((each) => (
                  <option key={each} value={each}>
                    {t(`exchange.levels.${each}`)}
                  </option>
                ))}
              </select>
              {learns.length > 1 && (
                <button
                  type="button"
                  class="btn plain ic"
                  aria-label={t('languages.remove', { item: nameOf(language) })}
                  onClick={() => change({ ...choice, learns: learns.toSpliced(at, 1) })}
                >
                  <Icon name="cross" size={20} />
                </button>
              )}
            </div>
          );
        })}
        {learns.length < LEARNS_MAX && (
          <button
            type="button"
            class="btn small"
            onClick={() =>
              change({ ...choice, learns: [...learns, { language: '', level: null }] })
            }
          >
            <Icon name="plus" size={16} />
            {t('exchange.another')}
          </button>
        )}
        <Fault shown={fault === 'learns'} words="exchange.fault.learns" />
        <Fault shown={fault === 'same'} words="exchange.fault.same" />
      </div>
      <div class="helps">
        <label class="tick">
          <input
            type="checkbox"
            checked={helps}
            aria-describedby={`${id}-helps`}
            onChange={({ currentTarget }) => change({ ...choice, helps: currentTarget.checked })}
          />
          <span>{t('exchange.helps')}</span>
        </label>
        <p id={`${id}-helps`} class="hint">
          {t('exchange.helpsHint')}
        </p>
      </div>
    </div>
  );
}

function nameOf(language: string): string {
  return language === '' ? t('exchange.language') : languageName(language);
}

function Fault({ shown, words }: { shown: boolean; words: `exchange.fault.${ChoiceFault}` }) {
  return (
    <p class="hint bad" role="alert">
      {shown && t(words)}
    </p>
  );
}

/** @param taken the languages that are chosen elsewhere and so not offered */
function LanguageSelect({
  label,
  value,
  taken,
  choose,
}: {
  label: string;
  value: string;
  taken: readonly string[];
  choose: (tag: string) => void;
}) {
  const byName = new Intl.Collator(pageLanguage());
  const offered = offeredLanguages(navigator.languages, taken)
    .map((tag) => ({ tag, name: languageName(tag) }))
    .toSorted((one, other) => byName.compare(one.name, other.name));
  return (
    <select
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => {
        const tag = currentTarget.value;
        currentTarget.value = value;
        if (tag !== '') choose(tag);
      }}
    >
      <option value="" disabled hidden>
        {label}
      </option>
      {offered.map(({ tag, name }) => (
        <option key={tag} value={tag}>
          {name}
        </option>
      ))}
    </select>
  );
}
