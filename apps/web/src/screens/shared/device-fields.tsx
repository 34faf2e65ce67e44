import '../../styles/device-fields.css';
import type { ListedDevice } from '../../devices/device-access.ts';
import { t } from '../../i18n/words.ts';
import { useApp } from '../app-context.ts';

/** Minimum number of devices for which a list is shown. */
const CHOICE_MIN = 2;

export function DeviceFields() {
  const { cameras, microphones, speakers, camera, microphone, speaker } =
    useApp().devices.lists.value;
  return (
    <div class="device-fields">
      <DeviceField kind="camera" devices={cameras} used={camera} />
      <DeviceField kind="microphone" devices={microphones} used={microphone} />
      <DeviceField kind="speaker" devices={speakers ?? []} used={speaker} />
    </div>
  );
}

function DeviceField({
  kind,
  devices,
  used,
}: {
  kind: ListedDevice['kind'];
  devices: readonly ListedDevice[];
  used: string | null;
}) {
  const app = useApp();
  if (devices.length < CHOICE_MIN) return null;
  return (
    <label>
      <span>{t(`more.device.${kind}`)}</span>
      <select
        // The name of a device is in the system's language. If it is too long, its end is cut.
        dir="auto"
        value={used ?? ''}
        onChange={(event) => app.devices.loaded?.choice.choose(kind, event.currentTarget.value)}
      >
        {used === null && <option value="">{t('more.device.automatic')}</option>}
        {devices.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
