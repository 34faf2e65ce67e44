import '../styles/stage.css';
import '../styles/folded.css';
import '../styles/green-room.css';
import '../styles/stay.css';
import { Arcs } from '@farandole/look/arcs';
import { CopyLink } from '../help/copy-button.tsx';
import { HelpSteps, useHelp } from '../help/help-panel.tsx';
import { browserPlaceOf } from '../help/which-browser.ts';
import { t } from '../i18n/words.ts';
import { useApp } from '../parts/app-context.ts';
import { DeviceFields } from '../parts/device-fields.tsx';
import { DeviceNewsBanner } from '../parts/device-news.tsx';
import { Heading } from '../parts/heading.tsx';
import { Icon } from '../parts/icons.tsx';
import { Page } from '../parts/page.tsx';
import { StreamVideo } from '../parts/stream-video.tsx';
import type { DeviceFailure, DeviceState, OwnCheckReport } from '../state/app-model.ts';
import { Checks } from './green-room/checks.tsx';
import { StartSwitches } from './settings/devices.tsx';
import { OwnCheckNote, ShieldSettings } from './shield/green-room-shield.tsx';

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
        {state === 'ready' && (
          <div class="folds">
            <DeviceSettings />
            <ShieldSettings />
          </div>
        )}
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
      {asking && (
        <p class="note" role="note">
          <Icon name="info" size={20} />
          <span>{t('greenRoom.asking')}</span>
        </p>
      )}
      <div class="go stays">
        {!asking && (
          <MainButton press={() => app.allowDevices()}>{t('greenRoom.allow')}</MainButton>
        )}
        <TextOnly />
      </div>
      <BeforeAsking />
    </>
  );
}

/** What is known to stand in the way before anybody has answered anything. */
function BeforeAsking() {
  const app = useApp();
  const place = browserPlaceOf(app.browser);
  if (place.app !== null) {
    return (
      <section class="beside">
        <p class="note">
          <Icon name="info" size={20} />
          <span>
            {place.app === ''
              ? t('help.inApp.beforeUnnamed')
              : t('help.inApp.before', { app: place.app })}
          </span>
        </p>
        <CopyLink />
      </section>
    );
  }
  if (app.connectionCheck.value !== 'blocked') return null;
  return (
    <p class="note">
      <Icon name="alert" size={20} />
      <span>{t('greenRoom.wayHint.blocked')}</span>
    </p>
  );
}

/** The one thing to press, which stays in sight. */
function MainButton({
  press,
  isBusy = false,
  children,
}: {
  press: () => void;
  isBusy?: boolean;
  children: string;
}) {
  return (
    <div class="stay">
      <button type="button" class="btn big primary" aria-busy={isBusy} onClick={press}>
        {children}
      </button>
    </div>
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
  const own = app.ownCheck.value;
  const mayContinue = own.state !== 'explicit' && own.state !== 'unavailable';
  return (
    <>
      <ReadyTitle state={own.state} />
      <DeviceNewsBanner />
      <Checks />
      <OwnCheckNote />
      <div class="go stays">
        {mayContinue && (
          <MainButton isBusy={own.continuing} press={() => app.continueToQueue()}>
            {t('greenRoom.continue')}
          </MainButton>
        )}
        <TextOnly />
      </div>
    </>
  );
}

/** Folded, since what is in use is right for most. */
function DeviceSettings() {
  return (
    <details class="folded">
      <summary>{t('greenRoom.devices')}</summary>
      <div class="fold">
        <DeviceFields />
        <StartSwitches />
      </div>
    </details>
  );
}

/** Ready, or why one's own picture keeps the queue closed. */
function ReadyTitle({ state }: { state: OwnCheckReport['state'] }) {
  const [title, lead] = (
    {
      explicit: ['shield.ownExplicitTitle', 'shield.ownExplicit'],
      unavailable: ['shield.ownUnavailableTitle', 'shield.ownUnavailable'],
      none: ['greenRoom.readyUnseen', 'greenRoom.readyUnseenLead'],
      waiting: ['greenRoom.soon', 'greenRoom.readyLead'],
      checking: ['greenRoom.soon', 'greenRoom.readyLead'],
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

function Failed({ failure }: { failure: DeviceFailure }) {
  const app = useApp();
  const help = useHelp(failure);
  const { title, text, mayMend, copiesLink, values } = help;
  return (
    <div class="failure">
      <div class="what-failed">
        <span class="badge large warn">
          <Icon name={failure.device === 'microphone' ? 'microphoneOff' : 'cameraOff'} />
        </span>
        <Heading key={title}>{t(title, values)}</Heading>
        <p class="lead">{t(text, values)}</p>
      </div>
      <HelpSteps help={help} />
      {copiesLink && <CopyLink />}
      <div class="go stays">
        {mayMend && (
          <MainButton press={() => app.allowDevices()}>{t('greenRoom.again')}</MainButton>
        )}
        {mayMend && failure.device === 'camera' && (
          <button
            type="button"
            class="btn big"
            onClick={() => app.allowDevices({ camera: false, microphone: true })}
          >
            {t('greenRoom.soundOnly')}
          </button>
        )}
        <TextOnly />
      </div>
    </div>
  );
}
