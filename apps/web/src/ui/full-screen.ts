/** False if the browser forbids full screen, as on most iPhones. */
export function canFillScreen(): boolean {
  return document.fullscreenEnabled;
}

/** Enters or leaves full screen. Works only during a user gesture. */
export function toggleFullScreen(): void {
  const done =
    document.fullscreenElement === null
      ? document.documentElement.requestFullscreen()
      : document.exitFullscreen();
  // The system or a browser setting refused full screen.
  done.catch(() => {});
}
