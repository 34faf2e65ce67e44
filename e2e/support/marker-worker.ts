interface FrameRequest {
  readonly ask: 'load' | 'classify';
  readonly id: number;
  readonly frame: ImageBitmap;
}

/**
 * The test classifier: a worker with the shield's protocol that treats magenta as explicit. Stories
 * replace the page's worker with its source text, so it can't reference outer names.
 * @param lateMs delay per answer, until `answerAtOnce` is called in the worker
 */
export function markerWorker(lateMs: number): void {
  // The sampled size; the marker is larger.
  const side = 48;
  let waitsMs = lateMs;
  Object.assign(globalThis, {
    answerAtOnce: () => {
      waitsMs = 0;
    },
  });
  const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
  addEventListener('message', ({ data }: MessageEvent<FrameRequest>) => {
    if (data.ask === 'load') {
      postMessage({ say: 'progress', share: 1 });
      postMessage({ say: 'ready' });
      return;
    }
    const { id, frame } = data;
    context?.drawImage(frame, 0, 0, side, side);
    frame.close();
    const pixels = context?.getImageData(0, 0, side, side).data ?? new Uint8ClampedArray();
    let magenta = 0;
    let luma = 0;
    for (let i = 0; i < pixels.length; i += 4) {
      const [red = 0, green = 0, blue = 0] = pixels.subarray(i, i + 3);
      if (red > 150 && blue > 150 && green < 110) magenta += 1;
      luma += 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    }
    const porn = magenta / (side * side) > 0.15 ? 0.96 : 0.02;
    const scores = { drawing: 0.01, hentai: 0.01, neutral: 0.98 - porn, porn, sexy: 0 };
    const sight = { scores, luma: luma / (side * side) };
    setTimeout(() => postMessage({ say: 'seen', id, sight }), waitsMs);
  });
}
