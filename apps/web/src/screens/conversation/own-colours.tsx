import { useEffect, useRef } from 'preact/hooks';
import { drawSmall } from '../../call/cover.ts';
import { COVER_EVERY_MS } from '../../call/limits.ts';

/**
 * Fills the space around the user's own large picture with the picture's colours. The cover does
 * the same around the stranger's picture.
 */
export function OwnColours({
  tile,
  mirrored,
}: {
  tile: { current: HTMLElement | null };
  mirrored: boolean;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const draw = (): void => {
      const video = tile.current?.querySelector('video') ?? null;
      if (video !== null && canvas.current !== null) drawSmall(video, canvas.current);
    };
    draw();
    const timer = setInterval(draw, COVER_EVERY_MS);
    return () => clearInterval(timer);
  }, [tile]);
  return (
    <canvas
      ref={canvas}
      class={mirrored ? 'cover around mirror' : 'cover around'}
      width={16}
      height={12}
      aria-hidden="true"
    />
  );
}
