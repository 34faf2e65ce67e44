import { HOUSE_RULES_UNITS_MAX } from '@farandole/moderation/limits';
import type { ConsoleRequest } from '@farandole/protocol/console-requests';
import { type HouseRules, type HouseTexts, houseTexts } from '@farandole/protocol/http-api';
import { LANGUAGES } from '@farandole/ui/locales';
import { useState } from 'preact/hooks';
import { consoleLanguage, t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { Loaded } from '../parts/states.tsx';
import { numberOf } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { send } from '../state/case-actions.ts';

interface Draft {
  readonly texts: HouseTexts;
  /** Version of the house rules that the member edited, so that the node can detect a conflict. */
  readonly before: number;
}

export function HouseRulesPart() {
  const { current, reload } = useLoaded<HouseRules>('house-rules');
  const mayEdit = useConsole().may('rules.edit');
  return (
    <section aria-labelledby="house-title">
      <h2 id="house-title">{t('rules.house')}</h2>
      <p class="soft lead">{t('rules.houseText')}</p>
      <Loaded of={current.value} again={reload}>
        {(rules) => (mayEdit ? <Edit rules={rules} reload={reload} /> : <Read rules={rules} />)}
      </Loaded>
    </section>
  );
}

function Read({ rules }: { rules: HouseRules }) {
  const there = Object.entries(houseTexts(rules)).filter(([, text]) => text !== '');
  if (there.length === 0) return <p>{t('rules.houseNone')}</p>;
  return (
    <div class="stack narrow">
      {there.map(([language, text]) => (
        <blockquote key={language} lang={language} dir="auto">
          {text}
        </blockquote>
      ))}
    </div>
  );
}

function Edit({ rules, reload }: { rules: HouseRules; reload: () => Promise<void> }) {
  const model = useConsole();
  /**
   * The edited house rules. Null until the member edits, and then the form shows other members'
   * changes.
   */
  const [draft, setDraft] = useState<Draft | null>(null);
  const [isSending, setIsSending] = useState(false);
  const shown = draft ?? { texts: houseTexts(rules), before: rules.version };
  const isOver = Object.values(shown.texts).some((text) => text.length > HOUSE_RULES_UNITS_MAX);
  const languageNames = new Intl.DisplayNames(consoleLanguage(), { type: 'language' });
  const isReady = draft !== null && !isOver && !isSending;
  const save = async (): Promise<void> => {
    if (!isReady) return;
    setIsSending(true);
    const request: ConsoleRequest<'houseRules'> = { ...draft.texts, before: draft.before };
    const put = await send<HouseRules>(model, 'house-rules', request);
    setIsSending(false);
    if (put === null) return;
    await reload();
    setDraft(null);
    model.say(t('rules.houseSaved'));
  };
  return (
    <form
      class="stack narrow"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {Object.keys(LANGUAGES).map((language) => {
        const text = shown.texts[language] ?? '';
        const left = HOUSE_RULES_UNITS_MAX - text.length;
        return (
          <div key={language} class="field">
            <label for={`house-${language}`}>
              {t('rules.houseIn', { language: languageNames.of(language) ?? language })}
            </label>
            <textarea
              id={`house-${language}`}
              class="input"
              rows={6}
              lang={language}
              dir="auto"
              value={text}
              aria-describedby={`house-${language}-hint`}
              aria-invalid={left < 0}
              onInput={({ currentTarget }) =>
                setDraft({
                  ...shown,
                  texts: { ...shown.texts, [language]: currentTarget.value },
                })
              }
            />
            <p id={`house-${language}-hint`} class={left < 0 ? 'hint bad' : 'hint'}>
              {t('rules.houseLeft', { left: numberOf(left) })}
            </p>
          </div>
        );
      })}
      <div class="actions">
        <button type="submit" class="btn primary" aria-disabled={!isReady}>
          {t('rules.houseSave')}
        </button>
        {draft === null ? null : (
          <button type="button" class="btn" onClick={() => setDraft(null)}>
            {t('rules.houseDiscard')}
          </button>
        )}
      </div>
    </form>
  );
}
