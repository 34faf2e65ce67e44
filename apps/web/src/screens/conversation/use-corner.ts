import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Corner } from '../../state/preferences-model.ts';
import { cornerAfter, cornerNear, DRAG_FROM_PX, isAtEdge } from './self-place.ts';

/**
 * Lets the user drag a picture into another corner. The picture follows the finger or mouse and
 * moves to the nearest corner when released. A drag that starts on a button also works; the click
 * after the drag is ignored.
 * @param moved called with the new corner
 */
export function useCorner(
  picture: RefObject<HTMLElement | null>,
  moved: (corner: Corner) => void,
): void {
  useEffect(() => {
    const element = picture.current;
    if (element === null) return;
    const listening = new AbortController();
    const { signal } = listening;
    let from: { x: number; y: number; pointer: number } | null = null;
    let drags = false;
    const end = (): void => {
      from = null;
      element.classList.remove('dragged');
      element.style.removeProperty('translate');
    };
    element.addEventListener(
      'pointerdown',
      ({ clientX: x, clientY: y, pointerId: pointer, isPrimary, button }) => {
        drags = false;
        if (!isPrimary || button !== 0 || isAtEdge({ x, y }, innerWidth, innerHeight)) return;
        if (element.matches('.talk.swapped .me')) return;
        from = { x, y, pointer };
      },
      { signal },
    );
    // A fast mouse leaves the picture before the first movement is seen, so the whole page is heard.
    document.addEventListener(
      'pointermove',
      ({ clientX, clientY, pointerId }) => {
        if (from?.pointer !== pointerId) return;
        const [x, y] = [clientX - from.x, clientY - from.y];
        if (!drags && Math.hypot(x, y) < DRAG_FROM_PX) return;
        drags = true;
        element.classList.add('dragged');
        element.style.setProperty('translate', `${x}px ${y}px`);
      },
      { signal },
    );
    document.addEventListener(
      'pointerup',
      ({ pointerId }) => {
        if (from?.pointer !== pointerId) return;
        if (drags) moved(cornerUnder(element));
        end();
      },
      { signal },
    );
    document.addEventListener('pointercancel', end, { signal });
    element.addEventListener(
      'click',
      (event) => {
        if (!drags) return;
        drags = false;
        event.preventDefault();
        event.stopPropagation();
      },
      { capture: true, signal },
    );
    return () => listening.abort();
  }, [picture, moved]);
}

/** Returns the corner in which a picture is, also while the styles choose the corner. */
function cornerUnder(element: HTMLElement): Corner {
  const { left, top, width, height } = element.getBoundingClientRect();
  const tile = element.closest('.talk')?.querySelector('.tile.them, .tile.search');
  const field = tile?.getBoundingClientRect() ?? new DOMRect(0, 0, innerWidth, innerHeight);
  const isRtl = element.matches(':dir(rtl)');
  return cornerNear({ x: left + width / 2, y: top + height / 2 }, field, isRtl);
}

export function nextCornerOf(element: HTMLElement): Corner {
  return cornerAfter(cornerUnder(element));
}
