import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/**
 * Follows the shape of the video inside an element and stores it in CSS properties of the element:
 * `--ratio` is width divided by height, `--side` is its square root. The styles size the picture by
 * them. A browser without a frame yet has no shape, so the styles have a default.
 */
export function useRatio(place: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const listening = new AbortController();
    const follow = ({ target }: Event): void => {
      if (!(target instanceof HTMLVideoElement) || target.videoWidth === 0) return;
      const ratio = target.videoWidth / target.videoHeight;
      element.style.setProperty('--ratio', ratio.toFixed(4));
      element.style.setProperty('--side', Math.sqrt(ratio).toFixed(4));
    };
    // These events don't bubble, so the listeners capture them. A phone that is turned changes the
    // shape of its picture during a call.
    for (const event of ['loadedmetadata', 'resize']) {
      element.addEventListener(event, follow, { capture: true, signal: listening.signal });
    }
    return () => listening.abort();
  }, [place]);
}
