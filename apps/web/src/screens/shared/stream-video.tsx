import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { keepPlaying, play } from '../../sound/keep-playing.ts';
import { useApp } from '../app-context.ts';

/**
 * A `<video>` with a live stream. If the browser blocks the sound, the component asks the user
 * to press a button.
 */
export function StreamVideo({
  stream,
  label,
  muted,
  mirrored = false,
}: {
  stream: MediaStream;
  label: string;
  muted: boolean;
  mirrored?: boolean;
}) {
  const video = useRef<HTMLVideoElement>(null);
  const refused = useSignal(false);
  const { speaker } = useApp().devices.lists.value;
  const tell = (isRefused: boolean): void => {
    refused.value = isRefused;
  };
  useLayoutEffect(() => {
    const element = video.current;
    if (element === null) return;
    // The code sets the property `muted`, because Preact would set only the attribute, which has
    // no effect after the element exists.
    element.muted = muted;
    if (element.srcObject !== stream) element.srcObject = stream;
    const stop = keepPlaying(element, tell);
    return () => {
      stop();
      element.srcObject = null;
      // Picture-in-picture is disabled on the video, because its window would still show the video
      // after the video was covered.
      if (document.pictureInPictureElement === element) {
        document.exitPictureInPicture().catch(() => {});
      }
    };
  }, [stream, muted]);
  useLayoutEffect(() => {
    const element = video.current;
    // Safari on phones has no `setSinkId`, so the page can't choose the speaker there.
    if (element === null || muted || !('setSinkId' in element)) return;
    // `setSinkId` rejects if the chosen speaker is gone. The default speaker then continues to
    // play.
    element.setSinkId(speaker ?? '').catch(() => {});
  }, [speaker, muted]);
  return (
    <>
      <video
        ref={video}
        class={mirrored ? 'mirror' : undefined}
        aria-label={label}
        playsInline
        disablePictureInPicture={muted}
      />
      {refused.value && (
        <button
          type="button"
          class="btn spark hear"
          onClick={() => {
            if (video.current !== null) play(video.current, tell);
          }}
        >
          {t('call.hear')}
        </button>
      )}
    </>
  );
}
