/**
 * Gives the focus to where a reader goes on, if nothing on the screen has it: to what the screen
 * marks for it by `data-takes-focus="screen"`, or to its heading.
 *
 * @param leaving what goes away in this moment: the focus in it is nowhere
 */
export function landFocus(leaving?: Element): void {
  if (isFree(leaving)) landingIn(document, 'screen')?.focus({ preventScroll: true });
}

/**
 * Follows the focus for as long as the page lives. A control that had it often goes by its own
 * press, as "Show video" does, and a browser then begins again at the top of the document. Within
 * `data-keeps-focus` it goes on instead, to what has `data-takes-focus="box"`, to the heading there,
 * or to the box itself.
 */
export function keepFocus(): void {
  let last: { readonly control: Element; readonly box: HTMLElement | null } | null = null;
  document.addEventListener('focusin', ({ target: control }) => {
    last =
      control instanceof Element ? { control, box: control.closest('[data-keeps-focus]') } : null;
  });
  new MutationObserver(() => {
    if (last === null || last.control.isConnected) return;
    const { box } = last;
    last = null;
    if (box?.isConnected !== true || !isFree()) return;
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
