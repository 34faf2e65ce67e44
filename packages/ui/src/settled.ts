const FRAMES_MAX = 300;

/**
 * Waits until a gallery screen is drawn, nothing moves, and its pictures and fonts are loaded.
 * @param beforeFrame called before each frame, to advance animations that depend on the caller
 */
export async function settled(root: HTMLElement, beforeFrame = (): void => {}): Promise<void> {
  let changes = 0;
  const observer = new MutationObserver((records) => {
    changes += records.length;
  });
  observer.observe(root, { subtree: true, childList: true, attributes: true });
  let quietFrames = 0;
  for (let frame = 0; frame < FRAMES_MAX && quietFrames < 2; frame += 1) {
    beforeFrame();
    await nextFrame();
    for (const animation of document.getAnimations()) standStill(animation);
    const waits = [...root.querySelectorAll('video')].some(
      (video) => video.srcObject !== null && video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA,
    );
    quietFrames = changes > 0 || waits || root.querySelector('h1') === null ? 0 : quietFrames + 1;
    changes = 0;
  }
  observer.disconnect();
  await document.fonts.ready;
}

/** Moves an animation to its end, or to its start if it never ends. */
function standStill(animation: Animation): void {
  if (animation.effect?.getComputedTiming().endTime === Infinity) {
    animation.pause();
    animation.currentTime = 0;
  } else {
    animation.finish();
  }
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()));
}
