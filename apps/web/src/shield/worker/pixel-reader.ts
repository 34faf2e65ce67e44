import { assertDefined } from '@farandole/kernel/assert';
import { type Pose, poseMatrix } from '../sampling.ts';

export class PixelReader {
  readonly #side: number;
  readonly #context: OffscreenCanvasRenderingContext2D;

  constructor(side: number) {
    this.#side = side;
    const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
    this.#context = assertDefined(context ?? undefined, 'this browser has no canvas in workers');
  }

  /**
   * Returns red, green and blue of each pixel from 0 to 1, row by row, with the picture in this
   * pose. Closes the picture.
   */
  read(frame: ImageBitmap, pose: Pose): Float32Array {
    const side = this.#side;
    this.#context.setTransform(...poseMatrix(pose, side));
    this.#context.drawImage(frame, 0, 0, side, side);
    frame.close();
    const { data } = this.#context.getImageData(0, 0, side, side);
    const pixels = new Float32Array(side * side * 3);
    for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
      pixels[to] = (data[from] ?? 0) / 255;
      pixels[to + 1] = (data[from + 1] ?? 0) / 255;
      pixels[to + 2] = (data[from + 2] ?? 0) / 255;
    }
    return pixels;
  }
}
