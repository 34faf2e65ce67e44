import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { isAtEdge } from './self-place.ts';
import { giveOf, isSwiped, NO_SWIPE, type Swipe, type SwipePoint, swipe } from './swipe.ts';

/**
 * A swipe on the tile works like a press of Next, but only with touch. It is disabled on phones
 * in landscape, because the tiles are next to each other there.
 */
export function useSwipe(tile: RefObject<HTMLElement | null>, swiped: () => void): void {
  useEffect(() => {
    const element = tile.current;
    if (element === null) return;
    const listening = new AbortController();
    const { signal } = listening;
    // Positions are measured relative to the conversation, because the tile moves with the finger.
    const still = element.closest<HTMLElement>('.talk') ?? element;
    let current: Swipe = NO_SWIPE;
    let finger: number | null = null;
    const become = (next: Swipe): void => {
      current = next;
      element.style.setProperty('--give', `${giveOf(next)}px`);
      element.classList.toggle('swiping', next.state === 'swiping');
      element.classList.toggle('swiped', isSwiped(next));
    };
    const end = (): void => {
      finger = null;
      become(NO_SWIPE);
    };
    const pointOf = ({ clientX, clientY, timeStamp }: PointerEvent): SwipePoint => {
      const { left, right } = still.getBoundingClientRect();
      const x = element.matches(':dir(rtl)') ? right - clientX : clientX - left;
      return { x, y: clientY, atMs: timeStamp };
    };
    element.addEventListener(
      'pointerdown',
      (event) => {
        if (event.pointerType !== 'touch' || !matchMedia('(orientation: portrait)').matches) return;
        if (finger !== null) {
          end();
          return;
        }
        finger = event.pointerId;
        const widthPx = still.clientWidth;
        const spot = { x: event.clientX, y: event.clientY };
        become(
          swipe(NO_SWIPE, {
            event: 'down',
            point: pointOf(event),
            widthPx,
            isAtEdge: isAtEdge(spot, innerWidth, innerHeight),
          }),
        );
      },
      { signal },
    );
    const follow = (event: PointerEvent): void => {
      if (event.pointerId === finger)
        become(swipe(current, { event: 'move', point: pointOf(event) }));
    };
    element.addEventListener('pointermove', follow, { signal });
    element.addEventListener(
      'pointerup',
      (event) => {
        follow(event);
        const counts = event.pointerId === finger && isSwiped(current);
        end();
        if (counts) swiped();
      },
      { signal },
    );
    element.addEventListener('pointercancel', end, { signal });
    return () => listening.abort();
  }, [tile, swiped]);
}
