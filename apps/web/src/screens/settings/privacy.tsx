import { t } from '../../i18n/words.ts';
import { useApp } from '../app-context.ts';
import { ForgetRow } from './forget.tsx';
import { OwnDataRow } from './own-data.tsx';
import { ChoiceRow, Group, SwitchRow } from './rows.tsx';

export function PrivacySettings() {
  const app = useApp();
  const { relayOnly, shield } = app.settings.preferences.value;
  const server = app.link.server.value;
  const mayBeOff = server?.shield.mayBeOff === true;
  const choices = (['ask', 'automatic', 'off'] as const).filter(
    (value) => value !== 'off' || mayBeOff,
  );
  // This setting is shown even without a relay. An earlier choice of "relay only" would still
  // apply and block all calls, so the user must be able to change it.
  const choosable = server !== null && server.hasTurn && server.relay !== 'always';
  return (
    <Group icon="shield" title={t('settings.privacy.title')} folded>
      <ChoiceRow
        name={t('shield.choice.label')}
        hint={t('shield.choiceFrom')}
        value={shield === 'off' && !mayBeOff ? 'ask' : shield}
        choices={choices.map((value) => ({ value, text: t(`shield.choice.${value}`) }))}
        onChange={(value) => app.settings.set({ shield: value })}
      />
      {(choosable || relayOnly) && (
        <SwitchRow
          name={t('settings.privacy.relayOnly')}
          hint={t(
            server?.hasTurn === false
              ? 'settings.privacy.relayMissing'
              : 'settings.privacy.relayOnlyHint',
          )}
          checked={relayOnly}
          onChange={(on) => app.settings.set({ relayOnly: on })}
        />
      )}
      <ForgetRow />
      <OwnDataRow />
    </Group>
  );
}
