import '../../styles/later.css';
import { useRef } from 'preact/hooks';
import { type Heard, heard } from '../../a11y/hearing.ts';
import type { SpeakerTest } from '../../devices/device-choice.ts';
import type { DeviceState } from '../../devices/devices-view.ts';
import { helpFor } from '../../help/help-words.ts';
import { t } from '../../i18n/words.ts';
import type { AppModel } from '../../state/app-model.ts';
import { useApp } from '../app-context.ts';
import { CheckRow, type Mark } from './check-row.tsx';
import { useHearing } from './use-hearing.ts';

/**
 * A switch for the camera or microphone. If the device was stopped, the switch requests it
 * again.
 */
function DeviceSwitch({
  name,
  state,
  onToggle,
}: {
  name: string;
  state: DeviceState;
  onToggle: () => void;
}) {
  const app = useApp();
  if (state === 'interrupted') {
    return (
      <button type="button" class="btn small" onClick={() => void app.devices.restart()}>
        {t('call.turnOn')}
      </button>
    );
  }
  if (state === 'absent') return null;
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        aria-label={name}
        checked={state === 'on'}
        onChange={onToggle}
      />
    </label>
  );
}

/** A device that the user turned off doesn't count as an error. */
function markOf(state: DeviceState): Mark {
  return ({ on: 'on', off: 'plain', absent: 'plain', interrupted: 'bad' } as const)[state];
}

export function refusalOf({ devices, browser }: AppModel, state: DeviceState): string | null {
  const { failure } = devices.view.value;
  if (state !== 'interrupted' || failure === null) return null;
  const { title, values } = helpFor(failure, browser);
  return t(title, values);
}

const HEARD_MARKS: Readonly<Record<Heard, Mark>> = {
  listening: 'plain',
  heard: 'on',
  quiet: 'warn',
  silent: 'warn',
};

/** @param listens false if another row measures the microphone at the same time */
export function MicrophoneRow({ listens = true }: { listens?: boolean }) {
  const app = useApp();
  const { microphone } = app.devices.view.value;
  const isOn = microphone === 'on';
  const meter = useRef<HTMLSpanElement>(null);
  useHearing(meter, listens);
  const name = t('greenRoom.microphone');
  return (
    <CheckRow
      icon={isOn ? 'microphone' : 'microphoneOff'}
      name={name}
      mark={isOn ? HEARD_MARKS[heard.value] : markOf(microphone)}
      word={isOn ? t(`greenRoom.heard.${heard.value}`) : t(`greenRoom.microphoneIs.${microphone}`)}
      hint={
        isOn && (heard.value === 'quiet' || heard.value === 'silent')
          ? t(`greenRoom.heardHint.${heard.value}`)
          : refusalOf(app, microphone)
      }
    >
      <span class="check-do">
        {isOn && <LevelMeter meter={meter} />}
        <DeviceSwitch name={name} state={microphone} onToggle={() => app.devices.toggle('audio')} />
      </span>
    </CheckRow>
  );
}

const SPEAKER_MARKS: Readonly<Record<SpeakerTest, Mark>> = {
  untried: 'plain',
  playing: 'plain',
  played: 'plain',
  heard: 'on',
  unheard: 'warn',
  failed: 'warn',
};

/** The speaker test asks the user, because only the user knows whether the sound was heard. */
export function SpeakerRow() {
  const { devices } = useApp();
  const test = devices.speakerTest.value;
  return (
    <CheckRow
      icon="speaker"
      name={t('greenRoom.speaker')}
      mark={SPEAKER_MARKS[test]}
      word={t(`greenRoom.speakerTest.${test}`)}
      hint={test === 'unheard' || test === 'failed' ? t('greenRoom.speakerHint') : null}
    >
      {/* The button that the user pressed disappears, so the focus moves to the button that
          replaces it. */}
      <span class="check-do" data-keeps-focus>
        {test === 'played' ? <WasHeard /> : <PlaySound isPlaying={test === 'playing'} />}
      </span>
    </CheckRow>
  );
}

function PlaySound({ isPlaying }: { isPlaying: boolean }) {
  const { devices } = useApp();
  return (
    <button
      type="button"
      class="btn small"
      data-takes-focus="box"
      aria-busy={isPlaying}
      onClick={() => devices.loaded?.choice.testSpeaker()}
    >
      {t('greenRoom.play')}
    </button>
  );
}

function WasHeard() {
  const { devices } = useApp();
  return (
    <span class="answers" role="group" aria-label={t('greenRoom.speakerTest.played')}>
      <button
        type="button"
        class="btn small"
        data-takes-focus="box"
        onClick={() => devices.loaded?.choice.answerSpeakerTest(true)}
      >
        {t('greenRoom.heardYes')}
      </button>
      <button
        type="button"
        class="btn small"
        onClick={() => devices.loaded?.choice.answerSpeakerTest(false)}
      >
        {t('greenRoom.heardNo')}
      </button>
    </span>
  );
}

const BARS = [0, 1, 2, 3, 4, 5, 6] as const;

/**
 * The height of the level bars follows the CSS property `--level`, which the measuring code
 * sets.
 */
function LevelMeter({ meter }: { meter: { current: HTMLSpanElement | null } }) {
  return (
    <span class="meter" ref={meter} aria-hidden="true">
      {BARS.map((bar) => (
        <i key={bar} />
      ))}
    </span>
  );
}
