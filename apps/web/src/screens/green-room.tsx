import '../styles/stage.css';
import '../styles/green-room.css';
import type { ComponentChildren } from 'preact';
import { t } from '../i18n/words.ts';
import { useApp } from '../parts/app-context.ts';
import { Arcs } from '../parts/arcs.tsx';
import { DeviceFields, offersDevices } from '../parts/device-fields.tsx';
import { DeviceNewsBanner } from '../parts/device-news.tsx';
import { Heading } from '../parts/heading.tsx';
import { Icon } from '../parts/icons.tsx';
import { LevelMeter } from '../parts/level-meter.tsx';
import { Page } from '../parts/page.tsx';
import { StreamVideo } from '../parts/stream-video.tsx';
import type { DeviceFailure, DeviceState, OwnCheckReport } from '../state/app-model.ts';
import { OwnCheckNote, ShieldRow, ShieldSettings } from './shield/green-room-shield.tsx';

/** One sees oneself before anybody else does; each way in which devices fail has its own help. */
export function GreenRoom() {
  const { state, failure, ...devices } = useApp().devices.value;
  return (
    <Page width="wide">
      <div class={`green-room ${state}`}>
        <Preview camera={devices.camera} failed={state === 'failed'} />
        <div class="green-side">
          {state === 'ready' && <Ready />}
          {state === 'failed' && failure !== null && <Failed failure={failure} />}
          {(state === 'not-asked' || state === 'asking') && <Ask asking={state === 'asking'} />}
        </div>
      </div>
    </Page>
  );
}

function Preview({ camera, failed }: { camera: DeviceState; failed: boolean }) {
  const app = useApp();
  const stream = app.selfStream.value;
  return (
    <figure class="tile me preview">
      {stream !== null && camera === 'on' ? (
        <StreamVideo
          stream={stream}
          label={t('site.you')}
          muted
          mirrored={app.deviceChoice.mirrored.value}
        />
      ) : (
        <PreviewNote camera={camera} failed={failed} />
      )}
      <figcaption class="tag">{t('site.you')}</figcaption>
    </figure>
  );
}

/** What the preview says while there is no picture in it. */
function PreviewNote({ camera, failed }: { camera: DeviceState; failed: boolean }) {
  if (failed || camera === 'off') {
    return (
      <div class="tile-note">
        <Icon name="cameraOff" size={40} />
        <p>{t('greenRoom.noCamera')}</p>
      </div>
    );
  }
  return (
    <div class="tile-note">
      <Arcs mood="still" />
      <p>{t('greenRoom.preview')}</p>
    </div>
  );
}

function Ask({ asking }: { asking: boolean }) {
  const app = useApp();
  return (
    <>
      <Heading>{t('greenRoom.title')}</Heading>
      <p class="lead">{t('greenRoom.lead')}</p>
      {asking ? (
        <p class="note" role="note">
          <Icon name="info" size={20} />
          <span>{t('greenRoom.asking')}</span>
        </p>
      ) : (
        <button type="button" class="btn big primary" onClick={() => app.allowDevices()}>
          {t('greenRoom.allow')}
        </button>
      )}
      <TextOnly />
    </>
  );
}

function TextOnly() {
  const app = useApp();
  return (
    <button type="button" class="btn plain" onClick={() => app.continueToQueue('text')}>
      {t('greenRoom.textOnly')}
    </button>
  );
}

function Ready() {
  const app = useApp();
  const { camera, microphone } = app.devices.value;
  const sound = app.deviceChoice.sound.value;
  const hears = sound !== null && microphone === 'on';
  const own = app.ownCheck.value;
  const mayContinue = own.state !== 'explicit' && own.state !== 'unavailable';
  return (
    <>
      <ReadyTitle state={own.state} />
      <DeviceNewsBanner />
      <ul class="checks">
        <DeviceRow device="camera" state={camera} onToggle={() => app.toggleCamera()} />
        <DeviceRow device="microphone" state={microphone} onToggle={() => app.toggleMicrophone()}>
          {hears && <LevelMeter stream={sound} />}
        </DeviceRow>
        <ShieldRow />
      </ul>
      {hears && mayContinue && <p class="hint">{t('greenRoom.hearing')}</p>}
      <OwnCheckNote />
      {mayContinue && (
        <button
          type="button"
          class="btn big primary"
          aria-busy={own.continuing}
          onClick={() => app.continueToQueue()}
        >
          {t('greenRoom.continue')}
        </button>
      )}
      <TextOnly />
      <DeviceSettings />
      <ShieldSettings />
    </>
  );
}

