import type { Pixels } from './picture-ring.ts';

/** Enough to see what is shown, in a few thousand bytes. */
const QUALITY = 0.7;

/** Draws a picture anew: what comes out holds what was drawn, and nothing of what it came from. */
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
