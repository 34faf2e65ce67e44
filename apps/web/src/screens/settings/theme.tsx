import { percentOf, t } from '../../i18n/words.ts';
import { LanguageSwitch } from '../../ui/language-switch.tsx';
import { TEXT_SIZES } from '../../ui/theme.ts';
import { useApp } from '../app-context.ts';
import { ChoiceRow, Group, SwitchRow } from './rows.tsx';

export function ThemeSettings() {
  const app = useApp();
  const { theme, reactions } = app.settings.preferences.value;
  return (
    <Group icon="show" title={t('settings.look.title')}>
      <div class="settings-row language">
        <span aria-hidden="true">{t('settings.look.language')}</span>
        <LanguageSwitch />
      </div>
      <ChoiceRow
        name={t('settings.look.theme')}
        value={theme}
        choices={(['auto', 'light', 'dark'] as const).map((value) => ({
          value,
          text: t(`settings.look.${value}`),
        }))}
        onChange={(value) => app.settings.set({ theme: value })}
      />
      <SwitchRow
        name={t('settings.look.reactions')}
        hint={t('settings.look.reactionsHint')}
        checked={reactions}
        onChange={(on) => app.settings.set({ reactions: on })}
      />
    </Group>
  );
}

export function TextSizeRow() {
  const app = useApp();
  return (
    <ChoiceRow
      name={t('settings.access.textSize')}
      value={app.settings.preferences.value.textSize}
      choices={TEXT_SIZES.map((value) => ({ value, text: percentOf(value / 100) }))}
      onChange={(textSize) => app.settings.set({ textSize })}
    />
  );
}