/** Folded, since what is in use is right for most; absent where there is nothing to choose. */
function DeviceSettings() {
  if (!offersDevices(useApp().deviceChoice.lists.value)) return null;
  return (
    <details class="folded">
      <summary>{t('greenRoom.devices')}</summary>
      <DeviceFields />
    </details>
  );
}

/** Ready, or why one's own picture keeps the queue closed. */
function ReadyTitle({ state }: { state: OwnCheckReport['state'] }) {
  const [title, lead] = (
    {
      explicit: ['shield.ownExplicitTitle', 'shield.ownExplicit'],
      unavailable: ['shield.ownUnavailableTitle', 'shield.ownUnavailable'],
      none: ['greenRoom.ready', 'greenRoom.readyLead'],
      waiting: ['greenRoom.ready', 'greenRoom.readyLead'],
      checking: ['greenRoom.ready', 'greenRoom.readyLead'],
      clean: ['greenRoom.ready', 'greenRoom.readyLead'],
    } as const
  )[state];
  return (
    <>
      <Heading key={title}>{t(title)}</Heading>
      <p class="lead">{t(lead)}</p>
    </>
  );
}

/** A device by name, what it does, and a switch where there is something to switch. */
function DeviceRow({
  device,
  state,
  onToggle,
  children,
}: {
  device: 'camera' | 'microphone';
  state: DeviceState;
  onToggle: () => void;
  children?: ComponentChildren;
}) {
  const icons = {
    camera: { on: 'camera', off: 'cameraOff' },
    microphone: { on: 'microphone', off: 'microphoneOff' },
  } as const;
  const name = t(`greenRoom.${device}`);
  const here = state === 'on' || state === 'off';
  return (
    <li>
      <Icon name={icons[device][state === 'on' ? 'on' : 'off']} />
      <span class="device-name">{name}</span>
      {children}
      <span class={`state ${state}`}>{t(`greenRoom.state.${state}`)}</span>
      {here && (
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            aria-label={name}
            checked={state === 'on'}
            onChange={onToggle}
          />
        </label>
      )}
    </li>
  );
}

/** What can't be mended by asking again offers no "Try again". */
const FINAL: ReadonlySet<DeviceFailure['kind']> = new Set<DeviceFailure['kind']>([
  'insecure',
  'unsupported',
]);

function Failed({ failure }: { failure: DeviceFailure }) {
  const app = useApp();
  const { kind, device } = failure;
  const what = t(`greenRoom.what.${device}`);
  const withoutCamera = device === 'camera' && !FINAL.has(kind);
  return (
    <div class="failure">
      <span class="badge large warn">
        <Icon name={device === 'microphone' ? 'microphoneOff' : 'cameraOff'} />
      </span>
      <Heading>{t(`greenRoom.failure.${kind}.title`, { what })}</Heading>
      <p class="lead">{t(`greenRoom.failure.${kind}.text`, { what })}</p>
      <ol class="steps">
        <li>{t(`greenRoom.failure.${kind}.step1`)}</li>
        <li>{t(`greenRoom.failure.${kind}.step2`)}</li>
      </ol>
      <div class="go">
        {!FINAL.has(kind) && (
          <button type="button" class="btn big primary" onClick={() => app.allowDevices()}>
            {t('greenRoom.again')}
          </button>
        )}
        {withoutCamera && (
          <button
            type="button"
            class="btn big"
            onClick={() => app.allowDevices({ camera: false, microphone: true })}
          >
            {t('greenRoom.soundOnly')}
          </button>
        )}
      </div>
      <TextOnly />
    </div>
  );
}
