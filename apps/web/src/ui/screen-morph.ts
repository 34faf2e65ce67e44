import { options } from 'preact';

let running: ViewTransition | null = null;
/** What Preact will draw once the old screen is captured. It is null if no capture is pending. */
let held: (() => void)[] | null = null;

/**
 * Applies a change of the screen at once and draws it in a view transition, in which the user's own
 * picture moves to its new place. Only drawing waits until the browser has captured the old screen.
 * @param isStill whether the user wants no motion; there is no transition then
 */
export function morph(change: () => void, isStill: boolean): void {
  if (isStill || document.hidden || !('startViewTransition' in document)) {
    change();
    return;
  }
  const draw = holdDrawing();
  const transition = document.startViewTransition(draw);
  running = transition;
  // Both promises reject if the transition is skipped.
  transition.ready.catch(() => {});
  transition.finished
    .catch(() => {})
    .finally(() => {
      if (running === transition) running = null;
    });
  change();
}

/**
 * Ends a running transition at once, because capturing and animating the screen would delay a
 * stranger's first picture and its cover.
 */
export function skipMorph(): void {
  running?.skipTransition();
}

/**
 * Makes Preact draw nothing until the returned function runs, which the browser calls even if the
 * transition is skipped.
 */
function holdDrawing(): () => void {
  const waiting: (() => void)[] = [];
  held = waiting;
  options.debounceRendering = drawLater;
  return () => {
    if (held === waiting) held = null;
    for (const draw of waiting) draw();
  };
}

function drawLater(draw: () => void): void {
  if (held === null) queueMicrotask(draw);
  else held.push(draw);
}
