import { t } from '../../i18n/words.ts';
import { useApp } from '../../parts/app-context.ts';
import { DeviceFields } from '../../ui/device-fields.tsx';
import { MicrophoneRow, SpeakerRow } from '../green-room/checks.tsx';
import { Group, SwitchRow } from './rows.tsx';

/** Which devices are used, and how they start. The list is empty until the browser tells names. */
export function DeviceSettings() {
  const app = useApp();
  return (
    <Group icon="camera" title={t('settings.devices.title')}>
      <DeviceFields />
      <SpeakerNote />
      {app.devices.value.state === 'ready' && (
        <ul class="checks">
          <MicrophoneRow />
          <SpeakerRow />
        </ul>
      )}
      <StartSwitches />
      <SwitchRow
        name={t('settings.devices.noise')}
        hint={t('settings.devices.noiseHint')}
        checked={app.preferences.value.suppressesNoise}
        onChange={(on) => app.setPreferences({ suppressesNoise: on })}
      />
      <SwitchRow
        name={t('settings.devices.saveData')}
        hint={t('settings.devices.saveDataHint')}
        checked={app.preferences.value.savesData}
        onChange={(on) => app.setPreferences({ savesData: on })}
      />
    </Group>
  );
}

/** Where a list is missed, the reason stands in its place. */
function SpeakerNote() {
  const { microphones, speakers } = useApp().deviceChoice.lists.value;
  if (speakers !== null || microphones.length === 0) return null;
  return <p class="hint">{t('settings.devices.speaker')}</p>;
}

/** How one is seen and heard when one comes in. In the green room it holds at once. */
export function StartSwitches() {
  const app = useApp();
  const { startsWithCameraOff, startsMuted } = app.preferences.value;
  const { blurred } = app.deviceChoice.lists.value;
  return (
    <>
      {blurred !== null && (
        <SwitchRow
          name={t('settings.devices.blur')}
          checked={blurred}
          onChange={(on) => app.setPreferences({ blursBackground: on })}
        />
      )}
      <SwitchRow
        name={t('settings.devices.cameraOff')}
        checked={startsWithCameraOff}
        onChange={(on) => app.setPreferences({ startsWithCameraOff: on })}
      />
      <SwitchRow
        name={t('settings.devices.muted')}
        checked={startsMuted}
        onChange={(on) => app.setPreferences({ startsMuted: on })}
      />
    </>
  );
}
