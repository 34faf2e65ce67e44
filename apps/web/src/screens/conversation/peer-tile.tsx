import { Arcs } from '@farandole/ui/arcs';
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import type { CallView } from '../../call/call-view.ts';
import { t } from '../../i18n/words.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { useEffectPart } from '../shared/effect-part.ts';
import { StreamVideo } from '../shared/stream-video.tsx';
import { ShieldPanel } from '../shield/shield-panel.tsx';
import { hasRelay } from './has-relay.ts';
import { MatchReason } from './match-reason.tsx';
import { useRatio } from './picture-ratio.ts';
import { QualityLabel, SoundOnlyOffer } from './quality.tsx';
import { isSwapped } from './self-place.ts';
import { SwapButton } from './swap-button.tsx';
import { useSwipe } from './use-swipe.ts';
import { WriteButton } from './write-button.tsx';

/** The peer's tile. It shows the peer's video only if both the user and the shield allow it. */
export function PeerTile({ call }: { call: CallView }) {
  const app = useApp();
  const effects = useEffectPart();
  const stream = app.call.peerStream.value;
  const shown = stream !== null;
  const overridden = shown && call.shield?.state === 'resumed';
  const tile = useRef<HTMLElement>(null);
  const swiped = useCallback(() => app.navigation.next(), [app]);
  useSwipe(tile, swiped);
  useRatio(tile);
  return (
    <figure
      ref={tile}
      class={`tile them ${call.flow} camera-${call.peer.camera}${overridden ? ' overridden' : ''}`}
      data-keeps-focus
    >
      <div class="picture">
        {call.hasPicture && <Cover shown={shown} frozen={call.next.state === 'really'} />}
        {shown && <StreamVideo stream={stream} label={t('site.stranger')} muted={false} />}
        {shown && isSwapped.value && <SwapButton />}
      </div>
      <div class="front">
        <Notices call={call} />
        {call.quality?.offersSoundOnly === true && call.next.state === 'next' && <SoundOnlyOffer />}
        <Foreground call={call} shown={shown} />
        {shown && effects !== null && <effects.CaptionLine />}
        {shown && (
          <button
            type="button"
            class="btn on-dark cover-again"
            aria-label={
              overridden ? `${t('shield.overridden')} ${t('call.cover')}` : t('call.cover')
            }
            title={t('call.cover')}
            data-takes-focus="box"
            onClick={() => app.call.cover()}
          >
            <Icon name={overridden ? 'shield' : 'cover'} size={20} />
            <span>
              {overridden && <small>{t('shield.overridden')}</small>}
              {t('call.cover')}
            </span>
          </button>
        )}
      </div>
      <span class="swipe-sign" aria-hidden="true">
        <Icon name="arrow" size={28} />
      </span>
      <figcaption class="sr">{t('site.stranger')}</figcaption>
    </figure>
  );
}

/**
 * Shows the peer's picture 16 pixels wide, so that only colours are recognizable. The model draws
 * this small picture. While the peer is shown it fills the space around the video. While "Really?"
 * is asked it keeps its last frame.
 */
function Cover({ shown, frozen }: { shown: boolean; frozen: boolean }) {
  const app = useApp();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    app.call.attachCover(canvas.current);
    const stop = (): void => app.call.attachCover(null);
    if (!frozen) return stop;
    // The canvas keeps the frame that attaching has just drawn.
    stop();
    return;
  }, [app, frozen]);
  return (
    <canvas
      ref={canvas}
      class={shown ? 'cover around' : 'cover'}
      width={16}
      height={12}
      role="img"
      aria-hidden={shown}
      aria-label={shown ? undefined : t('call.coveredPicture')}
    />
  );
}

/** Short facts in the upper corner of the picture. None of them needs an action. */
function Notices({ call }: { call: CallView }) {
  const { peer, quality } = call;
  const isBad = quality !== null && quality.level !== 'good';
  // The question "Really?" is about this call's end, so it is alone.
  if (call.next.state === 'really') return null;
  return (
    <div class="notices">
      <MatchReason call={call} />
      {peer.microphone === 'off' && (
        <span class="tag">
          <Icon name="microphoneOff" size={16} />
          {t('call.peerMuted')}
        </span>
      )}
      {peer.present && isBad && <QualityLabel quality={quality} />}
      <Status call={call} />
    </div>
  );
}

/** Shows a message in the centre of the tile, on the cover or in place of a picture. */
function Foreground({ call, shown }: { call: CallView; shown: boolean }) {
  const { peer, shield } = call;
  if (call.next.state === 'really') return <Note icon="cover">{t('call.reallyHint')}</Note>;
  if (call.restoring) return <Note arcs>{t('call.restoring')}</Note>;
  // A message of the shield stays visible even if the peer turns the camera off.
  const isDecided = shield?.state === 'flagged' || shield?.state === 'unavailable';
  if (!isDecided && (peer.camera === 'off' || peer.camera === 'paused')) {
    return (
      <Note
        icon="cameraOff"
        action={!shown && call.cover === 'covered' && call.flow === 'flowing' && <Hear />}
      >
        {t(`call.peerCamera.${peer.camera}`)}
      </Note>
    );
  }
  if (shown) return null;
  if (!call.hasPicture) return <Connecting call={call} />;
  return shield === null ? null : <ShieldPanel call={call} shield={shield} />;
}

/** Asks whether the user wants to hear a peer who sends no picture. */
function Hear() {
  const app = useApp();
  return (
    <button type="button" class="btn on-dark" onClick={() => app.call.show()}>
      {t('call.hearThem')}
    </button>
  );
}

function Connecting({ call }: { call: CallView }) {
  const app = useApp();
  if (call.flow !== 'stuck') {
    return (
      <div class="tile-note meeting">
        <Arcs mood="meet" />
        <p>{t('call.connecting')}</p>
      </div>
    );
  }
  return (
    <div class="tile-note over asks">
      <Icon name="unplugged" size={32} />
      <p>{t(hasRelay(app) ? 'call.flow.stuck' : 'call.noRelay')}</p>
      <div class="go">
        <WriteButton />
      </div>
    </div>
  );
}

function Status({ call }: { call: CallView }) {
  if (call.restoring) return null;
  if (!call.peer.present) return <StatusLine text={t('call.away')} />;
  // The quality label says for how long the connection has been lost. This line says that media
  // might not come back.
  if (call.flow === 'stuck' && call.hasPicture) return <StatusLine text={t('call.flow.stuck')} />;
  return null;
}

function StatusLine({ text }: { text: string }) {
  return (
    <p class="tag status">
      <Icon name="unplugged" size={20} />
      <span>{text}</span>
    </p>
  );
}

function Note({
  icon,
  arcs = false,
  action,
  children,
}: {
  icon?: IconName;
  arcs?: boolean;
  action?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <div class="tile-note over">
      {arcs && <Arcs mood="meet" />}
      {icon !== undefined && <Icon name={icon} size={32} />}
      <p>{children}</p>
      {action}
    </div>
  );
}
