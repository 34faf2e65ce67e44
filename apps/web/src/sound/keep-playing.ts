export interface LiveVideo extends EventTarget {
  readonly paused: boolean;
  readonly ended: boolean;
  readonly ownerDocument: EventTarget & { readonly hidden: boolean };
  play(): Promise<void>;
}

/** Called with whether the browser requires a press before it plays the stream. */
export type Refused = (isRefused: boolean) => void;

/**
 * A pause within this time in ms after playing began is intended by the user, so playing isn't
 * resumed.
 */
const PAUSED_AGAIN_MS = 1_000;

export function play(video: LiveVideo, refused: Refused): void {
  video.play().then(
    () => refused(false),
    // Only a refusal by the browser needs a press by the user. An interrupted start of playing is
    // repeated without a press.
    (error: unknown) => refused(error instanceof DOMException && error.name === 'NotAllowedError'),
  );
}

/**
 * Plays a live stream. The system may pause it, as phones do for a phone call. Playing then
 * resumes at once if the page is visible, otherwise when it is visible again.
 * @returns a function that stops this
 */
export function keepPlaying(video: LiveVideo, refused: Refused): () => void {
  const page = video.ownerDocument;
  let againAtMs = Number.NEGATIVE_INFINITY;
  const paused = ({ timeStamp }: Event): void => {
    if (page.hidden || video.ended) return;
    const isAgain = timeStamp - againAtMs < PAUSED_AGAIN_MS;
    againAtMs = timeStamp;
    if (isAgain) refused(true);
    else play(video, refused);
  };
  const returned = (): void => {
    if (!page.hidden && video.paused && !video.ended) play(video, refused);
  };
  video.addEventListener('pause', paused);
  page.addEventListener('visibilitychange', returned);
  play(video, refused);
  return () => {
    video.removeEventListener('pause', paused);
    page.removeEventListener('visibilitychange', returned);
  };
}
