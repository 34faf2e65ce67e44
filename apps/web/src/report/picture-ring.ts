import { PICTURE_AGO_MS_MAX, REPORT_PICTURES_MAX } from '@farandole/protocol/limits';
import { RING_PICTURES_MAX } from './limits.ts';

/** A small picture of the peer that the page keeps only in memory. */
export type Pixels = Pick<ImageData, 'width' | 'height' | 'data'>;

/** A picture of the peer and its age at the time of the report. */
export interface TakenPicture {
  readonly agoMs: number;
  readonly pixels: Pixels;
}

export class PictureRing {
  #taken: { readonly atMs: number; readonly pixels: Pixels }[] = [];

  get size(): number {
    return this.#taken.length;
  }

  add(pixels: Pixels, nowMs: number): void {
    this.#taken.push({ atMs: nowMs, pixels });
    this.#taken = this.#recent(nowMs).slice(-RING_PICTURES_MAX);
  }

  clear(): void {
    this.#taken = [];
  }

  /** Selects the pictures for a report: evenly spaced, oldest first, with the newest included. */
  take(nowMs: number): readonly TakenPicture[] {
    const recent = this.#recent(nowMs);
    const count = Math.min(recent.length, REPORT_PICTURES_MAX);
    const taken: TakenPicture[] = [];
    for (let place = 0; place < count; place++) {
      const one = recent[Math.ceil(((place + 1) * recent.length) / count) - 1];
      if (one !== undefined) taken.push({ agoMs: nowMs - one.atMs, pixels: one.pixels });
    }
    return taken;
  }

  #recent(nowMs: number) {
    return this.#taken.filter(({ atMs }) => nowMs - atMs <= PICTURE_AGO_MS_MAX);
  }
}
