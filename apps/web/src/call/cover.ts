import type { Pixels } from '../report/picture-ring.ts';
import { canBeSeenWhole, type Part, squareOf } from '../shield/sampling.ts';
import { COVER_EVERY_MS, COVER_PIXELS } from './limits.ts';
import type { OpenViewer, Viewer } from './rtc-handler.ts';

export const openViewer: OpenViewer = (firstFrame) => new DetachedViewer(firstFrame);

/**
 * Decodes a picture in a detached, muted `<video>`, which the user doesn't see, and provides its
 * frames to the cover and the shield. The cover that the user sees is a canvas only `COVER_PIXELS`
 * wide.
 */
class DetachedViewer implements Viewer {
  readonly #video: HTMLVideoElement;
  #canvas: HTMLCanvasElement | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(firstFrame: () => void) {
    this.#video = document.createElement('video');
    this.#video.muted = true;
    this.#video.playsInline = true;
    whenFirstFrame(this.#video, () => {
      firstFrame();
      this.#draw();
    });
  }

  watch(track: MediaStreamTrack): void {
    if (track.kind !== 'video') return;
    this.#video.srcObject = new MediaStream([track]);
    this.#play();
  }

  drawTo(canvas: HTMLCanvasElement | null): void {
    this.#canvas = canvas;
    if (canvas === null) {
      this.#stopDrawing();
      return;
    }
    this.#timer ??= setInterval(() => this.#draw(), COVER_EVERY_MS);
    this.#draw();
  }

  async sample(part: Part): Promise<ImageBitmap | null> {
    const { videoWidth, videoHeight, readyState, paused } = this.#video;
    // A paused video keeps its last frame, so the shield could check an old frame while the track
    // already shows something else.
    if (paused) {
      this.#play();
      return null;
    }
    if (readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    if (!canBeSeenWhole(videoWidth, videoHeight)) return null;
    const { x, y, side } = squareOf(videoWidth, videoHeight, part);
    return await createImageBitmap(this.#video, x, y, side, side);
  }

  picture(sideMax: number): Pixels | null {
    const { videoWidth, videoHeight, readyState, paused } = this.#video;
    if (paused || readyState < HTMLMediaElement.HAVE_CURRENT_DATA || videoWidth === 0) return null;
    const scale = sideMax / Math.max(videoWidth, videoHeight);
    const width = Math.max(1, Math.round(videoWidth * scale));
    const height = Math.max(1, Math.round(videoHeight * scale));
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context?.drawImage(this.#video, 0, 0, width, height);
    return context?.getImageData(0, 0, width, height) ?? null;
  }

  close(): void {
    this.#stopDrawing();
    this.#canvas = null;
    this.#video.srcObject = null;
  }

  #play(): void {
    this.#video.play().catch(() => {});
  }

  #stopDrawing(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #draw(): void {
    if (this.#canvas !== null) drawSmall(this.#video, this.#canvas);
  }
}

/** Draws the current video frame, `COVER_PIXELS` wide. Does nothing before the first frame. */
export function drawSmall(video: HTMLVideoElement, canvas: HTMLCanvasElement): void {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0) return;
  const height = Math.max(1, Math.round((COVER_PIXELS * videoHeight) / videoWidth));
  if (canvas.width !== COVER_PIXELS) canvas.width = COVER_PIXELS;
  if (canvas.height !== height) canvas.height = height;
  canvas.getContext('2d')?.drawImage(video, 0, 0, COVER_PIXELS, height);
}

/** Calls `seen` once, when the video presents its first frame. */
function whenFirstFrame(video: HTMLVideoElement, seen: () => void): void {
  if ('requestVideoFrameCallback' in video) {
    video.requestVideoFrameCallback(() => seen());
    return;
  }
  // The cast is needed because TypeScript's types assume `requestVideoFrameCallback` in every
  // browser.
  (video as HTMLMediaElement).addEventListener('loadeddata', () => seen(), { once: true });
}
