/** The bars of a browser come and go by less, a keyboard by more. */
const KEYBOARD_MIN_PX = 150;

/** As much a keyboard leaves of a window that it makes lower. */
const LOWERED_MAX_PX = 512;

/** So little is left of a small phone: there is room for what one writes with, and no more. */
const LOW_MAX_PX = 384;

/** What can be known of a keyboard, in CSS pixels. */
export interface KeyboardSigns {
  readonly windowHeight: number;
  /** Of the window, what is not covered. */
  readonly seenHeight: number;
  /** How far somebody has zoomed in by two fingers, which shows less of the page too. */
  readonly scale: number;
  /** Whether the focus is where one writes to the stranger. */
  readonly writing: boolean;
}

/**
 * Whether the keyboard of a phone is open. That of an iPhone lies over a window that stays as it was;
 * elsewhere the window gets lower, as the page asks for, and is then as low as one that somebody has
 * zoomed into at a desk, but for the box that has the focus.
 */
export function keyboardOf({ windowHeight, seenHeight, scale, writing }: KeyboardSigns): {
  readonly open: boolean;
  /** It leaves little, whichever it is. */
  readonly low: boolean;
} {
  const covers = windowHeight - seenHeight >= KEYBOARD_MIN_PX;
  const open = scale === 1 && (covers || (writing && seenHeight <= LOWERED_MAX_PX));
  return { open, low: open && seenHeight <= LOW_MAX_PX };
}

/**
 * While a keyboard is open that no media query can tell, `<html>` has the class `keyboard`, the height
 * that is left as `--seen`, and where that begins as `--seen-from`; and the class `low` where that
 * height is little.
 *
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
      // The box, or a button that sends what is in it: it stays where it is while it is pressed.
      writing: writesIn !== null,
    });
    root.classList.toggle('keyboard', open);
    root.classList.toggle('low', low);
    root.style.setProperty('--seen', `${seen.height}px`);
    root.style.setProperty('--seen-from', `${seen.offsetTop}px`);
    // What is asked above it may have taken its place.
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
