import '../styles/later.css';
import '../styles/green-room.css';
import { Brand } from '@farandole/ui/arcs';
import type { ComponentChildren } from 'preact';
import { heard } from '../a11y/hearing.ts';
import type { DeviceFailure } from '../devices/devices-view.ts';
import { CopyLink } from '../help/copy-button.tsx';
import { restOf } from '../help/device-help.ts';
import { browserPlatformOf } from '../help/which-browser.ts';
import { percentOf, t } from '../i18n/words.ts';
import { isSecondClick } from '../ui/double-click.ts';
import { Heading } from '../ui/heading.tsx';
import { Icon, type IconName } from '../ui/icons.tsx';
import { offeredModes } from '../ui/offered-modes.ts';
import { useApp } from './app-context.ts';
import { MicrophoneRow, SpeakerRow } from './green-room/checks.tsx';
import { Controls } from './green-room/controls.tsx';
import { ExposureLine } from './green-room/exposure-line.tsx';
import { Problems } from './green-room/problems.tsx';
import { readinessWords } from './green-room/readiness.ts';
import { SelfView } from './green-room/self-view.tsx';
import { questionPart } from './question/question-part.ts';
import { DeviceChangeBanner } from './shared/device-change.tsx';
import { HelpSteps, useHelp } from './shared/help-panel.tsx';
import { lazy } from './shared/lazy.tsx';
import { LinkBanner } from './shared/link-banner.tsx';
import { SettingsButton } from './shared/settings-button.tsx';
import { voicePart } from './voice/voice-part.ts';

const questionRoom = lazy(async () => (await questionPart.load()).QuestionRoom);

/** The room before a search, where the user gets ready. */
export function GreenRoom() {
  return useApp().navigation.mode === 'question' ? <questionRoom.Part /> : <DeviceRoom />;
}

/** Shows the user their own picture, in the whole window, before a stranger sees it. */
function DeviceRoom() {
  const app = useApp();
  const { state, failure, camera } = app.devices.view.value;
  const isVoice = app.navigation.mode === 'voice';
  if (offeredModes().includes('voice')) voicePart.prepare();
  return (
    <div class={`green ${state}`}>
      {isVoice ? <VoiceView /> : <SelfView state={state} camera={camera} />}
      <header class="green-top">
        <a
          class="home"
          href="#"
          aria-label="Farandole"
          onClick={(event) => {
            event.preventDefault();
            app.navigation.home();
          }}
        >
          <Brand />
        </a>
        <SettingsButton />
      </header>
      <LinkBanner />
      <main class="green-panel" data-keeps-focus>
        {state === 'ready' && (isVoice ? <ReadyForVoice /> : <Ready />)}
        {state === 'failed' && failure !== null && <Failed failure={failure} />}
        {(state === 'not-asked' || state === 'asking') && <Ask asking={state === 'asking'} />}
      </main>
    </div>
  );
}

