import '../../styles/video-offer.css';
import type { Mode } from '@farandole/protocol/fields';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { VideoOfferView } from '../../call/call-view.ts';
import type { DeviceFailure } from '../../devices/devices-view.ts';
import { restOf } from '../../help/device-help.ts';
import { t, type WordKey } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { useHelp } from '../shared/help-panel.tsx';
import { StreamVideo } from '../shared/stream-video.tsx';
import { voicePart } from '../voice/voice-part.ts';

/** The texts about the next mode of a call. */
const VIDEO = {
  title: 'video.title',
  theirs: 'video.theirs',
  theirsText: 'video.theirsText',
  asking: 'video.asking',
  ready: 'video.ready',
  readyText: 'video.readyText',
  readyBoth: 'video.readyBoth',
  start: 'video.start',
  waitingText: 'video.waitingText',
} as const;
const VOICE: Readonly<Record<keyof typeof VIDEO, WordKey>> = {
  title: 'voice.up.title',
  theirs: 'voice.up.theirs',
  theirsText: 'voice.up.theirsText',
  asking: 'voice.up.asking',
  ready: 'voice.up.ready',
  readyText: 'voice.up.readyText',
  readyBoth: 'voice.up.readyBoth',
  start: 'voice.up.start',
  waitingText: 'voice.up.waitingText',
};

function wordsTo(mode: Mode): Readonly<Record<keyof typeof VIDEO, WordKey>> {
  return mode === 'video' ? VIDEO : VOICE;
}

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
  if (offer.to === 'voice' && voicePart.model.value === null) return null;
  return <Panel key={state} offer={offer} focused={focused} />;
}

function Panel({ offer, focused }: { offer: VideoOfferView; focused: { current: boolean } }) {
  const app = useApp();
  const panel = useRef<HTMLElement>(null);
  const { state, refused } = offer;
  const w = wordsTo(offer.to);
  // In a voice call the stranger may already hear the user.
  const isVoice = app.call.view.value?.mode === 'voice' && voicePart.model.value !== null;
  // This element takes the focus if the button that the user pressed disappeared. The peer's
  // actions never move the focus.
  useLayoutEffect(() => {
    const isOwn = state === 'getting-ready' || focused.current;
    if (isOwn && document.activeElement === document.body) panel.current?.focus();
  }, []);
  return (
    <section
      class={`video-offer ${state}`}
      aria-label={t(w.title)}
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
        <Step title={t(w.theirs)} text={t(w.theirsText)}>
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
          <Step
            title={t('video.waiting')}
            text={t(isVoice ? 'voice.up.waitingVideo' : w.waitingText)}
          >
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
 * Previews the user's own video before the call becomes a video call. The peer doesn't see the
 * preview. For voice there is nothing to see, and the microphone is open.
 */
function GettingReady({ offer }: { offer: VideoOfferView }) {
  const app = useApp();
  const { state, failure } = app.devices.view.value;
  const w = wordsTo(offer.to);
  if (state === 'failed' && failure !== null) return <Failed failure={failure} />;
  if (state !== 'ready') {
    return (
      <Step title={t(w.asking)} text={t('greenRoom.asking')}>
        <NotNow />
      </Step>
    );
  }
  const own = app.navigation.ownCheck.value;
  const isBarred =
    offer.to === 'video' && (own.state === 'explicit' || own.state === 'unavailable');
  const text = own.state === 'explicit' ? t('shield.ownExplicit') : t('shield.ownUnavailable');
  return (
    <>
      <Preview />
      <Step
        title={t(isBarred ? 'video.notReady' : w.ready)}
        text={isBarred ? text : t(offer.peer ? w.readyBoth : w.readyText)}
      >
        {isBarred && own.state === 'unavailable' && (
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
            {t(offer.mayAgree ? (offer.peer ? w.start : 'video.ask') : 'video.checking')}
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
