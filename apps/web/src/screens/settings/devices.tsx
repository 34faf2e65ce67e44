import { t } from '../../i18n/words.ts';
import { useApp } from '../../parts/app-context.ts';
import { DeviceFields } from '../../parts/device-fields.tsx';
import { Group, SwitchRow } from './rows.tsx';

/** Which devices are used, and how they start. The list is empty until the browser tells names. */
export function DeviceSettings() {
  const app = useApp();
  const { startsWithCameraOff, startsMuted } = app.preferences.value;
  return (
    <Group icon="camera" title={t('settings.devices.title')}>
      <DeviceFields />
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
    </Group>
  );
}
