/** What of a `<video>` is needed here. */
export interface LiveVideo extends EventTarget {
  readonly paused: boolean;
  readonly ended: boolean;
  readonly ownerDocument: EventTarget & { readonly hidden: boolean };
  play(): Promise<void>;
}

/** Told whether the browser plays it only by a press. */
export type Refused = (isRefused: boolean) => void;

/** Whoever pauses it again so soon means it: it is not fought over. */
const PAUSED_AGAIN_MS = 1_000;

/** Plays it now. */
export function play(video: LiveVideo, refused: Refused): void {
  video.play().then(
    () => refused(false),
    // An interrupted start is followed by another one; only a refusal needs a person.
    (error: unknown) => refused(error instanceof DOMException && error.name === 'NotAllowedError'),
  );
}

/**
 * Plays a live stream, and plays it again when the system has paused it, as phones do for a call or
 * another program: at once where the page is in sight, else on return.
 *
 * @returns a function that ends it
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
