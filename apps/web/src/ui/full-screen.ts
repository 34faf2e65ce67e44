/** False where the browser keeps pages out of it, as on most phones by Apple. */
export function canFillScreen(): boolean {
  return document.fullscreenEnabled;
}

/** The whole page fills the screen, or gives it back. Call from a press. */
export function toggleFullScreen(): void {
  const done =
    document.fullscreenElement === null
      ? document.documentElement.requestFullscreen()
      : document.exitFullscreen();
  // Refused by the system or by a setting: the page stays as large as it was.
  done.catch(() => {});
}
