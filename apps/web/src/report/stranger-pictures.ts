import type { Clock } from '@farandole/kernel/clock';
import type { Result } from '@farandole/kernel/result';
import {
  PICTURE_BYTES_MAX,
  PICTURE_SIDE_MAX,
  REPORT_PICTURES_BYTES_MAX,
} from '@farandole/protocol/limits';
import {
  packPictures,
  type ReportPicture,
  withoutMetadata,
} from '@farandole/protocol/report-pictures';
import type { Viewer } from '../call/rtc-handler.ts';
import type { ApiFault, Scheduler } from '../signal/ports.ts';
import { PICTURE_EVERY_MS, PICTURES_TRIED_AGAIN_AFTER_MS, PICTURES_TRIES_MAX } from './limits.ts';
import { PictureRing, type Pixels, type TakenPicture } from './picture-ring.ts';

export interface StrangerPicturesPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Whether the peer's page says that the peer's camera is on. */
  readonly isThere: () => boolean;
  /** Encodes a picture as JPEG. Resolves with null if the browser can't encode it. */
  readonly encode: (pixels: Pixels) => Promise<Uint8Array<ArrayBuffer> | null>;
  readonly upload: (
    token: string,
    body: Uint8Array<ArrayBuffer>,
  ) => Promise<Result<true, ApiFault>>;
}

/**
 * Keeps pictures of the peer's last seconds of video in memory, if the operator enabled this,
 * and uploads those that a report attaches. Writes nothing to this device.
 */
export class StrangerPictures {
  readonly #ports: StrangerPicturesPorts;
  readonly #ring = new PictureRing();
  #viewer: Viewer | null = null;
  #cancel: (() => void) | null = null;

  constructor(ports: StrangerPicturesPorts) {
    this.#ports = ports;
  }

  begin(viewer: Viewer): void {
    this.end();
    this.#viewer = viewer;
    this.#sampleAgain();
  }

  end(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#viewer = null;
    this.#ring.clear();
  }

  /** Returns the pictures for a report that the user makes now. */
  take(): readonly TakenPicture[] {
    return this.#ring.take(this.#ports.clock.monotonicMs());
  }

  /**
   * Uploads the pictures of an accepted report.
   * @returns whether the server has stored the pictures
   */
  async send(token: string, pictures: readonly TakenPicture[]): Promise<boolean> {
    const encoded = await this.#encode(pictures);
    if (encoded.length === 0) return false;
    const body = packPictures(encoded);
    for (let tries = 1; ; tries++) {
      const sent = await this.#ports.upload(token, body);
      if (sent.ok) return true;
      if (sent.reason === 'refused' || tries >= PICTURES_TRIES_MAX) return false;
      await this.#pause();
    }
  }

  #sampleAgain(): void {
    const { clock, scheduler, isThere } = this.#ports;
    const pixels = isThere() ? (this.#viewer?.picture(PICTURE_SIDE_MAX) ?? null) : null;
    if (pixels !== null) this.#ring.add(pixels, clock.monotonicMs());
    this.#cancel = scheduler.after(PICTURE_EVERY_MS, () => this.#sampleAgain());
  }

  /** Encodes as many pictures as fit into one upload, newest first. */
  async #encode(pictures: readonly TakenPicture[]): Promise<readonly ReportPicture[]> {
    const encoded: ReportPicture[] = [];
    let byteLength = 0;
    for (const { agoMs, pixels } of pictures.toReversed()) {
      const jpeg = await this.#ports.encode(pixels).catch(() => null);
      const bytes = jpeg === null ? null : withoutMetadata(jpeg);
      if (bytes === null || bytes.length > PICTURE_BYTES_MAX) continue;
      if (byteLength + bytes.length > REPORT_PICTURES_BYTES_MAX) break;
      byteLength += bytes.length;
      encoded.unshift({ agoMs: Math.round(agoMs), bytes });
    }
    return encoded;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#ports.scheduler.after(PICTURES_TRIED_AGAIN_AFTER_MS, resolve);
    });
  }
}

/** JPEG quality at which a picture takes a few thousand bytes and people stay recognizable. */
const QUALITY = 0.7;

/** Encodes the pixels as a new JPEG, so that the file contains no other data. */
export async function drawJpeg({
  width,
  height,
  data,
}: Pixels): Promise<Uint8Array<ArrayBuffer> | null> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/jpeg', QUALITY);
  });
  return blob === null ? null : new Uint8Array(await blob.arrayBuffer());
}
