/**
 * An open keyboard changes the window's height by at least this many CSS pixels. The browser's own
 * bars change it by less.
 */
const KEYBOARD_MIN_PX = 150;

/** A window that is higher than this, in CSS pixels, was not made smaller by a keyboard. */
const LOWERED_MAX_PX = 512;

/** If at most this height remains above the keyboard, in CSS pixels, only the message box fits. */
const LOW_MAX_PX = 384;

export interface KeyboardSigns {
  readonly windowHeight: number;
  /** Height of the visible part of the window, in CSS pixels. */
  readonly seenHeight: number;
  /** Scale of a pinch zoom. Zooming in also makes the visible part of the window smaller. */
  readonly scale: number;
  /** Whether the focus is in the message box of the chat. */
  readonly writing: boolean;
}

/**
 * Detects an open keyboard on a phone. On an iPhone the keyboard covers part of the window.
 * Elsewhere the keyboard makes the window smaller. Zooming on a desktop does so too, so a small
 * window counts as a keyboard only if the message box has the focus.
 */
export function keyboardOf({ windowHeight, seenHeight, scale, writing }: KeyboardSigns): {
  readonly open: boolean;
  readonly low: boolean;
} {
  const covers = windowHeight - seenHeight >= KEYBOARD_MIN_PX;
  const open = scale === 1 && (covers || (writing && seenHeight <= LOWERED_MAX_PX));
  return { open, low: open && seenHeight <= LOW_MAX_PX };
}

/**
 * Marks an open keyboard on `<html>`, because media queries can't detect it. Sets the class
 * `keyboard`, the properties `--seen` and `--seen-from` (height and top of the visible part), and
 * the class `low` if little height is left.
 * @returns a function that stops this
 */
export function followKeyboard(): () => void {
  const root = document.documentElement;
  const seen = window.visualViewport;
  const stop = new AbortController();
  let wasLow = false;
  const follow = (): void => {
    if (seen === null) return;
    const writesIn = document.activeElement?.closest('.compose') ?? null;
    const { open, low } = keyboardOf({
      windowHeight: root.clientHeight,
      seenHeight: seen.height,
      scale: seen.scale,
      // The focus on the send button counts as writing too, because the button must not move while
      // it is pressed.
      writing: writesIn !== null,
    });
    root.classList.toggle('keyboard', open);
    root.classList.toggle('low', low);
    root.style.setProperty('--seen', `${seen.height}px`);
    root.style.setProperty('--seen-from', `${seen.offsetTop}px`);
    // When a keyboard opens, a question above the message box may have moved the box out of view,
    // so the box is scrolled back.
    if (low && !wasLow) writesIn?.scrollIntoView({ block: 'nearest' });
    wasLow = low;
  };
  for (const change of ['resize', 'scroll']) {
    seen?.addEventListener(change, follow, { signal: stop.signal });
  }
  for (const change of ['focusin', 'focusout']) {
    document.addEventListener(change, follow, { signal: stop.signal });
  }
  return () => {
    stop.abort();
    root.classList.remove('keyboard', 'low');
  };
}
