let last: { readonly control: Element; readonly box: HTMLElement | null } | null = null;

/**
 * If the focus is lost, moves it to the element with `data-takes-focus="screen"` or, without one,
 * to the heading.
 * @param leaving an element about to be removed; focus inside this element counts as lost
 */
export function landFocus(leaving?: Element): void {
  if (!isFree(leaving)) return;
  // If the removed control was a text field, the heading takes the focus, because the user may
  // still be typing and a key must not press a button.
  const isTyping = last?.control.isConnected === false && last.control.matches('textarea, input');
  const place = isTyping ? document.querySelector('h1') : landingIn(document, 'screen');
  place?.focus({ preventScroll: true });
}

/**
 * Moves the focus to a new place when the focused control disappears, because the browser would
 * restart at the top of the document. Inside `data-keeps-focus` the new place is
 * `data-takes-focus="box"`, else the heading, else the box.
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
    // The box gets its `tabIndex` only now, so that a click on a picture doesn't focus it.
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
