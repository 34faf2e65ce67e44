import { t } from '../../i18n/words.ts';
import { useApp } from '../../parts/app-context.ts';
import { InterestField } from '../../ui/chips.tsx';
import { LanguageField } from '../../ui/language-field.tsx';
import { Group, SwitchRow } from './rows.tsx';

/** Whom one would like to meet. The landing has the same fields; both show the same list. */
export function MatchingSettings() {
  const app = useApp();
  const { interests, onlyShared, languages, hideLanguages } = app.preferences.value;
  const wish = app.fault.value?.wish ?? null;
  return (
    <Group icon="people" title={t('settings.matching.title')}>
      <OtherMode />
      <InterestField
        items={interests}
        refused={wish === 'bad-interest'}
        onChange={(items) => app.setPreferences({ interests: items })}
      />
      <SwitchRow
        name={t('interests.onlyShared')}
        checked={onlyShared}
        onChange={(on) => app.setPreferences({ onlyShared: on })}
      />
      <LanguageField
        tags={languages}
        refused={wish === 'bad-language'}
        onChange={(tags) => app.setPreferences({ languages: tags })}
      />
      <SwitchRow
        name={t('settings.matching.hideLanguages')}
        hint={t('settings.matching.hideLanguagesHint')}
        checked={hideLanguages}
        onChange={(on) => app.setPreferences({ hideLanguages: on })}
      />
      <p class="hint">{t('settings.matching.from')}</p>
    </Group>
  );
}

/** In a search: the other way to meet, which begins at once, with what was changed here. */
function OtherMode() {
  const app = useApp();
  const search = app.search.value;
  if (search === null) return null;
  const mode = search.mode === 'video' ? 'text' : 'video';
  const mayBeSeen = app.videoSupported && app.standing.value?.may !== 'text';
  if (mode === 'video' && !mayBeSeen) return null;
  return (
    <div class="settings-row">
      <button type="button" class="btn" onClick={() => app.searchBy(mode)}>
        {t(`settings.matching.instead.${mode}`)}
      </button>
    </div>
  );
}
