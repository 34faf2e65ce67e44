import '../../styles/video-offer.css';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { VideoOfferView } from '../../call/call-view.ts';
import type { DeviceFailure } from '../../devices/devices-view.ts';
import { restOf } from '../../help/device-help.ts';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { useHelp } from '../shared/help-panel.tsx';
import { StreamVideo } from '../shared/stream-video.tsx';

export function VideoOffer({ offer }: { offer: VideoOfferView }) {
  const { state, refused } = offer;
  /**
   * Whether the focus was inside this element before the previous step of the video offer
   * disappeared.
   */
  const focused = useRef(false);
  // When video starts, the offer disappears and the focus moves to the heading.
  useLayoutEffect(
    () => () => {
      if (focused.current) document.querySelector('h1')?.focus();
    },
    [],
  );
  if (state === 'possible' && refused === null) return null;
  return <Panel key={state} offer={offer} focused={focused} />;
}

function Panel({ offer, focused }: { offer: VideoOfferView; focused: { current: boolean } }) {
  const app = useApp();
  const panel = useRef<HTMLElement>(null);
  const { state, refused } = offer;
  // This element takes the focus if the button that the user pressed disappeared. The peer's
  // actions never move the focus.
  useLayoutEffect(() => {
    const isOwn = state === 'getting-ready' || focused.current;
    if (isOwn && document.activeElement === document.body) panel.current?.focus();
  }, []);
  return (
    <section
      class={`video-offer ${state}`}
      aria-label={t('video.title')}
      tabIndex={-1}
      ref={panel}
      onFocusIn={() => {
        focused.current = true;
      }}
      onFocusOut={({ relatedTarget }) => {
        if (relatedTarget !== null) focused.current = false;
      }}
    >
      {state === 'possible' && refused !== null && (
        <p class="said">
          <Icon name="info" size={20} />
          <span>{t(`video.refused.${refused}`)}</span>
        </p>
      )}
      {state === 'theirs' && (
        <Step title={t('video.theirs')} text={t('video.theirsText')}>
          <button type="button" class="btn primary" onClick={() => app.call.video.value?.prepare()}>
            {t('video.yes')}
          </button>
          <NotNow />
        </Step>
      )}
      {state === 'getting-ready' && <GettingReady offer={offer} />}
      {state === 'waiting' && (
        <>
          <Preview />
          <Step title={t('video.waiting')} text={t('video.waitingText')}>
            <button type="button" class="btn" onClick={() => app.call.video.value?.decline()}>
              {t('video.takeBack')}
            </button>
          </Step>
        </>
      )}
    </section>
  );
}

function Step({
  title,
  text,
  children,
}: {
  title: string;
  text: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="step">
      <h2>{title}</h2>
      <p class="soft small">{text}</p>
      <div class="go">{children}</div>
    </div>
  );
}

/**
 * Previews the user's own video before a text call becomes a video call. The peer doesn't see
 * the preview.
 */
function GettingReady({ offer }: { offer: VideoOfferView }) {
  const app = useApp();
  const { state, failure } = app.devices.view.value;
  if (state === 'failed' && failure !== null) return <Failed failure={failure} />;
  if (state !== 'ready') {
    return (
      <Step title={t('video.asking')} text={t('greenRoom.asking')}>
        <NotNow />
      </Step>
    );
  }
  const own = app.navigation.ownCheck.value;
  const isBarred = own.state === 'explicit' || own.state === 'unavailable';
  const text = own.state === 'explicit' ? t('shield.ownExplicit') : t('shield.ownUnavailable');
  return (
    <>
      <Preview />
      <Step
        title={t(isBarred ? 'video.notReady' : 'video.ready')}
        text={isBarred ? text : t(offer.peer ? 'video.readyBoth' : 'video.readyText')}
      >
        {own.state === 'unavailable' && (
          <button type="button" class="btn" onClick={() => app.shield.retry()}>
            {t('shield.retry')}
          </button>
        )}
        {!isBarred && (
          <button
            type="button"
            class="btn primary"
            aria-disabled={!offer.mayAgree}
            aria-busy={!offer.mayAgree}
            onClick={() => app.call.video.value?.agree()}
          >
            {t(offer.mayAgree ? (offer.peer ? 'video.start' : 'video.ask') : 'video.checking')}
          </button>
        )}
        <NotNow />
      </Step>
    </>
  );
}

function Failed({ failure }: { failure: DeviceFailure }) {
  const app = useApp();
  const { title, text, steps, mayMend, values } = useHelp(failure);
  const [first] = steps;
  return (
    <Step title={t(title, values)} text={t(first?.words ?? text, values)}>
      {mayMend && (
        <button type="button" class="btn primary" onClick={() => app.call.video.value?.prepare()}>
          {t('greenRoom.again')}
        </button>
      )}
      {mayMend &&
        restOf(failure).map((wanted) => (
          <button
            key={wanted.camera}
            type="button"
            class="btn"
            onClick={() => app.call.video.value?.prepare(wanted)}
          >
            {t(wanted.camera ? 'greenRoom.pictureOnly' : 'greenRoom.soundOnly')}
          </button>
        ))}
      <NotNow />
    </Step>
  );
}

function NotNow() {
  const app = useApp();
  return (
    <button type="button" class="btn" onClick={() => app.call.video.value?.decline()}>
      {t('video.notNow')}
    </button>
  );
}

function Preview() {
  const { devices } = useApp();
  const stream = devices.selfStream.value;
  if (stream === null || devices.lists.value.blur === 'starting') return null;
  const mirrored = devices.mirrored.value;
  return (
    <figure class="preview">
      <StreamVideo stream={stream} label={t('site.you')} muted mirrored={mirrored} />
    </figure>
  );
}
