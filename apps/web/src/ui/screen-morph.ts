let running: ViewTransition | null = null;

/**
 * Applies a change of the screen in a view transition, in which the user's own picture moves to
 * its new place.
 * @param isStill whether the user wants no motion; the change then applies at once
 */
export function morph(change: () => void, isStill: boolean): void {
  if (isStill || document.hidden || !('startViewTransition' in document)) {
    change();
    return;
  }
  const transition = document.startViewTransition(async () => {
    change();
    await rendered();
  });
  running = transition;
  // Both promises reject if the transition is skipped.
  transition.ready.catch(() => {});
  transition.finished
    .catch(() => {})
    .finally(() => {
      if (running === transition) running = null;
    });
}

/** Ends a running transition at once, so that it never delays or hides a picture's cover. */
export function skipMorph(): void {
  running?.skipTransition();
}

/** Preact renders in a microtask, so the next task finds the new screen. */
function rendered(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
