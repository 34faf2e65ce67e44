import type { BrowserContext, Page } from '@playwright/test';

const WORKER = /\/assets\/shield-worker-[\w-]+\.js$/;

/**
 * The classifier that a story uses. `marker` is the test classifier. `real` is the shipped model.
 * `blocked` is a model whose file doesn't load. `throws` fails at start. `slow` is the test
 * classifier, three seconds late. `paced` is the test classifier, as late as the real model on a
 * slow core.
 */
export type StoryClassifier = 'marker' | 'real' | 'blocked' | 'throws' | 'slow' | 'paced';

const LATE_MS = { marker: 0, slow: 3_000, paced: 110 } as const;

/** Replaces the page's classifier. The response with the replacement keeps the server's headers. */
export async function useClassifier(
  context: BrowserContext,
  classifier: StoryClassifier,
): Promise<void> {
  if (classifier === 'real') return;
  // The CSP header is remembered, because it is the same in every response and the server may be
  // down later.
  let policy = '';
  context.on('response', (response) => {
    policy = response.headers()['content-security-policy'] ?? policy;
  });
  await context.route(WORKER, async (route) => {
    if (classifier === 'blocked') {
      await route.abort();
      return;
    }
    const headers = { 'content-security-policy': policy };
    await route.fulfill({ contentType: 'text/javascript', headers, body: workerBody(classifier) });
  });
}

export async function hurryClassifier(page: Page): Promise<void> {
  const worker = page.workers().find((candidate) => WORKER.test(candidate.url()));
  if (worker === undefined) throw new Error('the page has no classifier');
  await worker.evaluate(() => (Reflect.get(globalThis, 'answerAtOnce') as () => void)());
}

export function workerBody(classifier: Exclude<StoryClassifier, 'real' | 'blocked'>): string {
  if (classifier === 'throws') return 'throw new Error("this worker always throws");';
  return `(${markerWorker.toString()})(${LATE_MS[classifier]});`;
}

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
function markerWorker(lateMs: number): void {
  // Side length of the sampled picture in pixels. The marker is larger.
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
