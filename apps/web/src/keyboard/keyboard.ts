/** Browser bars change the height by less, keyboards by more. */
const KEYBOARD_MIN_PX = 150;

/** Height left by a keyboard that shrinks the window. */
const LOWERED_MAX_PX = 512;

/** Height left on a small phone: room for the message box only. */
const LOW_MAX_PX = 384;

export interface KeyboardSigns {
  readonly windowHeight: number;
  /** Height of the visible part of the window. */
  readonly seenHeight: number;
  /** Pinch zoom, which also shows less of the page. */
  readonly scale: number;
  /** The focus is in the chat's message box. */
  readonly writing: boolean;
}

/**
 * Whether a phone's keyboard is open. On iPhones it overlays an unchanged window. Elsewhere the
 * window shrinks, as a zoomed desktop window would, so the focus decides.
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
 * Reflects an open keyboard on `<html>`, since media queries can't detect it: class `keyboard`,
 * `--seen` and `--seen-from` for the visible height and its top, class `low` where little is left.
 * @returns a function that stops it
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
      // The box or its send button, which must not move while it is pressed.
      writing: writesIn !== null,
    });
    root.classList.toggle('keyboard', open);
    root.classList.toggle('low', low);
    root.style.setProperty('--seen', `${seen.height}px`);
    root.style.setProperty('--seen-from', `${seen.offsetTop}px`);
    // A question above the box may have pushed it out of view.
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
