let last: { readonly control: Element; readonly box: HTMLElement | null } | null = null;

/**
 * Moves a lost focus to `data-takes-focus="screen"`, or to the screen's heading.
 * @param leaving an element about to be removed: focus inside it counts as lost
 */
export function landFocus(leaving?: Element): void {
  if (!isFree(leaving)) return;
  // The user may still be typing; keys must not press a control that appeared under the focus.
  const isTyping = last?.control.isConnected === false && last.control.matches('textarea, input');
  const place = isTyping ? document.querySelector('h1') : landingIn(document, 'screen');
  place?.focus({ preventScroll: true });
}

/**
 * Restores the focus when a focused control disappears, as "Show video" does; a browser would
 * restart at the top of the document. Inside `data-keeps-focus` it moves to
 * `data-takes-focus="box"`, the heading, or the box.
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
    // Set late, so that a press on a picture doesn't focus it.
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
