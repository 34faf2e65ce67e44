import type { Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { isAtEdge, type Spot } from './self-place.ts';

/** Distance in CSS pixels after which a drag over the chat opens or closes it. */
const DRAG_PX = 32;

/** Opens all lines by a drag upwards over the chat, and closes them by a drag down at its head. */
export function useDragUp(chat: RefObject<HTMLElement | null>, open: Signal<boolean>): void {
  useEffect(() => {
    const element = chat.current;
    if (element === null) return;
    const listening = new AbortController();
    let from: Spot | null = null;
    element.addEventListener(
      'pointerdown',
      ({ clientX: x, clientY: y, pointerType, target }) => {
        from = null;
        if (pointerType !== 'touch' || isAtEdge({ x, y }, innerWidth, innerHeight)) return;
        // An open log scrolls, so only the head closes it.
        const isHead = target instanceof Element && target.closest('.chat-head') !== null;
        if (!open.peek() || isHead) from = { x, y };
      },
      { signal: listening.signal },
    );
    element.addEventListener(
      'pointermove',
      ({ clientX, clientY }) => {
        if (from === null) return;
        const up = from.y - clientY;
        if (Math.abs(up) < DRAG_PX || Math.abs(clientX - from.x) > Math.abs(up)) return;
        from = null;
        open.value = up > 0;
      },
      { signal: listening.signal },
    );
    return () => listening.abort();
  }, [chat, open]);
}
