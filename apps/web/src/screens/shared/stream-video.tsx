import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { keepPlaying, play } from '../../sound/keep-playing.ts';
import { useApp } from '../app-context.ts';

/** A live `<video>`. If the browser blocks sound, it asks for a press. */
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
    // Preact sets only the attribute; browsers obey the property.
    element.muted = muted;
    if (element.srcObject !== stream) element.srcObject = stream;
    const stop = keepPlaying(element, tell);
    return () => {
      stop();
      element.srcObject = null;
      // A picture-in-picture window would keep showing covered video.
      if (document.pictureInPictureElement === element) {
        document.exitPictureInPicture().catch(() => {});
      }
    };
  }, [stream, muted]);
  useLayoutEffect(() => {
    const element = video.current;
    // Missing where the page can't choose: Safari on phones.
    if (element === null || muted || !('setSinkId' in element)) return;
    // Rejects if the speaker is gone; the default plays on.
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
