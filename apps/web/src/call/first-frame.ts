/**
 * Calls `seen` once, when the video has presented its first frame: by
 * `requestVideoFrameCallback`, or, in a browser without it, when there is data to present.
 */
export function whenFirstFrame(video: HTMLVideoElement, seen: () => void): void {
  if ('requestVideoFrameCallback' in video) {
    video.requestVideoFrameCallback(() => seen());
    return;
  }
  // The compiler believes that every browser has it.
  (video as HTMLMediaElement).addEventListener('loadeddata', () => seen(), { once: true });
}
