import type { BrowserContext, Page } from '@playwright/test';
import { markerWorker } from './marker-worker.ts';

const WORKER = /\/assets\/shield-worker-[\w-]+\.js$/;

/**
 * The classifier that a story uses. `marker` is the test classifier. `real` is the shipped model.
 * `blocked` is a model whose file doesn't load. `throws` fails at start. `slow` is the test
 * classifier, three seconds late. `paced` is the test classifier, as late as the real model on a
 * slow core.
 */
export type StoryClassifier = 'marker' | 'real' | 'blocked' | 'throws' | 'slow' | 'paced';

const LATE_MS = { marker: 0, slow: 3_000, paced: 110 } as const;

/** Replaces the page's classifier. The response keeps the server's headers. */
export async function useClassifier(
  context: BrowserContext,
  classifier: StoryClassifier,
): Promise<void> {
  if (classifier === 'real') return;
  // The headers are remembered, because they are the same for every request and the server may be
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
