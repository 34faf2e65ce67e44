import '../../styles/green-room.css';
import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ConnectionCheckState } from '../../call/connection-check.ts';
import { isVirtualCamera } from '../../devices/virtual-camera.ts';
import { helpFor } from '../../help/help-words.ts';
import { t } from '../../i18n/words.ts';
import { useApp } from '../../parts/app-context.ts';
import { type Heard, Hearing } from '../../parts/hearing.ts';
import { Icon, type IconName } from '../../parts/icons.tsx';
import { LevelMeter } from '../../parts/level-meter.tsx';
import type { AppModel, DeviceState } from '../../state/app-model.ts';
import { ShieldRow } from '../shield/green-room-shield.tsx';

/** Everything that a call by video needs, a row each: how it is in a word, and what to do there. */
export function Checks({ heard }: { heard: Signal<Heard> }) {
  return (
    <ul class="checks">
      <CameraRow />
      <MicrophoneRow heard={heard} />
      <SpeakerRow />
      <ConnectionRow />
      <ShieldRow />
    </ul>
  );
}

/** Well, in want of a look, bad, or nothing of the sort. */
type Mark = 'on' | 'warn' | 'bad' | 'plain';

const MARKS: Readonly<Record<Exclude<Mark, 'plain'>, IconName>> = {
  on: 'check',
  warn: 'alert',
  bad: 'cross',
};

function CheckRow({
  icon,
  name,
  mark,
  word,
  hint,
  children,
}: {
  icon: IconName;
  name: string;
  mark: Mark;
  word: string;
  /** What the word means, or what to do about it. */
  hint?: string | null;
  children?: ComponentChildren;
}) {
  return (
    <li>
      <Icon name={icon} />
      {/* Said whenever it changes, which happens without a press. */}
      <span class="check-words" role="status" aria-atomic="true">
        <span class="device-name">{name}</span>
        <span class={`state ${mark}`}>
          {mark !== 'plain' && <Icon name={MARKS[mark]} size={16} />}
          <span>{word}</span>
        </span>
      </span>
      {children !== undefined && <span class="check-do">{children}</span>}
      {(hint ?? null) !== null && <p class="hint">{hint}</p>}
    </li>
  );
}

/** A device's own switch, where there is something to switch; one that stopped is asked again. */
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
      <button type="button" class="btn small" onClick={() => app.restartDevices()}>
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

/** One that this person has switched off is no fault of anything. */
function markOf(state: DeviceState): Mark {
  return ({ on: 'on', off: 'plain', absent: 'plain', interrupted: 'bad' } as const)[state];
}

/** Why one that stopped was not to be had again. */
function refusalOf({ devices, browser }: AppModel, state: DeviceState): string | null {
  const { failure } = devices.value;
  if (state !== 'interrupted' || failure === null) return null;
  const { title, values } = helpFor(failure, browser);
  return t(title, values);
}

function CameraRow() {
  const app = useApp();
  const { camera } = app.devices.value;
  const { cameras, camera: used } = app.deviceChoice.lists.value;
  const label = cameras.find(({ id }) => id === used)?.label ?? '';
  const isVirtual = camera === 'on' && isVirtualCamera(label);
  const name = t('greenRoom.camera');
  return (
    <CheckRow
      icon={camera === 'on' ? 'camera' : 'cameraOff'}
      name={name}
      mark={isVirtual ? 'warn' : markOf(camera)}
      word={t(isVirtual ? 'greenRoom.virtual' : `greenRoom.cameraIs.${camera}`)}
      hint={isVirtual ? t('greenRoom.virtualHint', { label }) : refusalOf(app, camera)}
    >
      <DeviceSwitch name={name} state={camera} onToggle={() => app.toggleCamera()} />
    </CheckRow>
  );
}

const HEARD_MARKS: Readonly<Record<Heard, Mark>> = {
  listening: 'plain',
  heard: 'on',
  quiet: 'warn',
  silent: 'warn',
};

export function MicrophoneRow({ heard }: { heard: Signal<Heard> }) {
  const app = useApp();
  const { microphone } = app.devices.value;
  const sound = app.deviceChoice.sound.value;
  const isOn = microphone === 'on';
  const meter = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!isOn) return;
    // Another microphone is to be heard by itself.
    const hearing = new Hearing();
    heard.value = 'listening';
    return app.deviceChoice.hear((loudness, nowMs) => {
      meter.current?.style.setProperty('--level', loudness.toFixed(3));
      heard.value = hearing.take(loudness, nowMs);
    });
  }, [isOn, sound]);
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
      {isOn && <LevelMeter meter={meter} />}
      <DeviceSwitch name={name} state={microphone} onToggle={() => app.toggleMicrophone()} />
    </CheckRow>
  );
}

export function SpeakerRow() {
  const { deviceChoice } = useApp();
  const test = deviceChoice.speakerTest.value;
  return (
    <CheckRow
      icon="speaker"
      name={t('greenRoom.speaker')}
      mark={test === 'failed' ? 'warn' : 'plain'}
      word={t(`greenRoom.speakerTest.${test}`)}
      hint={test === 'played' || test === 'failed' ? t('greenRoom.speakerHint') : null}
    >
      <button
        type="button"
        class="btn small"
        aria-busy={test === 'playing'}
        onClick={() => deviceChoice.testSpeaker()}
      >
        {t('greenRoom.play')}
      </button>
    </CheckRow>
  );
}

const WAY_MARKS: Readonly<Record<ConnectionCheckState, Mark>> = {
  idle: 'plain',
  checking: 'plain',
  direct: 'on',
  relay: 'on',
  blocked: 'bad',
};

function ConnectionRow() {
  const app = useApp();
  const way = app.connectionCheck.value;
  return (
    <CheckRow
      icon="globe"
      name={t('greenRoom.connection')}
      mark={WAY_MARKS[way]}
      word={t(`greenRoom.way.${way}`)}
      hint={way === 'idle' || way === 'checking' ? null : t(`greenRoom.wayHint.${way}`)}
    >
      {way === 'blocked' ? (
        <button type="button" class="btn small" onClick={() => app.checkConnection()}>
          {t('greenRoom.checkAgain')}
        </button>
      ) : undefined}
    </CheckRow>
  );
}
