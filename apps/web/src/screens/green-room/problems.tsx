import type { ComponentChildren } from 'preact';
import { heard } from '../../a11y/hearing.ts';
import { isVirtualCamera } from '../../devices/virtual-camera.ts';
import { t } from '../../i18n/words.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { useEffectPart } from '../shared/effect-part.ts';
import { refusalOf } from './checks.tsx';

/**
 * Lists only what is wrong, with what helps. It is no live region, because the narrator announces
 * each change.
 */
export function Problems() {
  const app = useApp();
  const effects = useEffectPart();
  const { camera, microphone } = app.devices.view.value;
  const { cameras, camera: used } = app.devices.lists.value;
  const label = cameras.find(({ id }) => id === used)?.label ?? '';
  const own = app.navigation.ownCheck.value;
  const load = app.shield.classifier.value;
  const problems = [
    load.state === 'failed' && load.fault === 'stalled' && (
      <Problem key="shield" icon="alert" text={t('shield.unavailable.stalled')} />
    ),
    camera === 'interrupted' && (
      <Problem
        key="camera"
        icon="cameraOff"
        name={t('greenRoom.camera')}
        text={refusalOf(app, camera) ?? t('greenRoom.cameraIs.interrupted')}
      >
        <TurnOn />
      </Problem>
    ),
    camera === 'on' && isVirtualCamera(label) && (
      <Problem key="virtual" icon="alert" text={t('greenRoom.virtualHint', { label })} />
    ),
    own.dark && own.state !== 'explicit' && (
      <Problem key="dark" icon="alert" text={t('shield.ownDark')} />
    ),
    microphone === 'interrupted' && (
      <Problem
        key="microphone"
        icon="microphoneOff"
        text={refusalOf(app, microphone) ?? t('call.interruptedMicrophone')}
      >
        {camera !== 'interrupted' && <TurnOn />}
      </Problem>
    ),
    microphone === 'on' && (heard.value === 'quiet' || heard.value === 'silent') && (
      <Problem key="heard" icon="microphone" text={t(`greenRoom.heardHint.${heard.value}`)} />
    ),
    app.connectionCheck.state.value === 'blocked' && (
      <Problem
        key="way"
        icon="globe"
        name={t('greenRoom.connection')}
        text={t('greenRoom.way.blocked')}
      >
        <button type="button" class="btn small" onClick={() => app.connectionCheck.again()}>
          {t('greenRoom.checkAgain')}
        </button>
      </Problem>
    ),
    effects !== null && <effects.EffectProblems key="effects" />,
  ];
  return <ul class="problems">{problems}</ul>;
}

function Problem({
  icon,
  name,
  text,
  children,
}: {
  icon: IconName;
  name?: string;
  text: string;
  children?: ComponentChildren;
}) {
  return (
    <li>
      <Icon name={icon} size={20} />
      <span>
        {name !== undefined && <strong>{name}</strong>} {text}
      </span>
      {children}
    </li>
  );
}

function TurnOn() {
  const { devices } = useApp();
  return (
    <button type="button" class="btn small" onClick={() => void devices.restart()}>
      {t('call.turnOn')}
    </button>
  );
}
