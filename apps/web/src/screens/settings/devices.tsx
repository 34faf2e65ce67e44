import { t } from '../../i18n/words.ts';
import { useApp } from '../../parts/app-context.ts';
import { DeviceFields } from '../../parts/device-fields.tsx';
import { Group, SwitchRow } from './rows.tsx';

/** Which devices are used, and how they start. The list is empty until the browser tells names. */
export function DeviceSettings() {
  const app = useApp();
  return (
    <Group icon="camera" title={t('settings.devices.title')}>
      <DeviceFields />
      <StartSwitches />
      <SwitchRow
        name={t('settings.devices.saveData')}
        hint={t('settings.devices.saveDataHint')}
        checked={app.preferences.value.savesData}
        onChange={(on) => app.setPreferences({ savesData: on })}
      />
    </Group>
  );
}

/** How camera and microphone are when they are first given. In the green room it holds at once. */
export function StartSwitches() {
  const app = useApp();
  const { startsWithCameraOff, startsMuted } = app.preferences.value;
  return (
    <>
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
