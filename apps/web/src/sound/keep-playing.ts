export interface LiveVideo extends EventTarget {
  readonly paused: boolean;
  readonly ended: boolean;
  readonly ownerDocument: EventTarget & { readonly hidden: boolean };
  play(): Promise<void>;
}

/** Tells whether the browser requires a press. */
export type Refused = (isRefused: boolean) => void;

/** A pause this soon after playing is intended and isn't undone. */
const PAUSED_AGAIN_MS = 1_000;

export function play(video: LiveVideo, refused: Refused): void {
  video.play().then(
    () => refused(false),
    // An interrupted start is retried; only a refusal needs the user.
    (error: unknown) => refused(error instanceof DOMException && error.name === 'NotAllowedError'),
  );
}

/**
 * Plays a live stream, and resumes it after the system paused it, as phones do for calls: at once
 * if visible, else on return.
 * @returns a function that stops it
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
