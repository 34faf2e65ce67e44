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
