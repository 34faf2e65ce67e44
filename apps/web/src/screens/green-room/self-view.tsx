import { Arcs } from '@farandole/ui/arcs';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { DevicesView } from '../../devices/devices-view.ts';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { useEffectPart } from '../shared/effect-part.ts';
import { StreamVideo } from '../shared/stream-video.tsx';

/** Width in pixels of the picture behind the user's own picture. */
const BACKDROP_PIXELS = 16;
const BACKDROP_EVERY_MS = 250;

/**
 * Fills the window with the user's own picture. The picture itself is never cut, because the
 * stranger will see all of it; a coarse copy fills the rest of the window.
 */
export function SelfView({ state, camera }: Pick<DevicesView, 'state' | 'camera'>) {
  const { devices } = useApp();
  const stream = devices.selfStream.value;
  const isMirrored = devices.mirrored.value;
  const effects = useEffectPart();
  const figure = useRef<HTMLElement>(null);
  const backdrop = useRef<HTMLCanvasElement>(null);
  const isShown = stream !== null && camera === 'on' && devices.lists.value.blur !== 'starting';
  useLayoutEffect(() => {
    const video = figure.current?.querySelector('video');
    if (!isShown || video === undefined || video === null) return;
    const draw = (): void => {
      const { videoWidth, videoHeight } = video;
      const canvas = backdrop.current;
      if (canvas === null || videoWidth === 0) return;
      figure.current?.style.setProperty('--ratio', String(videoWidth / videoHeight));
      canvas.width = BACKDROP_PIXELS;
      canvas.height = Math.max(1, Math.round((BACKDROP_PIXELS * videoHeight) / videoWidth));
      canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
    };
    const timer = setInterval(draw, BACKDROP_EVERY_MS);
    video.addEventListener('resize', draw);
    video.addEventListener('loadeddata', draw);
    return () => {
      clearInterval(timer);
      video.removeEventListener('resize', draw);
      video.removeEventListener('loadeddata', draw);
    };
  }, [isShown, stream]);
  const note = state === 'ready' ? <Icon name="cameraOff" size={56} /> : <Arcs mood="still" />;
  return (
    <figure class="self" ref={figure}>
      {isShown ? (
        <>
          <canvas
            ref={backdrop}
            class={isMirrored ? 'backdrop mirror' : 'backdrop'}
            aria-hidden="true"
          />
          <StreamVideo stream={stream} label={t('site.you')} muted mirrored={isMirrored} />
        </>
      ) : (
        <div class="self-note">
          {effects === null ? note : <effects.SelfNote>{note}</effects.SelfNote>}
        </div>
      )}
      <figcaption class="sr">{t('site.you')}</figcaption>
    </figure>
  );
}
