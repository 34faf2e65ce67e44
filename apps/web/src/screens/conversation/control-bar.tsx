import { Drawing } from '@farandole/ui/drawing';
import { lazyModel } from '../../base/lazy-model.ts';
import type { NextView } from '../../call/call-view.ts';
import type { DeviceState } from '../../devices/devices-view.ts';
import { t } from '../../i18n/words.ts';
import { openSheet } from '../../keyboard/open-sheet.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { carriesText } from '../../ui/offered-modes.ts';
import { useApp } from '../app-context.ts';
import { CallIcon } from './call-icons.tsx';

/** The bar of buttons at the lower edge. Stop isn't in it, so that nobody hits it for Next. */
export function ControlBar() {
  const app = useApp();
  const call = app.call.view.value;
  const ended = app.call.ended.value;
  const mode = (call ?? ended ?? app.search.view.value)?.mode ?? 'video';
  const reacts = app.settings.preferences.value.reactions && carriesText(mode);
  const sends = reacts && !app.call.readsOnly;
  return (
    <>
      <nav class="bar" aria-label={t('call.controls')}>
        {mode === 'video' && ended === null && <DeviceButtons />}
        {mode === 'voice' && ended === null && <MicrophoneButton />}
        {call !== null && sends && <WaveButton />}
        {call !== null && <NextButton next={call.next} />}
        {ended !== null && <NextButton next={{ state: 'next' }} isEnded />}
      </nav>
      {call !== null && reacts && <Reacting />}
    </>
  );
}

const reactions = lazyModel(async () => (await import('./reactions.tsx')).Reactions);

/**
 * Shows the picker for reactions and the visible reactions. Renders nothing until the code for
 * reactions has loaded.
 */
function Reacting() {
  const Loaded = reactions.model.value;
  if (Loaded !== null) return <Loaded />;
  reactions.prepare();
  return null;
}

const REACT = ['M20 10a8.5 8.5 0 1 1-6-6M8 14a5 5 0 0 0 8 0M9 9.5v.1M15 9.5v.1M19 2v6M16 5h6'];

/** The button that opens the reaction picker. Hidden if the user turned reactions off. */
export function ReactButton() {
  if (!useApp().settings.preferences.value.reactions) return null;
  return (
    <button
      type="button"
      class="btn ic react"
      aria-haspopup="dialog"
      aria-label={t('reaction.open')}
      title={t('reaction.open')}
      popovertarget="reactions"
    >
      <Drawing shapes={REACT} />
    </button>
  );
}

/** Waves at the peer with one press, because a wave is the easiest hello. */
function WaveButton() {
  const app = useApp();
  return (
    <button
      type="button"
      class="btn ic wave fades"
      aria-label={t('reaction.wave')}
      title={t('reaction.wave')}
      onClick={() => app.reactions.use((model) => model.send('wave'))}
    >
      <CallIcon name="wave" />
    </button>
  );
}

/** The button that opens the sheet with further actions. */
export function MoreButton() {
  return (
    <button
      type="button"
      class="btn ic more fades"
      aria-haspopup="dialog"
      aria-label={t('more.title')}
      title={t('more.title')}
      onClick={() => {
        openSheet.value = 'more';
      }}
    >
      <CallIcon name="more" />
    </button>
  );
}

export function MicrophoneButton() {
  const app = useApp();
  const { microphone } = app.devices.view.value;
  return (
    <DeviceButton
      state={microphone}
      icons={{ on: 'microphone', off: 'microphoneOff' }}
      label={t(microphone === 'on' ? 'call.mute' : 'call.unmute')}
      onClick={() => app.devices.toggle('audio')}
    />
  );
}

function DeviceButtons() {
  const app = useApp();
  const { camera } = app.devices.view.value;
  return (
    <>
      <MicrophoneButton />
      <DeviceButton
        state={camera}
        icons={{ on: 'camera', off: 'cameraOff' }}
        label={t(camera === 'on' ? 'call.cameraOff' : 'call.cameraOn')}
        onClick={() => app.devices.toggle('video')}
      />
    </>
  );
}

/**
 * The switch for the camera or microphone. Hidden if the device is missing or another program
 * uses it.
 */
function DeviceButton({
  state,
  icons,
  label,
  onClick,
}: {
  state: DeviceState;
  icons: { on: IconName; off: IconName };
  label: string;
  onClick: () => void;
}) {
  if (state !== 'on' && state !== 'off') return null;
  return (
    <button
      type="button"
      class={state === 'on' ? 'btn ic fades' : 'btn ic is-off'}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <Icon name={icons[state]} />
    </button>
  );
}

/**
 * The button Next. While it asks "Really?", a ring around it drains. The button keeps its size, so
 * that a second press hits it. After a call the button takes the focus.
 */
export function NextButton({ next, isEnded = false }: { next: NextView; isEnded?: boolean }) {
  const app = useApp();
  return (
    <button
      type="button"
      class={`btn spark next ${next.state}`}
      data-takes-focus={isEnded ? 'screen' : undefined}
      onClick={() => app.navigation.next()}
    >
      <span>{t(next.state === 'really' ? 'call.really' : 'call.next')}</span>
      <Icon name="arrow" />
    </button>
  );
}
