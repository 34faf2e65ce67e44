/**
 * Time in ms for which a press shows at least, because a quick tap or the key Enter would show it
 * for less than a frame.
 */
const SHOWS_MS = 160;

const CONTROLS = 'button, summary, a.btn, a.door, [role=button]';

/** The control that the user pressed in the current event, or null. */
let inThisEvent: Element | null = null;

/**
 * Marks each control with `data-pressed` from the start of a press on, for which style sheets have
 * rules. `:active` alone misses the keyboard, quick taps, and Safari on iOS.
 */
export function showPresses(where: Document = document): void {
  const timers = new WeakMap<Element, ReturnType<typeof setTimeout>>();
  const show = (control: Element): void => {
    control.setAttribute('data-pressed', '');
    // The time begins with the next frame, so that a busy page draws the mark at least once.
    requestAnimationFrame(() => {
      clearTimeout(timers.get(control));
      timers.set(
        control,
        setTimeout(() => control.removeAttribute('data-pressed'), SHOWS_MS),
      );
    });
  };
  where.addEventListener(
    'pointerdown',
    ({ target }) => {
      const control = controlOf(target);
      if (control !== null) show(control);
    },
    { capture: true, passive: true },
  );
  where.addEventListener(
    'click',
    ({ target }) => {
      const control = controlOf(target);
      if (control === null) return;
      show(control);
      inThisEvent = control;
      // The event's handlers, and the page's drawing that follows them, run before the timer.
      setTimeout(() => {
        if (inThisEvent === control) inThisEvent = null;
      }, 0);
    },
    { capture: true },
  );
}

/**
 * Shows the pressed control as busy until the work settles, if the press began this work. Returns
 * the work, whose failure the caller handles.
 */
export function busyWhile<T>(work: Promise<T>): Promise<T> {
  const control = inThisEvent;
  if (control === null || control.hasAttribute('aria-busy')) return work;
  control.setAttribute('aria-busy', 'true');
  const end = (): void => control.removeAttribute('aria-busy');
  work.then(end, end);
  return work;
}

function controlOf(target: EventTarget | null): Element | null {
  return target instanceof Element ? target.closest(CONTROLS) : null;
}
