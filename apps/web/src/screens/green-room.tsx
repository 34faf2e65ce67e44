import '../styles/stage.css';
import '../styles/folded.css';
import '../styles/green-room.css';
import '../styles/stay.css';
import { Arcs } from '@farandole/ui/arcs';
import { heard } from '../a11y/hearing.ts';
import type { DeviceFailure, DeviceState, DevicesView } from '../devices/devices-view.ts';
import { CopyLink } from '../help/copy-button.tsx';
import { restOf } from '../help/device-help.ts';
import { browserPlatformOf } from '../help/which-browser.ts';
import { t } from '../i18n/words.ts';
import { Heading } from '../ui/heading.tsx';
import { Icon, type IconName } from '../ui/icons.tsx';
import { useApp } from './app-context.ts';
import { Checks } from './green-room/checks.tsx';
import { readinessWords } from './green-room/readiness.ts';
import { StartSwitches } from './settings/devices.tsx';
import { DeviceChangeBanner } from './shared/device-change.tsx';
import { DeviceFields } from './shared/device-fields.tsx';
import { HelpSteps, useHelp } from './shared/help-panel.tsx';
import { Page } from './shared/page.tsx';
import { StreamVideo } from './shared/stream-video.tsx';
import { OwnCheckNote, ShieldSettings } from './shield/green-room-shield.tsx';

export function GreenRoom() {
  const { state, failure, ...devices } = useApp().devices.view.value;
  return (
    <Page width="wide">
      <div class={`green-room ${state}`}>
        <Preview camera={devices.camera} state={state} />
        <div class="green-side" data-keeps-focus>
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

function Preview(shown: { camera: DeviceState; state: DevicesView['state'] }) {
  const app = useApp();
  const stream = app.devices.selfStream.value;
  return (
    <figure class="tile me preview">
      {stream !== null && shown.camera === 'on' ? (
        <StreamVideo
          stream={stream}
          label={t('site.you')}
          muted
          mirrored={app.devices.mirrored.value}
        />
      ) : (
        <PreviewNote {...shown} />
      )}
      <figcaption class="tag">{t('site.you')}</figcaption>
    </figure>
  );
}

function PreviewNote({ camera, state }: { camera: DeviceState; state: DevicesView['state'] }) {
  const isAnswered = state === 'failed' || state === 'ready';
  if (isAnswered && camera !== 'on') {
    return (
      <div class="tile-note">
        <Icon name="cameraOff" size={40} />
        <p>{t(camera === 'off' ? 'greenRoom.noCamera' : 'greenRoom.noPicture')}</p>
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
  const inApp = browserPlatformOf(app.browser).app;
  return (
    <>
      <Heading>{t('greenRoom.title')}</Heading>
      <p class="lead">{t('greenRoom.lead')}</p>
      {asking && (
        <>
          <span class="to-question">
            <Icon name="arrow" size={56} />
          </span>
          <Note icon="info">{t('greenRoom.asking')}</Note>
        </>
      )}
      <BeforeAsking inApp={inApp} />
      <div class="go stays">
        {inApp !== null && <MainCopy />}
        {!asking && (
          <BigButton main={inApp === null} press={() => void app.devices.ask()}>
            {t('greenRoom.allow')}
          </BigButton>
        )}
        <TextOnly />
      </div>
    </>
  );
}

function BeforeAsking({ inApp }: { inApp: string | null }) {
  const isBlocked = useApp().connectionCheck.state.value === 'blocked';
  if (inApp === null)
    return isBlocked ? <Note icon="alert">{t('greenRoom.wayHint.blocked')}</Note> : null;
  if (inApp === '') return <Note icon="info">{t('help.inApp.beforeUnnamed')}</Note>;
  return <Note icon="info">{t('help.inApp.before', { app: inApp })}</Note>;
}

function Note({ icon, children }: { icon: IconName; children: string }) {
  return (
    <p class="note" role="note">
      <Icon name={icon} size={20} />
      <span>{children}</span>
    </p>
  );
}

/**
 * Copies the page's link, because the user must open it in another browser than this in-app
 * browser.
 */
function MainCopy() {
  return (
    <div class="stay">
      <CopyLink primary />
    </div>
  );
}

/** The style sheet keeps the main button in the visible part of the screen. */
function BigButton({
  main = false,
  press,
  isBusy = false,
  children,
}: {
  main?: boolean;
  press: () => void;
  isBusy?: boolean;
  children: string;
}) {
  const button = (
    <button
      type="button"
      class={main ? 'btn big primary' : 'btn big'}
      aria-busy={isBusy}
      onClick={press}
    >
      {children}
    </button>
  );
  return main ? <div class="stay">{button}</div> : button;
}

/** @param only whether the screen has no other action */
function TextOnly({ only = false }: { only?: boolean }) {
  const app = useApp();
  const press = (): void => app.navigation.continueToQueue('text');
  if (only) {
    return (
      <BigButton main press={press}>
        {t('greenRoom.textOnly')}
      </BigButton>
    );
  }
  return (
    <button type="button" class="btn plain" onClick={press}>
      {t('greenRoom.textOnly')}
    </button>
  );
}

function Ready() {
  const app = useApp();
  const own = app.navigation.ownCheck.value;
  const load = app.shield.classifier.value;
  const mayContinue = own.state !== 'explicit' && own.state !== 'unavailable';
  // If the browser can't run the shield, no retry is offered, because it can't help.
  const mayRetry =
    own.state === 'unavailable' && !(load.state === 'failed' && load.fault === 'unsupported');
  return (
    <>
      <ReadyTitle />
      <DeviceChangeBanner />
      <Checks />
      <OwnCheckNote />
      <div class="go stays">
        {mayContinue && (
          <BigButton main isBusy={own.continuing} press={() => app.navigation.continueToQueue()}>
            {t('greenRoom.meet')}
          </BigButton>
        )}
        {mayRetry && (
          <BigButton main press={() => app.shield.retry()}>
            {t('shield.retry')}
          </BigButton>
        )}
        <TextOnly only={!mayContinue && !mayRetry} />
      </div>
    </>
  );
}

/**
 * Lets the user choose devices. The list starts collapsed, because the current devices suit most
 * users.
 */
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

function ReadyTitle() {
  const app = useApp();
  const [title, lead] = readinessWords({
    own: app.navigation.ownCheck.value,
    devices: app.devices.view.value,
    heard: heard.value,
    way: app.connectionCheck.state.value,
  });
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
      <div class="go stays">
        {copiesLink && <MainCopy />}
        {mayMend && (
          <BigButton main={!copiesLink} press={() => void app.devices.ask()}>
            {t(failure.kind === 'dismissed' ? 'greenRoom.allow' : 'greenRoom.again')}
          </BigButton>
        )}
        {mayMend &&
          restOf(failure).map((wanted) => (
            <BigButton key={wanted.camera} press={() => void app.devices.ask(wanted)}>
              {t(wanted.camera ? 'greenRoom.pictureOnly' : 'greenRoom.soundOnly')}
            </BigButton>
          ))}
        <TextOnly only={!mayMend && !copiesLink} />
      </div>
    </div>
  );
}
