import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { DeviceState } from '../../devices/devices-view.ts';
import { t } from '../../i18n/words.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { Sheet } from '../conversation/sheet.tsx';
import { StartSwitches } from '../settings/devices.tsx';
import { DeviceFields } from '../shared/device-fields.tsx';
import { ShieldChoice } from '../shield/shield-choice.tsx';
import { MicrophoneRow, SpeakerRow } from './checks.tsx';
import { useHearing } from './use-hearing.ts';

/** The round controls on the user's own picture. */
export function Controls() {
  const app = useApp();
  const { camera, microphone } = app.devices.view.value;
  const isOpen = useSignal(false);
  const ring = useRef<HTMLSpanElement>(null);
  // The sheet and the settings show the microphone's level themselves.
  useHearing(ring, !isOpen.value && !app.settings.isOpen.value);
  return (
    <div class="self-controls">
      <span class="ring" ref={ring}>
        <DeviceSwitch
          name={t('greenRoom.microphone')}
          icons={['microphone', 'microphoneOff']}
          state={microphone}
          press={() => app.devices.toggle('audio')}
        />
      </span>
      <DeviceSwitch
        name={t('greenRoom.camera')}
        icons={['camera', 'cameraOff']}
        state={camera}
        press={() => app.devices.toggle('video')}
      />
      <button
        type="button"
        class="btn ic on-dark round"
        aria-haspopup="dialog"
        aria-label={t('greenRoom.devices')}
        title={t('greenRoom.devices')}
        onClick={() => {
          isOpen.value = true;
        }}
      >
        <Icon name="dots" />
      </button>
      {isOpen.value && (
        <Sheet
          title={t('greenRoom.devices')}
          onClose={() => {
            isOpen.value = false;
          }}
        >
          <DeviceFields />
          <ul class="checks">
            <MicrophoneRow />
            <SpeakerRow />
          </ul>
          <StartSwitches />
          <ShieldChoice />
        </Sheet>
      )}
    </div>
  );
}

/** A switch for the camera or microphone. If the device was stopped, it opens it again. */
function DeviceSwitch({
  name,
  icons: [on, off],
  state,
  press,
}: {
  name: string;
  icons: readonly [on: IconName, off: IconName];
  state: DeviceState;
  press: () => void;
}) {
  const { devices } = useApp();
  if (state === 'absent') return null;
  const isOn = state === 'on';
  return (
    <button
      type="button"
      role="switch"
      class={isOn ? 'btn ic on-dark round' : 'btn ic round is-off'}
      aria-checked={isOn}
      aria-label={name}
      title={name}
      onClick={() => (state === 'interrupted' ? void devices.restart() : press())}
    >
      <Icon name={isOn ? on : off} />
    </button>
  );
}
