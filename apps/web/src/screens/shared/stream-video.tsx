import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { keepPlaying, play } from '../../sound/keep-playing.ts';
import { useApp } from '../app-context.ts';

/** A `<video>` of a live stream; a browser that won't play sound by itself is asked by a press. */
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
    // Preact sets `muted` as an attribute's default; only the property is obeyed.
    element.muted = muted;
    if (element.srcObject !== stream) element.srcObject = stream;
    const stop = keepPlaying(element, tell);
    return () => {
      stop();
      element.srcObject = null;
      // A small window over other programs would go on showing what is covered here.
      if (document.pictureInPictureElement === element) {
        document.exitPictureInPicture().catch(() => {});
      }
    };
  }, [stream, muted]);
  useLayoutEffect(() => {
    const element = video.current;
    // Absent where the page may not choose: Safari on phones.
    if (element === null || muted || !('setSinkId' in element)) return;
    // Rejects where the speaker went away meanwhile; the system's own plays on.
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
