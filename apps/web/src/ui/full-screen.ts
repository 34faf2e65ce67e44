/** False where the browser forbids it, as on most iPhones. */
export function canFillScreen(): boolean {
  return document.fullscreenEnabled;
}

/** Needs a user gesture. */
export function toggleFullScreen(): void {
  const done =
    document.fullscreenElement === null
      ? document.documentElement.requestFullscreen()
      : document.exitFullscreen();
  // Refused by the system or a setting.
  done.catch(() => {});
}
