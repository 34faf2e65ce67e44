import { t } from '../../i18n/words.ts';
import { InterestField } from '../../ui/chips.tsx';
import { LanguageField } from '../../ui/language-field.tsx';
import { offeredModes } from '../../ui/offered-modes.ts';
import { useApp } from '../app-context.ts';
import { Group, SwitchRow } from './rows.tsx';

/** The settings for matching. Their list of interests is the same as on the landing. */
export function MatchingSettings() {
  const app = useApp();
  const { interests, onlyShared, languages, hideLanguages } = app.settings.preferences.value;
  const wish = app.fault.value?.wish ?? null;
  return (
    <Group icon="people" title={t('settings.matching.title')}>
      <OtherMode />
      <InterestField
        items={interests}
        refused={wish === 'bad-interest'}
        onChange={(items) => app.settings.set({ interests: items })}
      />
      <SwitchRow
        name={t('interests.onlyShared')}
        checked={onlyShared}
        onChange={(on) => app.settings.set({ onlyShared: on })}
      />
      <LanguageField
        tags={languages}
        refused={wish === 'bad-language'}
        onChange={(tags) => app.settings.set({ languages: tags })}
      />
      <SwitchRow
        name={t('settings.matching.hideLanguages')}
        hint={t('settings.matching.hideLanguagesHint')}
        checked={hideLanguages}
        onChange={(on) => app.settings.set({ hideLanguages: on })}
      />
      {app.search.view.value !== null && <p class="hint">{t('settings.matching.from')}</p>}
    </Group>
  );
}

/**
 * A button in the settings that changes the mode of a running search at once, together with the
 * changes made in the settings.
 */
function OtherMode() {
  const app = useApp();
  const search = app.search.view.value;
  if (search === null) return null;
  const mode = search.mode === 'text' ? 'video' : 'text';
  const mayBeSeen = app.devices.supported && app.standing.view.value?.may !== 'text';
  if (!offeredModes().includes(mode) || (mode === 'video' && !mayBeSeen)) return null;
  return (
    <div class="settings-row">
      <button type="button" class="btn" onClick={() => app.navigation.searchBy(mode)}>
        {t(`settings.matching.instead.${mode}`)}
      </button>
    </div>
  );
}
