/** What had the focus last, and the box that keeps it. */
let last: { readonly control: Element; readonly box: HTMLElement | null } | null = null;

/**
 * Gives the focus to where a reader goes on, if nothing on the screen has it: to what the screen
 * marks for it by `data-takes-focus="screen"`, or to its heading.
 *
 * @param leaving what goes away in this moment: the focus in it is nowhere
 */
export function landFocus(leaving?: Element): void {
  if (!isFree(leaving)) return;
  // Whoever wrote in a box that is gone may still be typing, and would press what they never saw.
  const isTyping = last?.control.isConnected === false && last.control.matches('textarea, input');
  const place = isTyping ? document.querySelector('h1') : landingIn(document, 'screen');
  place?.focus({ preventScroll: true });
}

/**
 * Follows the focus for as long as the page lives. A control that had it often goes by its own
 * press, as "Show video" does, and a browser then begins again at the top of the document. Within
 * `data-keeps-focus` it goes on instead, to what has `data-takes-focus="box"`, to the heading there,
 * or to the box itself.
 */
export function keepFocus(): void {
  document.addEventListener('focusin', ({ target: control }) => {
    last =
      control instanceof Element ? { control, box: control.closest('[data-keeps-focus]') } : null;
  });
  new MutationObserver(() => {
    if (last === null || last.control.isConnected || !isFree()) return;
    const { box } = last;
    if (box?.isConnected !== true) return;
    const place = landingIn(box, 'box') ?? box;
    // Only now, so that a press on a picture does not give it the focus.
    if (place === box) box.tabIndex = -1;
    place.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true });
}

function isFree(leaving?: Element): boolean {
  const focused = document.activeElement;
  return focused === null || focused === document.body || leaving?.contains(focused) === true;
}

function landingIn(place: ParentNode, what: 'screen' | 'box'): HTMLElement | null {
  return (
    place.querySelector<HTMLElement>(`[data-takes-focus=${what}]`) ?? place.querySelector('h1')
  );
}
