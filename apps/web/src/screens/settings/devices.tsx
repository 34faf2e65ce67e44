import { t } from '../../i18n/words.ts';
import { useApp } from '../app-context.ts';
import { MicrophoneRow, SpeakerRow } from '../green-room/checks.tsx';
import { DeviceFields } from '../shared/device-fields.tsx';
import { useEffectPart } from '../shared/effect-part.ts';
import { Group, SwitchRow } from './rows.tsx';

export function DeviceSettings() {
  const app = useApp();
  const effects = useEffectPart();
  const { mirrored, suppressesNoise, savesData } = app.settings.preferences.value;
  return (
    <Group icon="camera" title={t('settings.devices.title')}>
      <DeviceFields />
      <SpeakerNote />
      {app.devices.view.value.state === 'ready' && (
        <ul class="checks">
          <MicrophoneRow />
          <SpeakerRow />
        </ul>
      )}
      <StartSwitches />
      <SwitchRow
        name={t('settings.look.mirrored')}
        hint={t('settings.look.mirroredHint')}
        checked={mirrored}
        onChange={(on) => app.settings.set({ mirrored: on })}
      />
      <SwitchRow
        name={t('settings.devices.noise')}
        hint={t('settings.devices.noiseHint')}
        checked={suppressesNoise !== false}
        onChange={(on) => app.settings.set({ suppressesNoise: on })}
      />
      {effects !== null && <effects.StrongNoiseSwitch Row={SwitchRow} />}
      <SwitchRow
        name={t('settings.devices.saveData')}
        hint={t('settings.devices.saveDataHint')}
        checked={savesData === true}
        onChange={(on) => app.settings.set({ savesData: on })}
      />
    </Group>
  );
}

/** Explains why the settings have no list of speakers. */
function SpeakerNote() {
  const { microphones, speakers } = useApp().devices.lists.value;
  if (speakers !== null || microphones.length === 0) return null;
  return <p class="hint">{t('settings.devices.speaker')}</p>;
}

/**
 * The switches that decide whether camera and microphone start on. In the green room they apply
 * at once.
 */
export function StartSwitches() {
  const app = useApp();
  const effects = useEffectPart();
  const { startsWithCameraOff, startsMuted } = app.settings.preferences.value;
  return (
    <>
      {effects !== null && <effects.BlurSwitch Row={SwitchRow} />}
      <SwitchRow
        name={t('settings.devices.cameraOff')}
        checked={startsWithCameraOff}
        onChange={(on) => app.settings.set({ startsWithCameraOff: on })}
      />
      <SwitchRow
        name={t('settings.devices.muted')}
        checked={startsMuted}
        onChange={(on) => app.settings.set({ startsMuted: on })}
      />
    </>
  );
}
