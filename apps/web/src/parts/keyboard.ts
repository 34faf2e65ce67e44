/** The bars of a browser come and go by less, a keyboard by more. */
const KEYBOARD_MIN_PX = 150;

/**
 * iOS lays its keyboard over the page, and neither the window nor any media query hears of it. While
 * it is open `<html>` has the class `keyboard`, the height that is left as `--seen`, and where that
 * begins as `--seen-from`. Elsewhere the window itself gets lower, as the page asks for.
 *
 * @returns a function that stops it
 */
export function followKeyboard(): () => void {
  const root = document.documentElement;
  const seen = window.visualViewport;
  const stop = new AbortController();
  const follow = (): void => {
    if (seen === null) return;
    // Who has zoomed in sees less of the page too.
    const isOpen = seen.scale === 1 && root.clientHeight - seen.height >= KEYBOARD_MIN_PX;
    root.classList.toggle('keyboard', isOpen);
    root.style.setProperty('--seen', `${seen.height}px`);
    root.style.setProperty('--seen-from', `${seen.offsetTop}px`);
  };
  for (const change of ['resize', 'scroll']) {
    seen?.addEventListener(change, follow, { signal: stop.signal });
  }
  return () => {
    stop.abort();
    root.classList.remove('keyboard');
  };
}
