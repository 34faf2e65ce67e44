import { t } from '../../i18n/words.ts';
import { useApp } from '../app-context.ts';
import { useEffectPart } from '../shared/effect-part.ts';
import { ChoiceRow, Group, SwitchRow } from './rows.tsx';
import { TextSizeRow } from './theme.tsx';

export function AccessSettings() {
  const app = useApp();
  const effects = useEffectPart();
  const { motion, contrast, letterKeys, tellTyping, controlsStay } = app.settings.preferences.value;
  return (
    <Group icon="access" title={t('settings.access.title')}>
      <TextSizeRow />
      <ChoiceRow
        name={t('settings.access.motion')}
        value={motion}
        choices={(['auto', 'full', 'reduced'] as const).map((value) => ({
          value,
          text: t(`settings.access.motions.${value}`),
        }))}
        onChange={(value) => app.settings.set({ motion: value })}
      />
      <SwitchRow
        name={t('settings.access.contrast')}
        checked={contrast === 'more'}
        onChange={(more) => app.settings.set({ contrast: more ? 'more' : 'auto' })}
      />
      <SwitchRow
        name={t('settings.access.controlsStay')}
        hint={t('settings.access.controlsStayHint')}
        checked={controlsStay}
        onChange={(on) => app.settings.set({ controlsStay: on })}
      />
      <SwitchRow
        name={t('settings.access.letterKeys')}
        hint={t('settings.access.letterKeysHint')}
        checked={letterKeys}
        onChange={(on) => app.settings.set({ letterKeys: on })}
      />
      <SwitchRow
        name={t('settings.access.tellTyping')}
        hint={t('settings.access.tellTypingHint')}
        checked={tellTyping}
        onChange={(on) => app.settings.set({ tellTyping: on })}
      />
      {effects !== null && (
        <>
          <effects.TranslateSwitch Row={SwitchRow} />
          <effects.CaptionsSwitch Row={SwitchRow} />
        </>
      )}
    </Group>
  );
}
