let last: { readonly control: Element; readonly box: HTMLElement | null } | null = null;

/**
 * Moves the focus if it is lost: to the element with `data-takes-focus="screen"`, or to the
 * heading if there is none.
 * @param leaving an element that is about to be removed; if it contains the focus, the focus
 *   counts as lost
 */
export function landFocus(leaving?: Element): void {
  if (!isFree(leaving)) return;
  // If the removed control was a text field, the heading takes the focus. The user may still be
  // typing, and a key typed on a focused button would press the button.
  const isTyping = last?.control.isConnected === false && last.control.matches('textarea, input');
  const place = isTyping ? document.querySelector('h1') : landingIn(document, 'screen');
  place?.focus({ preventScroll: true });
}

/**
 * Sets the focus when the focused control disappears, because the browser would otherwise start
 * again at the top of the document. Inside a box with `data-keeps-focus` the focus moves to
 * `data-takes-focus="box"`, else to the heading, else to the box.
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
    // The box becomes focusable only when it takes the focus, so that a click on a picture in the
    // box doesn't focus the box.
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