function Ask({ asking }: { asking: boolean }) {
  const app = useApp();
  const inApp = browserPlatformOf(app.browser).app;
  const voice = app.navigation.mode === 'voice' ? voicePart.model.value : null;
  return (
    <>
      {voice !== null ? (
        <voice.VoiceAsk asking={asking} />
      ) : (
        <>
          <Heading>{t('greenRoom.title')}</Heading>
          <p class="lead">{t(asking ? 'greenRoom.asking' : 'greenRoom.lead')}</p>
        </>
      )}
      {asking && (
        <span class="to-question">
          <Icon name="arrow" size={56} />
        </span>
      )}
      <BeforeAsking inApp={inApp} />
      <ExposureLine />
      <div class="green-acts">
        {inApp !== null && <CopyLink primary />}
        {!asking && (
          <BigButton main={inApp === null} press={() => void app.navigation.askDevices()}>
            {t(voice === null ? 'greenRoom.allow' : 'voice.allow')}
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

function BigButton({
  main = false,
  press,
  children,
}: {
  main?: boolean;
  press: () => void;
  children: ComponentChildren;
}) {
  return (
    <button type="button" class={main ? 'btn big primary' : 'btn big'} onClick={press}>
      {children}
    </button>
  );
}

/** @param only whether the screen has no other action */
function TextOnly({ only = false }: { only?: boolean }) {
  const app = useApp();
  const press = (): void => app.navigation.continueToQueue('text');
  if (!offeredModes().includes('text')) return null;
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
      <DeviceChangeBanner />
      <ReadyTitle />
      <Problems />
      <ExposureLine />
      {voicePart.model.value !== null && <voicePart.model.value.StartsFrom />}
      <Controls />
      {own.continuing && load.state === 'loading' && (
        <p class="hint">{t('shield.meanwhile.offer')}</p>
      )}
      <div class="green-acts">
        {mayContinue && <Meet />}
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
 * The button that starts the search. While the shield loads, the button shows the progress; a
 * press then counts as soon as the shield is ready.
 */
function Meet() {
  const app = useApp();
  const { continuing } = app.navigation.ownCheck.value;
  const load = app.shield.classifier.value;
  const isVideo = app.navigation.mode === 'video';
  const share = isVideo && load.state === 'loading' ? load.share : null;
  const progress = share === null ? null : t('greenRoom.shieldAt', { percent: percentOf(share) });
  const label = continuing ? (progress ?? t('greenRoom.checking')) : t('greenRoom.meet');
  return (
    <button
      type="button"
      class={share === null ? 'btn big spark meet' : 'btn big spark meet loads'}
      style={{ '--share': share ?? 1 }}
      aria-busy={continuing}
      aria-describedby={progress === null || continuing ? undefined : 'meet-progress'}
      onClick={(event) => {
        if (!isSecondClick(event)) app.navigation.continueToQueue();
      }}
    >
      <span>{label}</span>
      {progress !== null && !continuing && (
        // The progress is the button's description, so that its name stays the same.
        <span id="meet-progress" class="small" aria-hidden="true">
          {progress}
        </span>
      )}
    </button>
  );
}

/** In place of the user's own picture. */
function VoiceView() {
  return (
    <figure class="self">
      <div class="self-note">
        <Icon name="microphone" size={56} />
      </div>
      <figcaption class="sr">{t('site.you')}</figcaption>
    </figure>
  );
}

function ReadyForVoice() {
  const voice = voicePart.model.value;
  if (voice === null) return null;
  return (
    <>
      <DeviceChangeBanner />
      <voice.VoiceReady
        checks={
          <>
            <MicrophoneRow />
            <SpeakerRow />
          </>
        }
      >
        <ExposureLine />
        <div class="green-acts">
          <Meet />
          <TextOnly />
        </div>
      </voice.VoiceReady>
    </>
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
  const isDismissed = failure.kind === 'dismissed';
  const isVoice = app.navigation.mode === 'voice';
  return (
    <>
      <div class="what-failed">
        <span class="badge large warn">
          <Icon name={failure.device === 'microphone' ? 'microphoneOff' : 'cameraOff'} />
        </span>
        <Heading key={title}>{t(title, values)}</Heading>
        <p class="lead">{t(text, values)}</p>
      </div>
      <HelpSteps help={help} />
      <div class="green-acts">
        {copiesLink && <CopyLink primary />}
        {mayMend && (
          <BigButton main={!copiesLink} press={() => void app.navigation.askDevices()}>
            {t(isDismissed && !isVoice ? 'greenRoom.allow' : 'greenRoom.again')}
          </BigButton>
        )}
        {mayMend &&
          !isVoice &&
          restOf(failure).map((wanted) => (
            <BigButton key={wanted.camera} press={() => void app.devices.ask(wanted)}>
              {t(wanted.camera ? 'greenRoom.pictureOnly' : 'greenRoom.soundOnly')}
            </BigButton>
          ))}
        <TextOnly only={!mayMend && !copiesLink} />
      </div>
    </>
  );
}
