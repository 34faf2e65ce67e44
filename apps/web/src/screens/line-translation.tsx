import type { LineView } from '../chat/chat-view.ts';
import { browserLanguageTools } from '../chat/language-tools.ts';
import { Translations } from '../chat/translations.ts';
import { pageLanguage, t } from '../i18n/words.ts';
import type { AppModel } from '../state/app-model.ts';
import { useApp } from './app-context.ts';
import type { WithRow } from './device-effects.tsx';

const opened = new WeakMap<AppModel, Translations | null>();

/** Returns the translations of the page's chat, or null if the browser can't translate. */
function translationsOf(app: AppModel): Translations | null {
  const before = opened.get(app);
  if (before !== undefined) return before;
  const tools = browserLanguageTools();
  const { preferences } = app.settings;
  const made =
    tools === null
      ? null
      : new Translations({
          tools,
          chat: app.chat.view,
          automatic: () => preferences.value.translates,
          target: pageLanguage,
          known: () => [pageLanguage(), ...preferences.value.languages],
          shareLanguage: () => (app.call.view.value?.sharedLanguages.length ?? 0) > 0,
        });
  opened.set(app, made);
  return made;
}

/** The translation below a line of the peer. The line itself always stays. */
export function LineTranslation({ line }: { line: LineView }) {
  const translations = translationsOf(useApp());
  const translation = translations?.all.value.get(line.key);
  if (translations === null || translation === undefined) return null;
  const button = (
    <button type="button" class="btn plain small" onClick={() => void translations.translate(line)}>
      {t('effects.translate')}
    </button>
  );
  switch (translation.state) {
    case 'offered':
      return <span class="line-note">{button}</span>;
    case 'working':
      return <span class="line-note">{t('effects.translation.working')}</span>;
    case 'same':
      return <span class="line-note">{t('effects.translation.same')}</span>;
    case 'failed':
      return (
        <span class="line-note bad">
          {t('effects.translation.failed')} {button}
        </span>
      );
    case 'done':
      return (
        <>
          <span class="sr">{t('effects.translation.done')}</span>
          <p class="bubble translation" dir="auto" lang={translation.language}>
            {translation.text}
          </p>
        </>
      );
  }
}

export function TranslateSwitch({ Row }: WithRow) {
  const app = useApp();
  if (translationsOf(app) === null) return null;
  return (
    <Row
      name={t('effects.translates')}
      hint={t('effects.translatesHint')}
      checked={app.settings.preferences.value.translates}
      onChange={(on) => app.settings.set({ translates: on })}
    />
  );
}
