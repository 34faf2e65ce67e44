import type { Viewer } from '../call/rtc-handler.ts';
import type { Pixels } from '../report/picture-ring.ts';
import type { Part } from '../shield/sampling.ts';
import type { FakeRtcNetwork } from './fake-rtc.ts';

/** A fake viewer that shows its first frame once media flows. */
export class FakeViewer implements Viewer {
  readonly #network: FakeRtcNetwork;
  readonly #firstFrame: () => void;
  #track: MediaStreamTrack | null = null;
  #seen = false;
  closed = false;
  canvas: HTMLCanvasElement | null = null;
  readonly samples: Part[] = [];
  pictures = 0;

  constructor(network: FakeRtcNetwork, firstFrame: () => void) {
    this.#network = network;
    this.#firstFrame = firstFrame;
    network.viewers.push(this);
  }

  watch(track: MediaStreamTrack): void {
    if (track.kind === 'video') this.#track = track;
    this.check();
  }

  drawTo(canvas: HTMLCanvasElement | null): void {
    this.canvas = canvas;
    if (canvas !== null) this.#network.drawCover(canvas);
  }

  sample(part: Part): Promise<ImageBitmap | null> {
    this.samples.push(part);
    if (this.closed || !this.#seen) return Promise.resolve(null);
    const { frames } = this.#network;
    const frame = { width: 480, height: 480, close: () => void frames.delete(frame) };
    frames.add(frame);
    return Promise.resolve(frame);
  }

  picture(sideMax: number): Pixels | null {
    if (this.closed || !this.#seen) return null;
    this.pictures += 1;
    return { width: sideMax, height: 1, data: new Uint8ClampedArray(4 * sideMax) };
  }

  close(): void {
    this.closed = true;
  }

  /** Reports a first frame although the viewer was closed. */
  fireLate(): void {
    this.#firstFrame();
  }

  check(): void {
    const track = this.#track;
    if (this.#seen || this.closed || track === null) return;
    const { connections } = this.#network;
    const source = connections.find(({ remoteStream }) => remoteStream.getTracks().includes(track));
    // A peer's track shows frames only over a connection. The user's own camera shows frames
    // without one.
    if (source !== undefined && !(this.#network.showsFrames && source.receives('video'))) return;
    this.#seen = true;
    this.#firstFrame();
  }
}
