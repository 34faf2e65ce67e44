import type { BrowserContext, Page } from '@playwright/test';
import { markerWorker } from './marker-worker.ts';

/** Where the page fetches the worker of its shield. */
const WORKER = /\/assets\/shield-worker-[\w-]+\.js$/;

/**
 * Which classifier a person's page gets. `marker`: the tests' own, which reads a coloured marker;
 * `real`: the one that ships; `blocked`: its file does not come; `throws`: it breaks as it starts;
 * `slow`: the marker's, three seconds late; `paced`: the marker's, as late as the one that ships is
 * on a slow core.
 */
export type StoryClassifier = 'marker' | 'real' | 'blocked' | 'throws' | 'slow' | 'paced';

/** How long each look of the marker's takes, beside reading it. */
const LATE_MS = { marker: 0, slow: 3_000, paced: 110 } as const;

/** Puts a classifier in the place of the page's own, under the headers of the page's server. */
export async function useClassifier(
  context: BrowserContext,
  classifier: StoryClassifier,
): Promise<void> {
  if (classifier === 'real') return;
  // The server says the same to every request; asking it again from here may not even be possible.
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

/** A slow classifier of that page is a fast one from now on. */
export async function hurryClassifier(page: Page): Promise<void> {
  const worker = page.workers().find((candidate) => WORKER.test(candidate.url()));
  if (worker === undefined) throw new Error('the page has no classifier');
  await worker.evaluate(() => (Reflect.get(globalThis, 'answerAtOnce') as () => void)());
}

/** The text of the worker that stands in for the page's own. */
export function workerBody(classifier: Exclude<StoryClassifier, 'real' | 'blocked'>): string {
  if (classifier === 'throws') return 'throw new Error("this worker always throws");';
  return `(${markerWorker.toString()})(${LATE_MS[classifier]});`;
}
